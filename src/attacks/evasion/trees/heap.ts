/** Items by their keys, the least first. */
export interface Heap<T> {
  push(item: T): void;
  pop(): T | undefined;
}

export function heapOf<T>(key: (item: T) => number): Heap<T> {
  const items: T[] = [];
  const before = (a: number, b: number) => key(items[a]!) < key(items[b]!);
  const swap = (a: number, b: number) => {
    [items[a], items[b]] = [items[b]!, items[a]!];
  };
  return {
    push(item) {
      let at = items.push(item) - 1;
      for (let up = (at - 1) >> 1; at > 0 && before(at, up); up = (at - 1) >> 1) {
        swap(at, up);
        at = up;
      }
    },
    pop() {
      const last = items.length - 1;
      if (last < 0) return undefined;
      swap(0, last);
      const top = items.pop();
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const least = right < last && before(right, left) ? right : left;
        if (least >= last || !before(least, at)) return top;
        swap(at, least);
        at = least;
      }
    },
  };
}
