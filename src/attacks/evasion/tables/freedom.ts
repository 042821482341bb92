import type { NumberOf, Rows, TextOf } from "./columns.ts";

/** How a column can change, as it is declared. */
export interface ColumnChange {
  readonly immutable?: boolean | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** It changes by whole multiples of this; left out: by whole numbers where the space has whole numbers alone. */
  readonly step?: number | undefined;
  readonly direction?: "up" | "down" | undefined;
  readonly among?: readonly (string | number | boolean)[] | undefined;
  /** Of changing a number by one, or a text at all. */
  readonly cost?: number | undefined;
}

/** Where to snap a value that cannot be: to the nearest that can, or the next in a direction. */
export type Snap = "near" | "up" | "down";

/** What one column can become, given what it was. What it was, it can always be. */
export interface Freedom {
  readonly isFixed: boolean;
  allows(value: number, start: number): boolean;
  /** The start's value where no other is possible. */
  snap(value: number, start: number, how: Snap): number;
  /** Of numbers: the least and the most that it can become. */
  reach(start: number): readonly [number, number];
  cost(value: number, start: number): number;
}

export function freedomOf(column: Rows["columns"][number], change: ColumnChange, isFrozen: boolean): Freedom {
  if (isFrozen || change.immutable === true || column.kind === "kept") return fixed(column.kind === "number" ? column.grain : 0);
  return column.kind === "number" ? ofNumber(column, change) : ofTexts(column, change);
}

const fixed = (grain: number): Freedom => ({
  isFixed: true,
  allows: (value, start) => Math.abs(value - start) <= grain,
  snap: (_, start) => start,
  reach: (start) => [start, start],
  cost: () => 0,
});

function ofTexts({ texts }: TextOf, { among, cost = 0 }: ColumnChange): Freedom {
  const allowed = texts.map((text) => among === undefined || among.some((each) => String(each) === text));
  return {
    isFixed: !allowed.some(Boolean),
    allows: (value, start) => value === start || allowed[value] === true,
    snap: (value, start) => (allowed[value] === true ? value : start),
    reach: (start) => [start, start],
    cost: (value, start) => (value === start ? 0 : cost),
  };
}

function ofNumber(column: NumberOf, { min, max, step, direction, among, cost = 0 }: ColumnChange): Freedom {
  const { grain } = column;
  const listed = among?.filter((each) => typeof each === "number").toSorted((a, b) => a - b);
  const stride = step ?? (column.whole ? 1 : null);
  const bottom = Math.max(column.least, min ?? column.least);
  const top = Math.min(column.most, max ?? column.most);
  const reach = (start: number): readonly [number, number] => [
    direction === "up" ? Math.max(start, bottom) : bottom,
    direction === "down" ? Math.min(start, top) : top,
  ];
  const onGrid = (value: number, start: number) =>
    listed !== undefined
      ? listed.some((each) => Math.abs(each - value) <= grain)
      : stride === null || Math.abs(value - start - Math.round((value - start) / stride) * stride) <= grain + 1e-9 * stride;
  return {
    isFixed: false,
    reach,
    allows(value, start) {
      if (Math.abs(value - start) <= grain) return true;
      const [low, high] = reach(start);
      return value >= low - grain && value <= high + grain && onGrid(value, start);
    },
    snap(value, start, how) {
      const [low, high] = reach(start);
      if (low > high) return start;
      if (listed !== undefined) return nearestOf(listed, value, start, [low - grain, high + grain], how);
      const within = Math.min(high, Math.max(low, value));
      if (stride === null) return within;
      return start + stride * steps((within - start) / stride, [(low - start) / stride, (high - start) / stride], how);
    },
    cost: (value, start) => cost * Math.abs(value - start),
  };
}

/** Whole steps within bounds; none where the bounds hold none. */
function steps(wanted: number, [low, high]: readonly [number, number], how: Snap): number {
  const slack = 1e-9;
  const made = how === "near" ? Math.round(wanted) : how === "up" ? Math.ceil(wanted - slack) : Math.floor(wanted + slack);
  const [least, most] = [Math.ceil(low - slack), Math.floor(high + slack)];
  return least > most ? 0 : Math.min(most, Math.max(least, made));
}

function nearestOf(listed: readonly number[], value: number, start: number, [low, high]: readonly [number, number], how: Snap): number {
  let best = start;
  let least = how === "near" || (how === "up" ? start >= value : start <= value) ? Math.abs(start - value) : Number.POSITIVE_INFINITY;
  for (const each of listed) {
    const fits = how === "near" || (how === "up" ? each >= value : each <= value);
    if (!fits || each < low || each > high || Math.abs(each - value) >= least) continue;
    [best, least] = [each, Math.abs(each - value)];
  }
  return best;
}
