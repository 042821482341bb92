import { columnsOfRule, type ReadyRule, type Rule, readyRule } from "../../../data/index.ts";
import type { Space } from "../space/space.ts";
import { type Rows, rowsOfSpace } from "./columns.ts";
import { type ColumnChange, type Freedom, freedomOf } from "./freedom.ts";
import { menderOf } from "./mend.ts";

/** What somebody who wants another answer can change, as it is declared. */
export interface DeclaredChanges {
  readonly columns?: Readonly<Record<string, ColumnChange | undefined>> | undefined;
  readonly rules?: readonly Rule[] | undefined;
}

/**
 * What a changed row must keep to. Points are those of the space: `start` is what a row was, `point` what it becomes. Only a point that stands exactly for a row (whole numbers
 * whole, one text a column) can be valid.
 */
export interface Constraints {
  readonly rows: Rows;
  readonly freedoms: readonly Freedom[];
  readonly rules: readonly ReadyRule[];
  /** Rules of columns that are not in the space: no change of a point can break them. */
  readonly left: readonly Rule[];
  isValid(point: Float32Array, start: Float32Array): boolean;
  /** 0 where the row is valid; else how much is wrong: the sum over columns and rules, at most 1 of each. */
  broken(row: Float64Array, start: Float64Array): number;
  /** Puts a row into what is valid, in place, by small changes; whether that worked. `snap` says where numbers go that cannot be. */
  repair(row: Float64Array, start: Float64Array, snap?: "near" | "back"): boolean;
}

export function constraintsOf(space: Space, { columns = {}, rules = [] }: DeclaredChanges = {}): Constraints {
  const rows = rowsOfSpace(space);
  const isIn = (rule: Rule) => {
    const { numbers, texts } = columnsOfRule(rule);
    return [...numbers, ...texts].every((name) => rows.indexOf(name) >= 0);
  };
  const freedoms = rows.columns.map((column) =>
    freedomOf(column, (Object.hasOwn(columns, column.name) ? columns[column.name] : undefined) ?? {}, space.box.frozen?.[column.at] === 1),
  );
  const ready = rules.filter(isIn).map((rule) => readyRule(rule, rows.shape));
  const mend = menderOf(rows, freedoms, ready);
  const broken = (row: Float64Array, start: Float64Array) => {
    let sum = 0;
    for (let at = 0; at < freedoms.length; at++) if (!freedoms[at]!.allows(row[at]!, start[at]!)) sum++;
    for (const rule of ready) sum += rule.broken(row);
    return sum;
  };
  const scratch = new Float32Array(space.width);
  return {
    rows,
    freedoms,
    rules: ready,
    left: rules.filter((rule) => !isIn(rule)),
    broken,
    isValid(point, start) {
      const row = rows.read(point);
      const isExact = rows.write(row, scratch).every((value, at) => Math.abs(value - point[at]!) <= exactness(point[at]!));
      return isExact && broken(row, rows.read(start)) === 0;
    },
    repair(row, start, how = "near") {
      for (let at = 0; at < row.length; at++) {
        const [value, was] = [row[at]!, start[at]!];
        row[at] = freedoms[at]!.snap(value, was, how === "near" ? "near" : value > was ? "down" : "up");
      }
      return mend(row, start);
    },
  };
}

/** A few units in float32's last place: what reading and writing a row may bring. */
const exactness = (value: number) => Math.max(1, Math.abs(value)) * 2 ** -22;
