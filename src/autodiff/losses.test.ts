import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { int64s } from "../onnx/index.ts";
import { gradientName } from "./differentiate.ts";
import { Draft } from "./draft.ts";
import { addLoss, isRegression, isTargeted, type LossName, lossNames } from "./losses.ts";
import { all, backpropagate } from "./reverse.ts";
import { answers, float32, programOf } from "./testing/programs.ts";

/** The losses of one row by their definitions, in float64. */
const definitions: Readonly<Record<LossName, (z: readonly number[], label: number, target: number) => number>> = {
  "cross-entropy": (z, label) => Math.log(z.reduce((sum, each) => sum + Math.exp(each), 0)) - (z[label] ?? 0),
  margin: (z, label) => Math.max(...z.filter((_, at) => at !== label)) - (z[label] ?? 0),
  "targeted-margin": (z, label, target) => (z[target] ?? 0) - (z[label] ?? 0),
  dlr: (z, label) => {
    const falling = [...z].sort((a, b) => b - a);
    return -((z[label] ?? 0) - Math.max(...z.filter((_, at) => at !== label))) / ((falling[0] ?? 0) - (falling[2] ?? 0) + 1e-12);
  },
  "targeted-dlr": (z, label, target) => {
    const falling = [...z].sort((a, b) => b - a);
    return -((z[label] ?? 0) - (z[target] ?? 0)) / ((falling[0] ?? 0) - ((falling[2] ?? 0) + (falling[3] ?? 0)) / 2 + 1e-12);
  },
  "squared-error": ([z = 0], label) => (z - label) ** 2,
};

const rows = 6;

/** A program that gives losses and their gradient of logits that are its input. */
function lossOf(loss: LossName, classes: number) {
  const program = programOf({ z: ["float32", [rows, classes]] }, {}, [["Identity", ["z"], ["scores"]]]);
  const draft = new Draft(program);
  const [labels, targets] = ["labels", "targets"].map((name) =>
    draft.input(name, { element: isRegression(loss) ? "float32" : "int64", dims: [rows] }),
  );
  const of = addLoss(draft, loss, { logits: "z", labels: labels ?? "", targets: targets ?? "", file: "small.onnx" });
  const seed = draft.add("Expand", [draft.scalar(1, of), draft.ints(rows)]);
  const [gradient = ""] = all(backpropagate(draft, { of, seed, wrt: ["z"], file: "small.onnx" }));
  return draft.finish(new Map([["losses", of], [gradientName("z"), gradient]])); // biome-ignore format: one value
}

/** The gradient of one row's loss by central differences of the definition. */
function slopeOf(loss: LossName, z: readonly number[], label: number, target: number): readonly number[] {
  const moved = (at: number, by: number) => z.map((each, other) => (other === at ? each + by : each));
  return z.map((_, at) => (definitions[loss](moved(at, 1e-6), label, target) - definitions[loss](moved(at, -1e-6), label, target)) / 2e-6);
}

const ofClasses = lossNames.filter((loss) => !isRegression(loss));

describe("losses of rows", () => {
  it.each(ofClasses.flatMap((loss) => [4, 10].map((classes) => [loss, classes] as const)))(
    "%s of %d classes is what its definition says, and so is its gradient",
    async (loss, classes) => {
      const random = seededRandom(5, loss, String(classes));
      const z = Array.from({ length: rows }, () => Array.from({ length: classes }, () => Math.fround(3 * random.normal())));
      const labels = z.map(() => random.integer(classes));
      const targets = labels.map((label) => (label + 1 + random.integer(classes - 1)) % classes);
      const given = await answers(lossOf(loss, classes), {
        z: float32([rows, classes], z.flat()),
        labels: int64s(labels),
        targets: int64s(targets),
      });
      for (const [row, scores] of z.entries()) {
        const [label = 0, target = 0] = [labels[row], targets[row]];
        expect(given.losses?.[row]).toBeCloseTo(definitions[loss](scores, label, target), 4);
        for (const [at, slope] of slopeOf(loss, scores, label, target).entries())
          expect(given["gradient/z"]?.[row * classes + at]).toBeCloseTo(slope, 4);
      }
    },
  );

  it("stays finite where a model is sure, and its gradient with it", async () => {
    const scores = [[1000, -1000, 0, 5], [-1000, 1000, 3, 4], [88, 89, 90, 91], [0, 0, 0, 0], [1e-30, 0, 0, 0], [3e4, 3e4, -3e4, 0]]; // biome-ignore format: a table
    const labels = int64s(scores.map(() => 0));
    for (const loss of ofClasses) {
      const targets = int64s(scores.map(() => 1));
      const given = await answers(lossOf(loss, 4), { z: float32([rows, 4], scores.flat()), labels, targets });
      const numbers = [...(given.losses ?? []), ...(given["gradient/z"] ?? [])];
      expect(numbers.every(Number.isFinite), loss).toBe(true);
    }
  });

  it("tells a sure row from a surer one, however high the logits lie", async () => {
    const scores = [[1010, 1000, 0, 0], [1012, 1000, 0, 0], [1014, 1000, 0, 0], [10, 0, -100, -100], [12, 0, -100, -100], [14, 0, -100, -100]]; // biome-ignore format: a table
    const labels = int64s(scores.map(() => 0));
    const { losses = [] } = await answers(lossOf("cross-entropy", 4), { z: float32([rows, 4], scores.flat()), labels, targets: labels });
    for (const [row, z] of scores.entries()) expect(losses[row] ?? 0).toBeCloseTo(Math.log1p(Math.exp((z[1] ?? 0) - (z[0] ?? 0))), 6);
    expect([(losses[0] ?? 0) > (losses[1] ?? 0), (losses[1] ?? 0) > (losses[2] ?? 0)]).toEqual([true, true]);
  });

  it("says when a model has too few classes", () => {
    const classes: Readonly<Partial<Record<LossName, number>>> = { dlr: 2, "targeted-dlr": 3 };
    for (const [loss, few] of Object.entries(classes))
      expect(() => lossOf(loss as LossName, few)).toThrow(
        expect.objectContaining({ code: "GRADIENT_LOSS", remedy: expect.stringContaining("margin") }),
      );
  });

  it("squared error is that of a number that is predicted, and of one alone", async () => {
    const [z, y] = [[1, -2, 3, 0, 0.5, 10], [1, 1, 1, -4, 0.25, 0]]; // biome-ignore format: a table
    const given = await answers(lossOf("squared-error", 1), {
      z: float32([rows, 1], z),
      labels: float32([rows], y),
      targets: float32([rows], y),
    });
    expect(given.losses).toEqual(z.map((each, at) => definitions["squared-error"]([each], y[at] ?? 0, 0)));
    expect(given["gradient/z"]).toEqual(z.map((each, at) => 2 * (each - (y[at] ?? 0))));
    expect(() => lossOf("squared-error", 2)).toThrow(expect.objectContaining({ code: "GRADIENT_LOSS" }));
  });

  it("knows which need a target", () => {
    expect(lossNames.filter(isTargeted)).toEqual(["targeted-margin", "targeted-dlr"]);
  });
});
