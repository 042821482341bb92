import { readFileSync } from "node:fs";
import type { Grouping } from "../needs/groups.ts";

interface Vector {
  readonly columns: { readonly [column: string]: { readonly names: readonly string[]; readonly members: string } };
  readonly pandas: {
    readonly shares: { readonly [column: string]: { readonly [group: string]: number } };
    readonly imbalanceRatio: number;
    readonly intersections: readonly { readonly of: { readonly [column: string]: string }; readonly rows: number }[];
  };
}

/** 2,500 real people, counted by pandas (fixtures/controls/balance.py). */
const vector = JSON.parse(readFileSync(new URL("../../../vectors/controls/balance.json", import.meta.url), "utf8")) as Vector;

export const { pandas } = vector;

export const vectorColumns: readonly Grouping[] = Object.entries(vector.columns).map(([column, { names, members }]) => ({
  column,
  groups: names,
  members: Int32Array.from(members, Number),
}));

/** Rows of one column by count: `column("sex", { women: 10, men: 20 })`. */
export function column(name: string, rows: { readonly [group: string]: number }): Grouping {
  const groups = Object.keys(rows);
  return {
    column: name,
    groups,
    members: Int32Array.from(groups.flatMap((group, at) => Array.from({ length: rows[group] ?? 0 }, () => at))),
  };
}

/** Rows by combination: `table(["sex", "income"], [["women", "high", 10], ...])`. */
export function table(names: readonly string[], rows: readonly (readonly [...values: string[], rows: number])[]): Grouping[] {
  const all = rows.flatMap((row) => Array.from({ length: Number(row.at(-1)) }, () => row));
  return names.map((name, at) => {
    const groups = [...new Set(rows.map((row) => String(row[at])))];
    return { column: name, groups, members: Int32Array.from(all, (row) => groups.indexOf(String(row[at]))) };
  });
}
