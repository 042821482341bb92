import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problemsOf } from "../base/index.ts";
import { constant, int, int64s, type Program, writeProgram } from "../onnx/index.ts";
import { type GradientOptions, gradient } from "./gradient.ts";
import { float32, programOf } from "./testing/programs.ts";

const vectors = join(import.meta.dirname, "../../vectors");
const zoo = (name: string) => join(vectors, `zoo/${name}.onnx`);
const yes = constant("bool", [], Uint8Array.of(1));
const options = { loss: "margin", threads: 1 } as const;

type Nodes = Parameters<typeof programOf>[2];

/** A file of `x`, float32 [2, 3] unless told otherwise. */
const file = (nodes: Nodes, constants = {}, x: Parameters<typeof programOf>[0][string] = ["float32", [2, 3]]) =>
  writeProgram(programOf({ x }, constants, nodes));

/** The same, its inputs' shapes open where the names stand. */
function open(dims: readonly (number | string | null)[], nodes: Nodes, constants = {}): Uint8Array {
  const program: Program = programOf({ x: ["float32", [2, 3]] }, constants, nodes);
  const inputs = program.graph.inputs.map((port) => ({ ...port, dims }));
  return writeProgram({ ...program, graph: { ...program.graph, inputs } });
}

async function slopes(model: string | Uint8Array, x: readonly number[], labels: readonly number[], more: Partial<GradientOptions> = {}) {
  await using g = await gradient(model, { ...options, ...more });
  const { loss, gradients } = await g.run(x, labels);
  return { loss: [...loss], x: [...(gradients.x ?? [])], random: g.random };
}

