import type { Goal, Victim } from "../attack.ts";
import { distance, project } from "../points.ts";
import type { Constraints } from "./constraints.ts";

/** Puts points, in place, where they stand for valid rows within the goal's eps. */
export interface Settler {
  /** Whether that was possible; if not, the point lies within eps and is not valid. */
  settle(point: Float32Array, start: Float32Array): boolean;
  /** Whether a column can take another text within eps at all. */
  readonly reachesTexts: boolean;
}

/** Another text changes two features by one. */
const ofText = { linf: 1, l2: Math.SQRT2, l1: 2, l0: 2 };

/** float32 rounds a distance by no more than this, relatively. */
const slack = 1e-6;

export function settlerOf({ rows, repair, broken }: Constraints, box: Victim, { norm, eps }: Pick<Goal, "norm" | "eps">): Settler {
  const most = eps === null ? Number.POSITIVE_INFINITY : eps * (1 + slack);
  const was = new Float64Array(rows.columns.length);
  const row = was.slice();
  const wanted = new Float32Array(box.width);
  const texts = rows.columns.flatMap(({ kind }, at) => (kind === "text" ? [at] : []));
  const reachesTexts = most >= ofText[norm];
  /** Rounding and mending may lead out of eps: then numbers are rounded towards the start, and at last texts stay as they were. */
  const ways = [
    { snap: "near", keepsTexts: false },
    { snap: "back", keepsTexts: false },
    { snap: "back", keepsTexts: true },
  ] as const;
  return {
    reachesTexts,
    settle(point, start) {
      rows.read(start, was);
      if (eps !== null) project(norm, point, start, eps, box);
      wanted.set(point);
      for (const { snap, keepsTexts } of ways) {
        rows.read(wanted, row);
        if (keepsTexts || !reachesTexts) for (const at of texts) row[at] = was[at]!;
        if (!repair(row, was, snap)) continue;
        rows.write(row, point);
        // To the last bit: what float32 makes of a kept value must not differ from what was there.
        for (let at = 0; at < row.length; at++) if (row[at] === was[at]) keep(point, start, rows.columns[at]!);
        if (distance(norm, point, start) > most) continue;
        if (broken(rows.read(point, row), was) === 0) return true;
      }
      point.set(wanted);
      return false;
    },
  };
}

function keep(point: Float32Array, start: Float32Array, { at, ...column }: Constraints["rows"]["columns"][number]): void {
  const count = column.kind === "text" ? column.texts.length : 1;
  for (let each = at; each < at + count; each++) point[each] = start[each]!;
}
