import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { type Constant, constant, openSession, type Program, readModel, readProgram, writeProgram } from "../onnx/index.ts";
import { gradient, gradientGraph } from "./gradient.ts";
import { float32, programOf } from "./testing/programs.ts";

const vectors = join(import.meta.dirname, "../../vectors");
const path = (name: string) => join(vectors, `${name}.onnx`);
const read = async (name: string): Promise<Program> => readProgram(await readModel(path(name), { root: vectors }));

/** The scores of a model as it stands, with its own operators in its own opset. */
async function scorer(name: string) {
  const program = await read(name);
  const last = program.graph.outputs.at(-1)?.name ?? "";
  const maker = program.graph.nodes.find(({ outputs }) => outputs.includes(last));
  const scores = maker?.op === "ZipMap" ? (maker.inputs[0] ?? "") : last;
  const element = program.graph.outputs.at(-1)?.element ?? "float32";
  const outputs = [{ name: scores, element, dims: null, proto: undefined }];
  const session = await openSession(writeProgram({ ...program, graph: { ...program.graph, outputs } }), { threads: 1 });
  const [input] = program.graph.inputs;
  return async (rows: number, x: Float32Array) => {
    const values = input?.element === "float64" ? Float64Array.from(x) : x;
    const given = constant(input?.element as "float32", [rows, x.length / rows], values);
    const answer = (await session.run({ [input?.name ?? ""]: given }))[scores] as Constant;
    const width = answer.values.length / rows;
    return Array.from({ length: rows }, (_, row) => Array.from(answer.values as Float32Array).slice(row * width, (row + 1) * width));
  };
}

const softmax = (z: readonly number[]) => {
  const powers = z.map((each) => Math.exp(each - Math.max(...z)));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((each) => each / sum);
};

const rows = 5;

/** Rows in the range of a model's data. */
function sample(name: string, width: number, scale: number): Float32Array {
  const random = seededRandom(3, name);
  return Float32Array.from({ length: rows * width }, () => scale * random.normal());
}

