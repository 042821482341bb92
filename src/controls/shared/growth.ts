/**
 * How many times as many rows would decide, if every estimate stays as it is: the smallest factor from 1 for which `decides` holds, to about 3 %; null when none up to `most` does,
 * because the estimate lies too close to the limit.
 */
export function growthNeeded(decides: (factor: number) => boolean, most = 10_000): number | null {
  let beyond = 1;
  while (!decides(beyond)) {
    if (beyond >= most) return null;
    beyond = Math.min(most, beyond * 2);
  }
  let below = beyond / 2;
  while (beyond / below > 1.03) {
    const middle = Math.sqrt(below * beyond);
    if (decides(middle)) beyond = middle;
    else below = middle;
  }
  return Math.max(1, beyond);
}

/** Rounded up to two digits: `about 4,100`. */
export function roughly(rows: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rows))) - 1);
  return Math.ceil(rows / step - 1e-9) * step;
}
