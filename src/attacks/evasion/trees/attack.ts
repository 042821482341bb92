import type { Attack, Goal, Points } from "../attack.ts";
import { rowOf } from "../points.ts";
import type { Constraints } from "../tables/constraints.ts";
import { settlerOf } from "../tables/settle.ts";
import type { Ground } from "./boxes.ts";
import { type Ensemble, labelOf, sumsOf } from "./ensemble.ts";
import { nearestOther } from "./exact.ts";
import { nextFloat } from "./floats.ts";
import { inputOf, type TreeModel } from "./inputs.ts";
import { type Leaves, leavesOf, nearestByLeaves } from "./search.ts";

/** Boxes that the exact search looks at for one point, at most, and trees beyond which it is not tried. */
const exact = { parts: 2000, trees: 32 };
/** Other points from which the search through leaves may start. */
const mostOthers = 200;

/**
 * The nearest row with another answer of trees, from their file: exact for small ensembles, through leaves for others. Texts stay as they are (`moeva` changes them). Where a
 * row so found breaks rules, it is repaired and kept if it still has another answer. Asks the model nothing. Throws ATTACK_UNFIT for trees that branch by more than thresholds,
 * and for regressions.
 */
export function leafTuples(tree: TreeModel, constraints: Constraints): Attack {
  return {
    id: "leaf-tuples",
    access: "gradient",
    norms: ["linf", "l2", "l1"],
    async propose(victim, points, labels, goal) {
      const found = points.values.slice();
      const leaves = leavesOf(tree.ensemble, baseGround(tree, constraints));
      const others = othersOf(tree, constraints, points);
      const { settle } = settlerOf(constraints, victim, goal);
      for (let at = 0; at < points.rows; at++) {
        goal.signal?.throwIfAborted();
        goal.progress?.(at, points.rows, "leaf-tuples");
        const start = rowOf(points.values, at, points.width);
        const best = nearest({ tree, constraints, leaves, others }, start, labels[at]!, {
          ...goal,
          random: goal.random.fork(`leaf-tuples/${at}`),
        });
        if (best === null) continue;
        const point = pointAt(best, start, tree, constraints);
        if (settle(point, start) && answerOf(tree, constraints, point) !== labels[at]) found.set(point, at * points.width);
      }
      return { values: found };
    },
  };
}

interface Known {
  readonly tree: TreeModel;
  readonly constraints: Constraints;
  readonly leaves: Leaves;
  readonly others: readonly Float64Array[];
}

const labelAt = (ensemble: Ensemble, input: Float64Array) => labelOf(ensemble, sumsOf(ensemble, input));

const answerOf = (tree: TreeModel, { rows }: Constraints, point: Float32Array) => labelAt(tree.ensemble, inputOf(tree, rows.read(point)));

const othersOf = (tree: TreeModel, { rows }: Constraints, points: Points) =>
  Array.from({ length: Math.min(points.rows, mostOthers) }, (_, at) => inputOf(tree, rows.read(rowOf(points.values, at, points.width))));

function nearest(
  { tree, constraints, leaves, others }: Known,
  start: Float32Array,
  label: number,
  { norm, eps, random }: Goal,
): Float64Array | null {
  const { ensemble } = tree;
  const was = constraints.rows.read(start);
  const row = inputOf(tree, was);
  // The model's own answer may come of what follows the trees; then these are no way to another.
  if (labelAt(ensemble, row) !== label) return null;
  const ground = groundOf(tree, constraints, leaves.ground, { was, row, eps: norm === "l0" ? null : eps });
  if (ensemble.roots.length <= exact.trees) {
    const { row: other, isExact } = nearestOther(ensemble, row, label, norm, ground, exact.parts);
    if (isExact) return other;
  }
  const within = others.map((other) => other.map((value, at) => Math.min(ground.highs[at]!, Math.max(ground.lows[at]!, value))));
  return nearestByLeaves({ ...leaves, ground }, within, { row, label, norm, random });
}

/** Scales and whole numbers, which are the same for all rows. */
function baseGround({ inputs }: TreeModel, { rows }: Constraints): Ground {
  const columns = inputs.map(({ column, codes }) => (codes === null ? rows.columns[column] : undefined));
  return {
    lows: new Float64Array(inputs.length),
    highs: new Float64Array(inputs.length),
    scales: Float64Array.from(columns, (column) => (column?.kind === "number" ? 1 / column.span : 1)),
    whole: Uint8Array.from(columns, (column) => Number(column?.kind === "number" && column.whole)),
  };
}

interface Place {
  readonly was: Float64Array;
  readonly row: Float64Array;
  readonly eps: number | null;
}

/** Where a row's numbers can go: within what is allowed and within eps; texts nowhere. */
function groundOf({ inputs }: TreeModel, { rows, freedoms }: Constraints, base: Ground, { was, row, eps }: Place): Ground {
  const ends = inputs.map(({ column, codes }, at): readonly [number, number] => {
    const own = rows.columns[column];
    const here = row[at]!;
    if (codes !== null || own?.kind !== "number" || freedoms[column]!.isFixed) return [here, here];
    const [low, high] = freedoms[column]!.reach(was[column]!);
    const arm = eps === null ? Number.POSITIVE_INFINITY : eps * own.span;
    // The row itself always lies there.
    return [Math.min(here, Math.max(low, was[column]! - arm)), Math.max(here, Math.min(high, was[column]! + arm))];
  });
  return { ...base, lows: Float64Array.from(ends, ([low]) => low), highs: Float64Array.from(ends, ([, high]) => high) };
}

/** The point whose row gives the trees these inputs, or inputs further from where they were: float32 must not bring a number back over its threshold. */
function pointAt(input: Float64Array, start: Float32Array, tree: TreeModel, { rows }: Constraints): Float32Array {
  const row = rows.read(start);
  const before = inputOf(tree, row);
  const changed = tree.inputs.flatMap(({ column }, at) =>
    input[at] === before[at] ? [] : [{ column, value: input[at]!, isUp: input[at]! > before[at]! }],
  );
  for (const { column, value } of changed) row[column] = value;
  const point = rows.write(row, start.slice());
  for (const { column, value, isUp } of changed) {
    const own = rows.columns[column]!;
    if (own.kind !== "number" || own.whole) continue;
    const made = () => Math.fround(own.low + point[own.at]! * own.span);
    for (let step = 0; step < 4 && (isUp ? made() < value : made() > value); step++)
      point[own.at] = nextFloat(point[own.at]!, isUp ? "up" : "down");
  }
  return point;
}