describe("the gradient of a model", () => {
  // By the model's own probabilities, run as they are: softmax of what was cut back to, loss, and the loss along a random direction.
  it.each([
    ["models/net-softmax", "softmax", 1],
    ["models/perceptron", "softmax", 1],
    ["models/logistic-three-classes", "softmax", 0.3],
    ["models/net-sigmoid", "sigmoid", 1],
    ["zoo/jax-gated", "softmax", 0.3],
    ["zoo/skl-perceptron", "sigmoid", 1],
    ["zoo/skl-gaussian-bayes", "exp", 0.3],
    ["zoo/torch-external", "softmax", 0.3],
  ] as const)("of %s, cut at its %s, is that of its own probabilities", async (name, cut, scale) => {
    await using g = await gradient(path(name), { loss: "cross-entropy", batch: rows, threads: 1 });
    const [port] = g.inputs;
    const width = (port?.dims ?? []).slice(1).reduce((a, b) => a * b, 1);
    const x = sample(name, width, scale);
    const labels = Array.from({ length: rows }, (_, row) => row % g.classes);
    const { loss, logits, gradients } = await g.run(x, labels);
    expect(g.cut).toBe(cut);
    const scores = await scorer(name);
    const rest = ([p = 0]: readonly number[]) => [1 - p, p];
    const probabilities = async (at: Float32Array) => (await scores(rows, at)).map((row) => (row.length === 1 ? rest(row) : row));
    for (const [row, expected] of (await probabilities(x)).entries()) {
      const found = softmax([...logits.subarray(row * g.classes, (row + 1) * g.classes)]);
      for (const [at, each] of expected.entries()) expect(found[at]).toBeCloseTo(each, 5);
      expect(Math.exp(-(loss[row] ?? 0))).toBeCloseTo(expected[labels[row] ?? 0] ?? 0, 5);
    }
    const slopes = gradients[port?.name ?? ""] ?? new Float32Array();
    const random = seededRandom(4, name);
    const along = x.map(() => random.normal());
    const [before, after] = [-1, 1].map((side) => x.map((each, at) => each + side * 2e-3 * (along[at] ?? 0)));
    const [low, high] = [await probabilities(before as Float32Array), await probabilities(after as Float32Array)];
    for (let row = 0; row < rows; row++) {
      // The derivative of the probability itself: the logarithm of a small one is no number to take differences of. A kink of ReLU may lie within the step.
      const label = labels[row] ?? 0;
      let slope = 0;
      for (let at = row * width; at < (row + 1) * width; at++) slope -= (slopes[at] ?? 0) * ((after?.[at] ?? 0) - (before?.[at] ?? 0));
      const p = Math.exp(-(loss[row] ?? 0));
      expect(Math.abs(p * slope - ((high[row]?.[label] ?? 0) - (low[row]?.[label] ?? 0)))).toBeLessThan(1e-5 + 0.02 * Math.abs(p * slope));
    }
  });

  it.each(["models/logistic-double", "models/logistic-zipmap", "zoo/skl-union", "zoo/skl-calibrated"])(
    "of %s is of scores that order the classes as it does",
    async (name) => {
      await using g = await gradient(path(name), { loss: "margin", batch: rows, threads: 1 });
      const x = sample(name, g.inputs[0]?.dims[1] ?? 0, 1);
      const { logits } = await g.run(x, Array(rows).fill(0));
      const highest = (row: readonly number[]) => row.indexOf(Math.max(...row));
      const expected = (await (await scorer(name))(rows, x)).map(highest);
      expect(expected.map((_, row) => highest([...logits.subarray(row * g.classes, (row + 1) * g.classes)]))).toEqual(expected);
    },
  );

  it("is the same whatever the batch, down to rows that do not fill one", async () => {
    const x = sample("batches", 4, 1);
    const labels = [0, 1, 2, 1, 0];
    const results = await Promise.all(
      [1, 2, 5, 64].map(async (batch) => {
        await using g = await gradient(path("models/net-softmax"), { loss: "dlr", batch, threads: 1 });
        return await g.run(x, labels);
      }),
    );
    for (const { loss, gradients, logits } of results) {
      expect([loss.length, gradients.features?.length, logits.length]).toEqual([5, 20, 15]);
      for (const [at, each] of (gradients.features ?? []).entries())
        expect(each).toBeCloseTo(results[0]?.gradients.features?.[at] ?? Number.NaN, 5);
    }
  });

  it("of a model that was exported for one row is of many at once, and the same", async () => {
    const name = "zoo/torchscript-mobile-one";
    await using one = await gradient(path(name), { loss: "margin", batch: 1, threads: 1 });
    await using many = await gradient(path(name), { loss: "margin", batch: 4, threads: 1 });
    const x = sample(name, 64, 1).map((each) => 4 * Math.abs(each));
    const labels = [0, 1, 2, 3, 4];
    const [expected, found] = [await one.run(x, labels), await many.run(x, labels)];
    expect([one.rows, many.rows]).toEqual([1, 4]);
    for (const [at, each] of (expected.gradients.image ?? []).entries()) expect(found.gradients.image?.[at]).toBeCloseTo(each, 4);
    for (const [at, each] of expected.logits.entries()) expect(found.logits[at]).toBeCloseTo(each, 3);
  });

  it("of a model that fixes another number of rows is of as many, whatever is asked", async () => {
    await using g = await gradient(path("zoo/hand-eight-at-a-time"), { loss: "margin", batch: 3, threads: 1 });
    expect([g.rows, (await g.run(new Float32Array(12 * 10), Array(10).fill(0))).loss.length]).toEqual([8, 10]);
  });

  it("is by every input of real numbers that matters, and by those that are named", async () => {
    const options = { loss: "margin", batch: 2, threads: 1 } as const;
    await using all = await gradient(path("models/columns-plain"), options);
    expect(Object.keys(all.gradients).sort()).toEqual(["age", "debt", "hours_per_week"]);
    const x = { work_class: ["a", "b"], housing: ["c", "d"], age: [30, 40], hours_per_week: [20, 30], debt: [1, 2] };
    expect((await all.run(x, [0, 1])).gradients.age).toHaveLength(2);
    await using one = await gradient(path("models/columns-plain"), { ...options, wrt: ["age"] });
    expect(Object.keys((await one.run(x, [0, 1])).gradients)).toEqual(["age"]);
    await expect(gradient(path("models/columns-plain"), { ...options, wrt: ["housing"] })).rejects.toMatchObject({
      code: "GRADIENT_INPUT",
    });
  });

  it("is by bytes of a picture too, which the model takes for real numbers", async () => {
    await using g = await gradient(path("zoo/tf-pictures-of-bytes"), { loss: "margin", batch: 1, threads: 1 });
    const [port] = g.inputs;
    const picture = Uint8Array.from({ length: (port?.dims ?? []).reduce((a, b) => a * b, 1) }, (_, at) => (at * 7) % 17);
    const { loss, gradients } = await g.run(picture, [3]);
    const slopes = gradients.image ?? new Float32Array();
    const moved = async (side: number) =>
      (
        await g.run(
          Float32Array.from(picture, (each, at) => each + side * 1e-3 * Math.sign(slopes[at] ?? 0)),
          [3],
        )
      ).loss[0] ?? 0;
    const expected = 2e-3 * slopes.reduce((sum, each) => sum + Math.abs(each), 0);
    expect(port?.element).toBe("float32");
    expect(Math.abs((await moved(1)) - (await moved(-1)) - expected)).toBeLessThan(0.02 * expected + 1e-6 * Math.abs(loss[0] ?? 0));
  });

  it.each(["torch-half", "hand-bfloat16"])(
    "of %s, in half precision, is computed in single: its answers are the library's",
    async (name) => {
      const { columns, expected } = JSON.parse(readFileSync(join(vectors, `zoo/${name}.json`), "utf8")) as {
        columns: Record<string, number[]>;
        expected: { probabilities: number[][] };
      };
      const given = Object.values(columns);
      await using g = await gradient(path(`zoo/${name}`), { loss: "cross-entropy", threads: 1 });
      const width = g.inputs[0]?.dims[1] ?? 0;
      const x = expected.probabilities.flatMap((_, row) => given.slice(0, width).map((column) => column[row] ?? 0));
      const { logits } = await g.run(x, Array(expected.probabilities.length).fill(0));
      for (const [row, probabilities] of expected.probabilities.entries()) {
        const found = softmax([...logits.subarray(row * g.classes, (row + 1) * g.classes)]);
        for (const [at, each] of probabilities.entries()) expect(Math.abs((found[at] ?? 0) - each)).toBeLessThan(2 ** -8); // bfloat16 holds eight bits
      }
    },
  );

  it("by a weight is that of the sum over all rows, and needs whole batches", async () => {
    const w = float32([3, 4], [...Array(12).keys()].map((each) => each / 10)); // biome-ignore format: one value
    const program = programOf({ x: ["float32", [2, 4]] }, { w }, [["Gemm", ["x", "w"], ["y"], { transB: { kind: "int", value: 1n } }]]);
    const bytes = writeProgram(program);
    await using g = await gradient(bytes, { loss: "margin", wrt: ["w", "x"], threads: 1 });
    const x = [1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, 0, 1, 0, 1];
    // Where the weights grow, the last class scores highest, but for the third row: there it is the first.
    const { gradients } = await g.run(x, [0, 0, 2, 0]);
    expect([...(gradients.w ?? [])]).toEqual([-6 - 1, -8 - 2 - 1, -10 - 3, -12 - 4 - 1, 0, 0, 0, 0, 6 + 1, 8 + 2 + 1, 10 + 3, 12 + 4 + 1]);
    await expect(g.run(x.slice(0, 12), [0, 0, 0])).rejects.toMatchObject({
      code: "GRADIENT_INPUT",
      message: expect.stringContaining("batches of 2"),
    });
  });

  it("of probabilities that nothing shows to be any is that of their logarithms, where it is told so", async () => {
    const program = programOf({ x: ["float32", [4, 2]] }, {}, [["Softmax", ["x"], ["p"]], ["Mul", ["p", "p"], ["y"]]]); // biome-ignore format: one value
    await using g = await gradient(writeProgram(program), { loss: "cross-entropy", as: "probabilities", threads: 1 });
    const { logits } = await g.run([0, 0, 1, 0, 2, 0, 3, 0], [0, 0, 0, 0]);
    expect(g.cut).toBe("probabilities");
    expect(logits[2]).toBeCloseTo(2 * Math.log(Math.E / (Math.E + 1)), 5);
  });

  it("runs elsewhere too: the graph alone has the names of its inputs and outputs", async () => {
    const { bytes, labels, targets, losses, logits, gradients } = await gradientGraph(path("models/net-logits"), {
      loss: "targeted-margin",
      batch: 1,
    });
    const session = await openSession(bytes, { threads: 1 });
    const label = (value: bigint) => constant("int64", [1], BigInt64Array.of(value));
    const answers = await session.run({ features: float32([1, 4], [1, 2, 3, 4]), [labels]: label(0n), [targets ?? ""]: label(2n) });
    const scores = answers[logits]?.values as Float32Array;
    expect(answers[losses]?.values[0]).toBeCloseTo((scores[2] ?? 0) - (scores[0] ?? 0), 4);
    expect(answers[gradients.features ?? ""]?.dims).toEqual([1, 4]);
  });

  it.each([
    ["rows cut off", { features: [1, 2, 3] }, [0], "3 are no whole number of rows"],
    ["an input that is not there", { features: [1, 2, 3, 4], more: [1] }, [0], "no input “more”"],
    ["no rows of an input", {}, [0], "“features” is missing"],
    ["too few labels", [1, 2, 3, 4, 1, 2, 3, 4], [0], "2 rows and 1 labels"],
    ["a label that is no class", [1, 2, 3, 4], [3], "the label of row 0 is 3"],
    ["a label between classes", [1, 2, 3, 4], [0.5], "the label of row 0 is 0.5"],
  ])("refuses %s", async (_, x, labels, says) => {
    await using g = await gradient(path("models/net-softmax"), { loss: "margin", threads: 1 });
    await expect(g.run(x as number[], labels)).rejects.toMatchObject({ code: "GRADIENT_INPUT", message: expect.stringContaining(says) });
  });

  it.each([
    ["a loss that is none", { loss: "crossentropy" }, "ARGUMENT_INVALID"],
    ["a batch of nothing", { loss: "margin", batch: 0 }, "ARGUMENT_INVALID"],
    ["an output that is none", { loss: "margin", scores: "score" }, "GRADIENT_SCORES"],
    ["a loss for more classes", { loss: "targeted-dlr" }, "GRADIENT_LOSS"],
    ["an input that is none", { loss: "margin", wrt: ["feature"] }, "GRADIENT_INPUT"],
    ["a shape of an input that is none", { loss: "margin", shapes: { feature: [1, 4] } }, "GRADIENT_INPUT"],
  ])("refuses %s", async (_, options, code) => {
    await expect(gradient(path("models/net-softmax"), options as never)).rejects.toMatchObject({ code });
  });

  it.each([
    ["zoo/xgboost-binary", "GRADIENT_MISSING", "TreeEnsembleClassifier"],
    ["zoo/skl-binned-bayes", "GRADIENT_BLOCKED", "Less"],
    ["models/net-labels-alone", "GRADIENT_SCORES", "answer"],
    ["zoo/quantised-qdq", "GRADIENT_MISSING", "QuantizeLinear"],
    ["zoo/tf-attention", "GRADIENT_INPUT", "real numbers"],
  ])("of %s is none, and %s says why", async (name, code, says) => {
    await expect(gradient(path(name), { loss: "margin" })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
      remedy: expect.stringMatching(/./),
    });
  });
});
