import { type Attack, type Points, pictureSpace, type Space, tableSpace } from "../../../attacks/index.ts";
import type { Random } from "../../../base/index.ts";
import { selectRows, type Table, type TableSource } from "../../../data/index.ts";
import { columnsOf, labelIndices, type ModelBinding } from "../../../models/index.ts";
import type { Making } from "../../define.ts";
import { engineOf } from "../engine.ts";
import type { Shown } from "./panels.ts";

/** Rows of a split as points to be attacked, and what they are points of. */
export interface Start {
  /** Places in the split, ascending. */
  readonly rows: Int32Array;
  readonly table: Table;
  readonly space: Space;
  readonly points: Points;
  readonly labels: Int32Array;
  /** Rows of the training split, of numbers and texts. */
  readonly training: Table | null;
}

export interface StartInputs {
  readonly model: ModelBinding;
  readonly train: TableSource;
  readonly test: TableSource;
  readonly label: string;
  readonly most: number;
  readonly random: Random;
  /** Columns that stay as they are. */
  readonly frozen: readonly string[];
  /** Columns that hold whole numbers alone; all others may hold fractions. Null: as training has them. */
  readonly whole: readonly string[] | null;
  /** How far columns of numbers go beyond what the splits hold. */
  readonly ranges?: { readonly [column: string]: { readonly min?: number | undefined; readonly max?: number | undefined } };
}

/** More training rows than these know a column's range no better. */
const mostTrainingRows = 50_000;

/** Of all points together: attacks hold some copies of them. Of pictures of 224x224 in colour these are 111. */
const mostNumbers = 2 ** 24;

/** A random part of a split's complete rows in the space that training spans. */
export async function startOf(inputs: StartInputs, making: Making): Promise<Start> {
  const { model, train, test, label, most, random, frozen, whole, ranges = {} } = inputs;
  const engine = await engineOf(making);
  const columns = columnsOf(model);
  const all = await engine.read(test, [...new Set([...columns, label])]);
  const image = pictureOf(model);
  const seen = image === null ? await engine.read(train, columns, { limit: mostTrainingRows }) : null;
  const space =
    image === null
      ? withFractions(tableSpace(columns, seen === null ? [all] : [seen, all], new Set(frozen), ranges), whole)
      : pictureSpace(image.column, image.preparation);
  const complete = space.complete(all);
  const room = Math.max(1, Math.floor(mostNumbers / Math.max(1, space.width)));
  const taken = random
    .fork("rows")
    .sample(complete.length, Math.min(most, room, complete.length))
    .sort();
  const rows = Int32Array.from(taken, (at) => complete[at]!);
  const table = selectRows(all, rows);
  return {
    rows,
    table,
    space,
    points: await space.pointsOf(table),
    labels: labelIndices(table, label, model.classes),
    training: seen,
  };
}

function pictureOf(model: ModelBinding) {
  if (model.kind !== "onnx") return null;
  const found = model.inputs.find(({ image }) => image !== undefined);
  return found?.image === undefined ? null : { column: found.columns[0] ?? "", preparation: found.image };
}

/** The space with fractions in all columns of numbers but those that hold whole ones alone. */
function withFractions(space: Space, whole: readonly string[] | null): Space {
  if (whole === null) return space;
  const freed = space.features.flatMap((feature, at) =>
    feature.kind === "number" && !whole.includes(feature.column) ? [{ ...feature, at }] : [],
  );
  return {
    ...space,
    tableOf(points) {
      const { rows, columns } = space.tableOf(points);
      const numbers = freed.map(({ column, low, high, at }) => {
        const amounts = Float64Array.from({ length: rows }, (_, row) => low + points.values[row * points.width + at]! * (high - low));
        return [column, { kind: "number" as const, values: amounts }] as const;
      });
      return { rows, columns: Object.assign(Object.create(null), columns, Object.fromEntries(numbers)) };
    },
  };
}

/** What an attack proposes, as rows that can be written: whole numbers are rounded, and what is then too far is given up. */
export const asWritten = (attack: Attack, space: Space): Attack => ({
  ...attack,
  async propose(victim, points, labels, goal) {
    const proposed = await attack.propose(victim, points, labels, goal);
    return { ...proposed, values: (await space.pointsOf(space.tableOf({ ...points, values: proposed.values }))).values };
  },
});

/** Whether some features stay as they are. */
export const isHeld = ({ space: { box } }: Start): boolean => box.frozen?.includes(1) ?? false;

/** Rows that were right and fell, the nearest first. */
export function shownOf(
  { rows, labels }: Start,
  { distances, answers }: { readonly distances: Float64Array; readonly answers: Int32Array },
  classes: readonly string[],
): Shown[] {
  const fell = [...distances.keys()].filter((at) => Number.isFinite(distances[at]!) && distances[at]! > 0);
  return fell
    .sort((a, b) => distances[a]! - distances[b]!)
    .map((at) => ({ at, row: rows[at]!, was: classes[labels[at]!] ?? "", becomes: classes[answers[at]!] ?? "" }));
}
