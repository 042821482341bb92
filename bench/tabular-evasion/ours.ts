/** Our side: CAPGD, then MOEVA, over the space of a table and its declared constraints; the net's gradients in TypeScript. */
import type { Loss, Points, Victim } from "../../src/attacks/evasion/attack.ts";
import { inTurn } from "../../src/attacks/evasion/ensemble.ts";
import { tableSpace } from "../../src/attacks/evasion/space/tables.ts";
import { strike } from "../../src/attacks/evasion/strike.ts";
import { capgd } from "../../src/attacks/evasion/tables/capgd.ts";
import { constraintsOf } from "../../src/attacks/evasion/tables/constraints.ts";
import { moeva } from "../../src/attacks/evasion/tables/moeva.ts";
import { seededRandom } from "../../src/base/index.ts";
import { type Column, parseRule, selectRows, type Table } from "../../src/data/index.ts";

/** A table and a net of two classes, as the peer made them. */
export interface Given {
  readonly columns: Readonly<Record<string, readonly (number | string)[]>>;
  readonly chosen: readonly number[];
  readonly labels: readonly number[];
  readonly fixed: readonly string[];
  readonly directions: Readonly<Record<string, "up" | "down">>;
  readonly rules: readonly string[];
  readonly layers: readonly Layer[];
  readonly points: readonly number[];
}

interface Layer {
  /** [outputs][inputs]. */
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

export interface Found {
  /** Points of the table as the peer has them. */
  readonly agree: boolean;
  readonly fooled: readonly boolean[];
  readonly byGradient: number;
  readonly invalid: number;
  readonly values: readonly number[];
}

const eps = 0.5;

export async function attack(given: Given): Promise<Found> {
  const names = Object.keys(given.columns);
  const table: Table = {
    rows: given.columns[names[0] ?? ""]?.length ?? 0,
    columns: Object.fromEntries(names.map((name) => [name, columnOf(given.columns[name] ?? [])])),
  };
  const space = tableSpace(names, [table], new Set(given.fixed));
  const points = await space.pointsOf(selectRows(table, Int32Array.from(given.chosen)));
  const agree = points.values.every((value, at) => Math.abs(value - (given.points[at] ?? Number.NaN)) <= 1e-6);
  const constraints = constraintsOf(space, {
    columns: Object.fromEntries(Object.entries(given.directions).map(([name, direction]) => [name, { direction }])),
    rules: given.rules.map((rule) => parseRule(rule)),
  });
  const victim = netVictim(given.layers, space.box, space.width);
  const labels = Int32Array.from(given.labels);
  const goal = { norm: "l2", eps, queries: 1e9, random: seededRandom(1) } as const;
  const strikeBy = (by: ReturnType<typeof capgd>) => strike(by, { victim, judge: victim }, points, labels, goal, constraints.isValid);
  const climbed = await strikeBy(capgd(constraints));
  const struck = await strikeBy(inTurn("caa", [capgd(constraints), moeva(constraints)]));
  return {
    agree,
    fooled: Array.from(struck.fooled, Boolean),
    byGradient: climbed.fooled.reduce((sum, each) => sum + each, 0),
    invalid: struck.invalid,
    values: Array.from(struck.values),
  };
}

function columnOf(values: readonly (number | string)[]): Column {
  if (values.every((value) => typeof value === "number")) return { kind: "number", values: Float64Array.from(values) };
  const categories = [...new Set(values.map(String))].sort();
  const places = new Map(categories.map((text, at) => [text, at]));
  return { kind: "text", codes: Int32Array.from(values, (value) => places.get(String(value)) ?? -1), categories };
}

/** Linear layers with max(0, x) between them and one number at the end: the logit of the second class. */
function netVictim(layers: readonly Layer[], box: Pick<Victim, "lows" | "highs" | "frozen">, width: number): Victim {
  const flat = layers.map(({ weights, biases }) => ({
    outputs: biases.length,
    inputs: weights[0]?.length ?? 0,
    weights: Float64Array.from(weights.flat()),
    biases,
  }));
  /** Values after each layer, the point first. */
  const forward = (point: Float32Array): Float64Array[] => {
    const values = [Float64Array.from(point)];
    for (const [depth, { outputs, inputs, weights, biases }] of flat.entries()) {
      const from = values[depth]!;
      const made = new Float64Array(outputs);
      for (let out = 0; out < outputs; out++) {
        let sum = biases[out]!;
        for (let at = 0; at < inputs; at++) sum += weights[out * inputs + at]! * from[at]!;
        made[out] = depth < flat.length - 1 ? Math.max(0, sum) : sum;
      }
      values.push(made);
    }
    return values;
  };
  const backward = (values: readonly Float64Array[]): Float64Array => {
    let slope = Float64Array.of(1);
    for (let depth = flat.length - 1; depth >= 0; depth--) {
      const { outputs, inputs, weights } = flat[depth]!;
      const made = new Float64Array(inputs);
      for (let out = 0; out < outputs; out++) for (let at = 0; at < inputs; at++) made[at]! += slope[out]! * weights[out * inputs + at]!;
      if (depth > 0) for (let at = 0; at < inputs; at++) if (values[depth]![at] === 0) made[at] = 0;
      slope = made;
    }
    return slope;
  };
  const rowsOf = ({ rows, values }: Points) => Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
  const logitOf = (point: Float32Array) => forward(point).at(-1)![0]!;
  const scores = async (points: Points) => Float32Array.from(rowsOf(points).flatMap((row) => [0, logitOf(row)]));
  return {
    access: "gradient",
    width,
    classes: 2,
    ...box,
    batch: 256,
    labels: async (points) => Int32Array.from(rowsOf(points), (row) => Number(logitOf(row) > 0)),
    scores,
    async slopes(points: Points, labels: Int32Array, loss: Loss) {
      const gradients = new Float32Array(points.rows * width);
      const losses = new Float32Array(points.rows);
      for (const [row, point] of rowsOf(points).entries()) {
        const values = forward(point);
        const lead = (labels[row] === 1 ? -1 : 1) * values.at(-1)![0]!;
        losses[row] = loss === "margin" ? lead : Math.log1p(Math.exp(-Math.abs(lead))) + Math.max(0, lead);
        const by = (loss === "margin" ? 1 : 1 / (1 + Math.exp(-lead))) * (labels[row] === 1 ? -1 : 1);
        gradients.set(
          backward(values).map((each) => each * by),
          row * width,
        );
      }
      return { logits: await scores(points), losses, gradients };
    },
  };
}
