/** The rows' indices by ascending value; equal values in the order of rows. */
export function ascending(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, row) => row).sort((a, b) => values[a]! - values[b]! || a - b);
}

/** 1-based ranks; equal values share the middle of theirs. */
export function midranks(values: ArrayLike<number>): Float64Array {
  const order = ascending(values);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    const to = endOfTie(values, order, from);
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** The first place after `from` whose value is another. */
export function endOfTie(values: ArrayLike<number>, order: Uint32Array, from: number): number {
  const value = values[order[from]!];
  let to = from + 1;
  while (to < order.length && values[order[to]!] === value) to++;
  return to;
}
