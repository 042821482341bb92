/** The rows' indices by ascending value; equal values in the order of rows. */
export function ascending(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, row) => row).sort((a, b) => values[a]! - values[b]! || a - b);
}

/** The first place after `from` whose value is another. */
export function endOfTie(values: ArrayLike<number>, order: Uint32Array, from: number): number {
  const value = values[order[from]!];
  let to = from + 1;
  while (to < order.length && values[order[to]!] === value) to++;
  return to;
}
