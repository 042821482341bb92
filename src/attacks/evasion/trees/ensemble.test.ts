import { describe, expect, it } from "vitest";
import { Problem, seededRandom } from "../../../base/index.ts";
import { constant, ints, type Node, openSession, writeProgram } from "../../../onnx/index.ts";
import { labelOf, modes, scoresOf, sumsOf } from "./ensemble.ts";
import { nextFloat } from "./floats.ts";
import { readEnsemble } from "./read-ensemble.ts";
import { asNewest, type Drawing, drawnTrees, drawnValue, programOf } from "./testing/drawn.ts";

const rows = 40;
const features = 4;

/** Values at splits, a float32 above and below them, anywhere, and missing. */
function drawnRows(seed: number): Float32Array {
  const random = seededRandom(seed, "rows");
  return Float32Array.from({ length: rows * features }, () => {
    const value = drawnValue(random);
    const kind = random.integer(6);
    if (kind === 0) return Number.NaN;
    if (kind === 1) return nextFloat(value, "up");
    if (kind === 2) return nextFloat(value, "down");
    return kind === 3 ? random.uniform() : value;
  });
}

async function asked(made: Node, x: Float32Array) {
  const session = await openSession(writeProgram(programOf(made, features)), { threads: 1 });
  try {
    const { scores, label } = await session.run({ x: constant("float32", [rows, features], x) });
    return { scores: Array.from(scores?.values as Float32Array), labels: label && Array.from(label.values as BigInt64Array, Number) };
  } finally {
    await session.release();
  }
}

function ours(made: Node, x: Float32Array) {
  const ensemble = readEnsemble(made, "drawn.onnx");
  const sums = Array.from({ length: rows }, (_, row) => sumsOf(ensemble, x.subarray(row * features, (row + 1) * features)));
  return {
    scores: sums.flatMap((each) => Array.from(scoresOf(ensemble, each), Math.fround)),
    labels: sums.map((each) => labelOf(ensemble, each)),
  };
}

const plain = ["BRANCH_LEQ"];
const every = modes.filter((mode) => mode !== "BRANCH_MEMBER");
const base: Drawing = { trees: 5, depth: 4, features, outputs: 3, modes: plain, transform: "NONE", weights: "any" };
const drawings: readonly [string, Drawing, exact: boolean][] = [
  ["three classes", base, true],
  ["all ways of branching", { ...base, modes: every }, true],
  ["bases", { ...base, bases: [0.1, -0.2, 0.3] }, true],
  ["softmax", { ...base, transform: "SOFTMAX" }, false],
  ["softmax of what is not zero", { ...base, transform: "SOFTMAX_ZERO" }, false],
  ["logistic", { ...base, transform: "LOGISTIC" }, false],
  ["two classes with a weight each", { ...base, outputs: 2, weights: "positive" }, true],
  ["two classes of one probability", { ...base, outputs: 2, single: 0, weights: "positive" }, true],
  ["two classes of one margin", { ...base, outputs: 2, single: 0 }, true],
  ["two classes of one margin with a base", { ...base, outputs: 2, single: 0, bases: [0.4] }, true],
  ["two classes of one margin with a base for each", { ...base, outputs: 2, single: 0, bases: [0.4, -0.3] }, true],
  ["two classes, weights of the second alone", { ...base, outputs: 2, single: 1, weights: "positive" }, true],
  ["two classes, any weights of the second alone", { ...base, outputs: 2, single: 1 }, true],
  ["two classes of one logistic", { ...base, outputs: 2, single: 0, transform: "LOGISTIC" }, false],
  ["a regression", { ...base, outputs: 1 }, true],
  ["a regression's mean", { ...base, outputs: 1, aggregate: "AVERAGE", bases: [0.5] }, true],
  ["a regression's least", { ...base, outputs: 1, aggregate: "MIN" }, true],
  ["a regression's most", { ...base, outputs: 1, aggregate: "MAX" }, true],
  ["a regression's probit", { ...base, outputs: 1, transform: "PROBIT", weights: "positive" }, false],
];

describe("trees answer as onnxruntime does:", () => {
  it.each(drawings)("%s", async (_, drawing, isExact) => {
    for (const seed of [1, 2, 3]) {
      const made = drawnTrees(drawing, seededRandom(seed));
      const x = drawnRows(seed);
      const [mine, theirs] = [ours(made, x), await asked(made, x)];
      if (isExact) expect(mine.scores).toEqual(theirs.scores);
      else for (const [at, score] of mine.scores.entries()) expect(score).toBeCloseTo(theirs.scores[at]!, 3);
      if (theirs.labels !== undefined) expect(mine.labels).toEqual(theirs.labels);
    }
  });

  it("those of ai.onnx.ml 5, with membership of sets", async () => {
    for (const seed of [1, 2, 3, 4]) {
      const made = asNewest(seededRandom(seed), 4, features);
      const x = drawnRows(seed);
      expect(ours(made, x).scores).toEqual((await asked(made, x)).scores);
    }
  });
});

describe("trees that are none are refused:", () => {
  const made = drawnTrees(base, seededRandom(1));
  const damaged = (name: string, value: readonly number[]) => ({ ...made, attributes: new Map(made.attributes).set(name, ints(value)) });
  it.each<[string, Node]>([
    ["a child that is not there", damaged("nodes_truenodeids", [99999])],
    [
      "a node that is its own child",
      damaged(
        "nodes_truenodeids",
        Array.from({ length: 999 }, () => 0),
      ),
    ],
    ["weights of no leaf", damaged("class_nodeids", [99999])],
    [
      "a feature below the first",
      damaged(
        "nodes_featureids",
        Array.from({ length: 999 }, () => -1),
      ),
    ],
    [
      "an output beyond the last",
      damaged(
        "class_ids",
        Array.from({ length: 999 }, () => 7),
      ),
    ],
  ])("%s", (_, node) => {
    expect(() => readEnsemble(node, "drawn.onnx")).toThrow(Problem);
  });
});
