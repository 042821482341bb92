/** Near enough to the zero to be a straight line's, relative to where it began. */
const straight = 1e-9;
const bisections = 60;

/**
 * Where a function of one number is zero: on the line through `here`, where that is exact; else between `here` and one of `ends` on the other side of
 * zero, by bisection, at the far end of what remains; else the line's zero as a guess. Null where it is flat.
 */
export function zeroOf(f: (value: number) => number, here: number, probe: number, ends: readonly number[]): number | null {
  const now = f(here);
  const slope = (f(here + probe) - now) / probe;
  const line = here - now / slope;
  if (Number.isFinite(line) && Math.abs(f(line)) <= straight * Math.max(1, Math.abs(now))) return line;
  const crossed = ends.find((end) => end !== here && (Number.isFinite(now) ? f(end) * now <= 0 : Number.isFinite(f(end))));
  if (crossed !== undefined) return bisected(f, here, crossed);
  return Number.isFinite(line) ? line : null;
}

function bisected(f: (value: number) => number, here: number, there: number): number {
  const sign = Math.sign(f(there));
  let [near, far] = [here, there];
  for (let round = 0; round < bisections; round++) {
    const middle = (near + far) / 2;
    if (Math.sign(f(middle)) === sign) far = middle;
    else near = middle;
  }
  return far;
}
