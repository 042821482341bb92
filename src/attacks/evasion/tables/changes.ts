import type { NumberOf } from "./columns.ts";
import type { Constraints } from "./constraints.ts";

/** One column of a row, before and after an attack. */
export interface Change {
  readonly column: string;
  readonly was: string | number;
  readonly becomes: string | number;
  /** As declared: by one, of numbers; at all, of texts. */
  readonly cost: number;
}

/** The columns in which a point's row differs from its start's, with old and new values: `was -> becomes`. */
export function changesOf({ rows, freedoms }: Constraints, point: Float32Array, start: Float32Array): readonly Change[] {
  const [now, before] = [rows.read(point), rows.read(start)];
  return rows.columns.flatMap((column, at): readonly Change[] => {
    const [becomes, was] = [now[at]!, before[at]!];
    const cost = freedoms[at]!.cost(becomes, was);
    if (column.kind !== "number")
      return was === becomes ? [] : [{ column: column.name, was: column.texts[was] ?? "", becomes: column.texts[becomes] ?? "", cost }];
    return Math.abs(becomes - was) <= column.grain
      ? []
      : [{ column: column.name, was: plain(was, column), becomes: plain(becomes, column), cost }];
  });
}

/** What all changes of a row cost together. */
export const costOf = (changes: readonly Change[]): number => changes.reduce((sum, { cost }) => sum + cost, 0);

/** With the digits that float32 has kept. */
function plain(value: number, { grain }: NumberOf): number {
  if (grain === 0 || value === 0) return value;
  const digits = Math.floor(Math.log10(Math.abs(value) / grain));
  return Number(value.toPrecision(Math.min(15, Math.max(1, digits))));
}
