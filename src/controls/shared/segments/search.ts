import type { Grouping } from "../../needs/groups.ts";

/** Rows that belong to one group in each of some columns. */
export interface Segment {
  readonly conditions: readonly { readonly column: number; readonly group: number }[];
  /** Of the rows that were searched. */
  readonly n: number;
  readonly wrong: number;
  /** The lower end of the excess of its error: large where effect and size are. */
  readonly score: number;
}

export interface SearchOptions {
  /** Columns that a segment may combine, at most. */
  readonly depth: number;
  /** Segments of each size that are combined with further columns, the most telling first. One column's groups are all of them, unless there are very many. */
  readonly beam: number;
  /** Rows that a segment has, and leaves out, at least. */
  readonly least: number;
  /** Segments to give, at most. */
  readonly most: number;
}

/** Segments that overlap more than this (Jaccard) tell the same twice: the better one stays. */
const mostOverlap = 0.5;

interface Grown extends Segment {
  readonly rows: Int32Array;
}

/**
 * The segments of some rows whose answers are wrong most clearly more often than elsewhere, the most telling first: every group of every column, and combinations that tell more
 * than what they combine. `isWrong` and the groupings speak of all rows. `searched` is how many segments were looked at.
 */
export function weakest(
  groupings: readonly Grouping[],
  rows: Int32Array,
  isWrong: Uint8Array,
  { depth, beam, least, most }: SearchOptions,
): { readonly segments: readonly Segment[]; readonly searched: number } {
  const all = { n: rows.length, wrong: rows.reduce((sum, row) => sum + isWrong[row]!, 0) };
  const seen = new Set<string>();
  const found: Segment[] = [];
  let parents: readonly Grown[] = [{ conditions: [], ...all, score: Number.NEGATIVE_INFINITY, rows }];
  for (let level = 0; level < depth; level++) {
    const children = parents.flatMap((parent) => childrenOf(parent, groupings, isWrong, { least, all, seen }));
    found.push(...children.filter(({ score, parent }) => score > Math.max(0, parent)));
    parents = children
      .toSorted((a, b) => b.score - a.score)
      .slice(0, beam)
      .map((child) => ({ ...child, rows: rows.filter((row) => isIn(child, groupings, row)) }));
  }
  return { segments: different(found, groupings, rows, most), searched: seen.size };
}

export const isIn = ({ conditions }: Segment, groupings: readonly Grouping[], row: number) =>
  conditions.every(({ column, group }) => groupings[column]?.members[row] === group);

interface Bounds {
  readonly least: number;
  readonly all: { readonly n: number; readonly wrong: number };
  readonly seen: Set<string>;
}

type Child = Segment & { readonly parent: number };

/** The parent's rows by each further column. */
function childrenOf(parent: Grown, groupings: readonly Grouping[], isWrong: Uint8Array, { least, all, seen }: Bounds): Child[] {
  const taken = new Set(parent.conditions.map(({ column }) => column));
  return groupings.flatMap(({ groups, members }, column) => {
    if (taken.has(column)) return [];
    const [n, wrong] = [new Uint32Array(groups.length), new Uint32Array(groups.length)];
    for (const row of parent.rows) {
      const group = members[row]!;
      if (group < 0) continue;
      n[group]! += 1;
      wrong[group]! += isWrong[row]!;
    }
    return groups.flatMap((_, group): Child[] => {
      if (n[group]! < least || all.n - n[group]! < least) return [];
      const conditions = [...parent.conditions, { column, group }].sort((a, b) => a.column - b.column);
      const key = JSON.stringify(conditions.map((each) => [each.column, each.group]));
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ conditions, n: n[group]!, wrong: wrong[group]!, score: lowerExcess(n[group]!, wrong[group]!, all), parent: parent.score }];
    });
  });
}

const oneSided95 = 1.645;

/** The lower end of the error's excess over all other rows, by Agresti and Caffo (2000): it ranks, and decides nothing. */
function lowerExcess(n: number, wrong: number, all: Bounds["all"]): number {
  const [rest, others] = [all.n - n + 2, all.wrong - wrong + 1];
  const [own, elsewhere] = [(wrong + 1) / (n + 2), others / rest];
  return own - elsewhere - oneSided95 * Math.sqrt((own * (1 - own)) / (n + 2) + (elsewhere * (1 - elsewhere)) / rest);
}

/** Segments looked at one by one for being different; what is weaker than all these is not worth the time. */
const mostCompared = 500;

function different(found: readonly Segment[], groupings: readonly Grouping[], rows: Int32Array, most: number): Segment[] {
  const kept: { segment: Segment; inside: Uint8Array }[] = [];
  for (const segment of found.toSorted((a, b) => b.score - a.score).slice(0, mostCompared)) {
    if (kept.length >= most) break;
    const inside = Uint8Array.from(rows, (row) => (isIn(segment, groupings, row) ? 1 : 0));
    if (kept.every((other) => overlap(inside, other.inside) <= mostOverlap)) kept.push({ segment, inside });
  }
  return kept.map(({ segment }) => segment);
}

function overlap(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    both += a[at]! & b[at]!;
    either += a[at]! | b[at]!;
  }
  return both / either;
}
