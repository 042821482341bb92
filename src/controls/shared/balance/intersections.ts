import type { Measure, Measured } from "../../measured.ts";
import { type Grouping, missingGroup } from "../../needs/groups.ts";

/** One combination of groups, with its values by column. */
interface Intersection {
  readonly of: { readonly [column: string]: string };
  readonly rows: number;
}

const mostShown = { filled: 100, empty: 30 };
const mostNamed = 10_000;
const mostBars = 40;

/** Counts the rows of every combination of groups over all columns; rows without a value in any of them are left out. A census. */
export function measureIntersections(groupings: readonly Grouping[]): Measured {
  const columns = groupings.filter(({ column }, at) => groupings.findIndex((other) => other.column === column) === at);
  const { filled, leftOut } = countCells(columns);
  const possible = columns.reduce((product, { groups }) => product * groups.filter((name) => name !== missingGroup).length, 1);
  const rarest = filled.toSorted((a, b) => a.rows - b.rows);
  const total = filled.reduce((sum, { rows }) => sum + rows, 0);
  const empty = possible <= mostNamed ? emptyCells(columns, filled).slice(0, mostShown.empty) : [];
  const shown = [...empty, ...rarest.slice(0, mostShown.filled)];
  const bars = rarest.slice(0, mostBars);
  return {
    measures: [
      { name: "share-of-intersections-empty", value: possible > 0 ? (possible - filled.length) / possible : 0, unit: "share", n: possible },
      ...shown.map(({ of, rows }): Measure => ({ name: "intersection-rows", value: rows, unit: "rows", n: total, of })),
      ...(leftOut > 0 ? [{ name: "rows-with-missing-values", value: leftOut, unit: "rows" } as const] : []),
    ],
    series: [
      {
        name: bars.length < rarest.length ? `training rows of the ${bars.length} rarest intersections` : "training rows by intersection",
        kind: "bars",
        x: { label: columns.map(({ column }) => column).join(", "), values: bars.map(({ of }) => namesOf(columns, of).join(", ")) },
        y: { label: "training rows", values: bars.map(({ rows }) => rows) },
      },
    ],
  };
}

/** Column by column, cells are numbered anew, so that no product of group counts is ever formed. */
function countCells(columns: readonly Grouping[]): { filled: Intersection[]; leftOut: number } {
  const length = columns[0]?.members.length ?? 0;
  let cells = new Int32Array(length);
  for (const { groups, members } of columns) {
    const numbers = new Map<number, number>();
    cells = cells.map((cell, row) => {
      const member = members[row] ?? -1;
      if (cell < 0 || member < 0 || groups[member] === missingGroup) return -1;
      const key = cell * groups.length + member;
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    });
  }
  const first = new Map<number, number>();
  const rows = new Map<number, number>();
  for (const [row, cell] of cells.entries()) {
    if (cell < 0) continue;
    if (!first.has(cell)) first.set(cell, row);
    rows.set(cell, (rows.get(cell) ?? 0) + 1);
  }
  const filled = [...first].map(([cell, row]) => ({ of: valuesOf(columns, row), rows: rows.get(cell) ?? 0 }));
  return { filled, leftOut: length - filled.reduce((sum, each) => sum + each.rows, 0) };
}

const valuesOf = (columns: readonly Grouping[], row: number) =>
  Object.fromEntries(columns.map(({ column, groups, members }) => [column, groups[members[row] ?? -1] ?? missingGroup]));

/** In the order of the columns, which that of an object's keys need not be. */
const namesOf = (columns: readonly Grouping[], of: Intersection["of"]) => columns.map(({ column }) => of[column] ?? missingGroup);

function emptyCells(columns: readonly Grouping[], filled: readonly Intersection[]): Intersection[] {
  const known = new Set(filled.map(({ of }) => JSON.stringify(namesOf(columns, of))));
  const all = columns.reduce<string[][]>(
    (cells, { groups }) => cells.flatMap((cell) => groups.filter((name) => name !== missingGroup).map((name) => [...cell, name])),
    [[]],
  );
  const empty = all.filter((cell) => !known.has(JSON.stringify(cell)));
  return empty.map((cell) => ({ of: Object.fromEntries(columns.map(({ column }, at) => [column, cell[at] ?? missingGroup])), rows: 0 }));
}
