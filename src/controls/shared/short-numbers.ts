const least = 3;
/** With so many every number of 64 bits can be told from every other. */
const most = 17;

/** A number without trailing digits: whole ones as they are. */
const cut = (value: number, digits: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(digits)));

/** Numbers with as few digits as tell them apart, three at least. */
export function shortNumbers(values: readonly number[]): string[] {
  for (let digits = least; digits < most; digits++) {
    const shown = values.map((value) => String(cut(value, digits)));
    if (new Set(shown).size === new Set(values).size) return shown;
  }
  return values.map(String);
}

/** The shortest number, of three digits or more, in (`below`, `edge`]: where `below` is the next value under the edge, it cuts the values as the edge does. */
export function shortEdge(below: number, edge: number): string {
  for (let digits = least; digits < most; digits++) {
    const down = cutDown(edge, digits);
    if (down > below && down <= edge) return String(down);
  }
  return String(edge);
}

/** Both ends of a range, each outwards, to a hundredth of its width or better. */
export function shortEnds(low: number, high: number): readonly [string, string] {
  const width = Math.floor(Math.log10(high - low));
  const digitsOf = (value: number) => Math.min(most, Math.max(least, Math.floor(Math.log10(Math.abs(value))) - width + least));
  const down = cutDown(low, digitsOf(low));
  const up = -cutDown(-high, digitsOf(high));
  return [String(Number.isFinite(down) ? down : low), String(Number.isFinite(up) ? up : high)];
}

/** The largest number of so many digits that is not above the value; by one step of them where rounding goes up. */
function cutDown(value: number, digits: number): number {
  const near = cut(value, digits);
  if (near <= value) return near;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);
  return Number((near - step).toPrecision(digits));
}