describe("a model that is out of the ordinary", () => {
  it("answers NaN for a row: the others keep their gradients", async () => {
    const model = file([["Log", ["x"], ["y"]]]); // biome-ignore format: one value
    const { loss, x } = await slopes(model, [-1, 1, 2, 1, 2, 4], [0, 0], { loss: "cross-entropy" });
    expect(loss.map(Number.isNaN)).toEqual([true, false]);
    expect(x.slice(3).every(Number.isFinite)).toBe(true);
    expect(x.slice(0, 3).some(Number.isNaN)).toBe(true);
  });

  it("has open shapes: they are asked for, and taken", async () => {
    const nodes: Nodes = [["Tanh", ["x"], ["y"]]];
    const model = open(["rows", "columns"], nodes);
    await expect(gradient(model, options)).rejects.toMatchObject({
      code: "MODEL_SHAPE_UNKNOWN",
      place: { at: expect.stringContaining("“x”") },
    });
    expect((await slopes(model, [0, 0, 0], [0], { shapes: { x: [1, 3] } })).x).toEqual([-1, 0.5, 0.5]);
    expect((await slopes(open(["rows", 3], nodes), [0, 0, 0], [0])).x).toEqual([-1, 0.5, 0.5]);
  });

  it("has one logit for two classes, or a probability alone", async () => {
    const w = float32([3, 1], [1, -2, 3]);
    expect((await slopes(file([["MatMul", ["x", "w"], ["y"]]], { w }), [0, 0, 0, 0, 0, 0], [0, 1])).x).toEqual([1, -2, 3, -1, 2, -3]);
    const model = file([["MatMul", ["x", "w"], ["z"]], ["Sigmoid", ["z"], ["y"]]], { w }); // biome-ignore format: a row each
    expect((await slopes(model, [0, 0, 0, 0, 0, 0], [0, 1])).x).toEqual([1, -2, 3, -1, 2, -3]);
  });

  it("predicts a number: its squared error has a gradient, away from what is given", async () => {
    await using g = await gradient(zoo("skl-regression"), { loss: "squared-error", threads: 1 });
    const width = g.inputs[0]?.dims[1] ?? 0;
    const x = Float32Array.from({ length: 2 * width }, (_, at) => Math.sin(at));
    const { logits, loss, gradients } = await g.run(x, [1, 2.5]);
    const [[name = "", slope = []] = []] = Object.entries(gradients);
    const moved = x.map((each, at) => each + (at === 1 ? 0.01 : 0));
    const after = await g.run(name === "" ? x : { [name]: moved }, [1, 2.5]);
    expect(g.classes).toBe(1);
    expect(loss[1]).toBeCloseTo(((logits[1] ?? 0) - 2.5) ** 2, 5);
    // Linear: between two points the squared error changes by the slope in the middle.
    const change = (after.loss[0] ?? 0) - (loss[0] ?? 0);
    const middle = ((slope[1] ?? 0) + (Object.values(after.gradients)[0]?.[1] ?? 0)) / 2;
    expect(change).toBeCloseTo(middle * ((moved[1] ?? 0) - (x[1] ?? 0)), 6);
    await expect(g.run(x, [1, Number.NaN])).rejects.toMatchObject({
      code: "GRADIENT_INPUT",
      message: expect.stringContaining("row 1 is NaN"),
    });
    await expect(g.run(x, [1])).rejects.toMatchObject({ code: "GRADIENT_INPUT" });
  });

  it("holds float16: it is computed in float32, down to slopes that float16 does not hold", async () => {
    const small = constant("float16", [], Uint16Array.of(0x0001)); // 2^-24, its smallest
    const model = file([["Mul", ["x", "c"], ["m"]], ["Mul", ["m", "c"], ["y"]]], { c: small }, ["float16", [1, 2]]); // biome-ignore format: a row each
    expect((await slopes(model, [0, 1], [0])).x).toEqual([-(2 ** -48), 2 ** -48]);
  });

  it.each(["quantised-qdq", "quantised-qoperator", "quantised-residual", "quantised-dynamic-plain"])(
    "%s rounds to int8: a diagnosis, and a gradient where it is declared straight-through",
    async (name) => {
      await expect(gradient(zoo(name), options)).rejects.toMatchObject({
        code: "GRADIENT_MISSING",
        remedy: expect.stringContaining("straight-through"),
      });
      await using g = await gradient(zoo(name), { ...options, quantised: "straight-through" });
      const width = (g.inputs[0]?.dims ?? []).slice(1).reduce((a, b) => a * b, 1);
      const { gradients } = await g.run(
        Float32Array.from({ length: width }, (_, at) => Math.sin(at)),
        [0],
      );
      expect(Object.values(gradients)[0]?.some((each) => each !== 0)).toBe(true);
    },
  );

  it("draws random numbers: it says so, and each run has the gradient of its own draw", async () => {
    const model = file([["RandomNormalLike", ["x"], ["n"]], ["Add", ["x", "n"], ["a"]], ["Mul", ["a", "a"], ["y"]]]); // biome-ignore format: a row each
    await using g = await gradient(model, options);
    const runs = [await g.run([0, 0, 0, 0, 0, 0], [0, 0]), await g.run([0, 0, 0, 0, 0, 0], [0, 0])];
    expect(g.random).toBe(true);
    expect(runs[0]?.gradients.x).not.toEqual(runs[1]?.gradients.x);
    // y = (x + n)^2: of the logits that were drawn, and at x = 0, the slope by the label's own is -2 n.
    for (const run of runs) expect((run.gradients.x?.[0] ?? 0) ** 2).toBeCloseTo(4 * (run.logits[0] ?? 0), 3);
  });

  it("drops at random, in training mode: what is dropped has no slope, the rest its factor", async () => {
    const ratio = float32([], [0.5]);
    const model = file([["Dropout", ["x", "r", "t"], ["y"]]], { r: ratio, t: yes }, ["float32", [1, 64]]);
    await using g = await gradient(model, { loss: "squared-error", scores: "y", threads: 1 }).catch(() => gradient(model, options));
    const ones = Array(64).fill(1);
    const [a, b] = [await g.run(ones, [0]), await g.run(ones, [0])];
    expect(g.random).toBe(true);
    expect(new Set(a.logits)).toEqual(new Set([0, 2]));
    expect([...a.logits]).not.toEqual([...b.logits]);
    for (const [at, slope] of (a.gradients.x ?? []).entries()) if (slope !== 0) expect(a.logits[at]).toBe(2);
  });

  it.each([
    ["a custom operator", file([["Tanh", ["x"], ["z"]], ["Magic", ["z"], ["y"], {}, "com.example"]]), "Magic"], // biome-ignore format: a row
    ["an operator that chooses", file([["Hardmax", ["x"], ["y"]]]), "Hardmax"],
    ["a tree", zoo("xgboost-binary"), "TreeEnsembleClassifier"],
    ["texts alone", zoo("skl-tfidf"), "“probabilities”"],
    ["an operator of its framework", zoo("tf-unknown-operator"), "Erfc"],
  ])("has %s: that is named, with a way out, and zeros are never given", async (_, model, says) => {
    const error = await gradient(model, options).then(() => null, (thrown) => problemsOf(thrown)[0] ?? null); // biome-ignore format: one call
    expect(error).toMatchObject({ code: expect.stringMatching(/^(GRADIENT_|MODEL_)/), remedy: expect.stringMatching(/./) });
    expect(`${error?.message} ${error?.place.at}`).toContain(says);
  });

  it("asks for more memory than there is: that is told before anything runs", async () => {
    const w = float32([3, 3000], Array(9000).fill(1));
    const wide = open(["rows", 3], [["MatMul", ["x", "w"], ["y"]]], { w });
    await expect(gradient(wide, { ...options, batch: 1_000_000 })).rejects.toMatchObject({ code: "MODEL_VALUE_TOO_LARGE" });
    const many: Nodes = [
      ["Expand", ["x", "s"], ["e0"]],
      ...Array.from({ length: 400 }, (_, at) => ["Tanh", [`e${at}`], [`e${at + 1}`]] as const),
      ["ReduceMean", ["e400", "a"], ["y"], { keepdims: int(0) }],
    ];
    const kept = file(many, { s: int64s([300_000_000, 2, 3]), a: int64s([0]) });
    await expect(gradient(kept, options)).rejects.toMatchObject({ code: "GRADIENT_MEMORY", remedy: expect.stringContaining("fewer rows") });
    const small = file([["Tanh", ["x"], ["y"]]]);
    await expect(gradient(small, { ...options, memoryBytes: 10 })).rejects.toMatchObject({ code: "GRADIENT_MEMORY" });
  });

  it("has SiLU in float64, for the fusion of which onnxruntime has no code", async () => {
    const model = file([["Sigmoid", ["x"], ["s"]], ["Mul", ["x", "s"], ["y"]]], {}, ["float64", [1, 2]]); // biome-ignore format: a row each
    expect((await slopes(model, [0, 0], [0])).x).toEqual([-0.5, 0.5]);
  });

  it("has a scale so steep that float32 overflows: infinity stays infinity", async () => {
    const model = file([["Mul", ["x", "c"], ["m"]], ["Mul", ["m", "c"], ["y"]]], { c: float32([], [1e30]) }, ["float32", [1, 2]]); // biome-ignore format: a row each
    expect((await slopes(model, [0, 1], [0])).loss[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it("is flat: a slope of zero is what it is, where an operator has one", async () => {
    const model = file([["Clip", ["x", "a", "b"], ["y"]]], { a: float32([], [0]), b: float32([], [1]) }, ["float32", [1, 2]]);
    expect((await slopes(model, [5, -5], [0])).x).toEqual([-0, 0]);
  });
});
