import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { type Attribute, type Constant, constant, float, int, ints, type Specialised } from "../onnx/index.ts";
import { differentiate } from "./differentiate.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";
import { answers, programOf } from "./testing/programs.ts";

const random = seededRandom(5, "fold-batch-norm");

function numbers(dims: readonly number[], low = -1): Constant {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return constant(
    "float32",
    dims,
    Float32Array.from({ length: count }, () => low + (1 - low) * random.uniform()),
  );
}

interface Weighing {
  readonly op: string;
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly bias?: readonly number[];
  readonly channels: number;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

type Nodes = Parameters<typeof programOf>[2];

/** The operator, then a normalisation of its channels with statistics of its own. */
function normalised({ op, x, weight, bias, channels, attributes }: Weighing, more: Nodes = []): Specialised {
  const constants = {
    w: numbers(weight),
    ...(bias && { b: numbers(bias) }),
    scale: numbers([channels]),
    shift: numbers([channels]),
    mean: numbers([channels]),
    variance: numbers([channels], 0.2),
  };
  return programOf({ x: ["float32", x] }, constants, [
    [op, bias ? ["x", "w", "b"] : ["x", "w"], ["z"], attributes ?? {}],
    ["BatchNormalization", ["z", "scale", "shift", "mean", "variance"], ["y"], { epsilon: float(0.01) }],
    ...more,
  ]);
}

const conv: Weighing = { op: "Conv", x: [2, 4, 5, 5], weight: [6, 2, 3, 3], bias: [6], channels: 6, attributes: { group: int(2) } };

const weighings: readonly Weighing[] = [
  conv,
  { op: "Conv", x: [2, 3, 7], weight: [4, 3, 2], channels: 4 },
  {
    op: "ConvTranspose",
    x: [2, 4, 3, 3],
    weight: [4, 3, 2, 2],
    bias: [6],
    channels: 6,
    attributes: { group: int(2), strides: ints([2, 2]) },
  },
  { op: "ConvTranspose", x: [2, 2, 4], weight: [2, 3, 3], channels: 3 },
  { op: "Gemm", x: [3, 4], weight: [4, 5], bias: [5], channels: 5, attributes: { beta: float(0.5), alpha: float(2) } },
  { op: "Gemm", x: [3, 4], weight: [5, 4], bias: [1], channels: 5, attributes: { transB: int(1) } },
  { op: "Gemm", x: [3, 4], weight: [4, 5], channels: 5 },
  { op: "MatMul", x: [3, 4], weight: [4, 5], channels: 5 },
];

const opsOf = ({ graph }: Specialised) => graph.nodes.map(({ op }) => op);

describe("a normalisation of batches is taken into the weights before it", () => {
  it.each(weighings)("$op of $x by $weight: the same answers and gradients", async (weighing) => {
    const program = normalised(weighing, [["Sigmoid", ["y"], ["end"]]]);
    const folded = foldBatchNorm(program);
    expect(opsOf(folded)).not.toContain("BatchNormalization");
    const given = { x: numbers(weighing.x) };
    const [before, after] = await Promise.all(
      [program, folded].map((each) => answers(differentiate(each, { of: "end", wrt: ["x"] }), given)),
    );
    for (const [name, values] of Object.entries(before ?? {}))
      for (const [at, value] of values.entries()) expect(after?.[name]?.[at]).toBeCloseTo(value, 5);
  });

  it.each<[why: string, program: Specialised, keep?: string]>([
    ["what lies between is used elsewhere", normalised(conv, [["Add", ["y", "z"], ["end"]]])],
    ["what lies between is asked for", normalised(conv), "z"],
    ["matrices are stacked: its channels are rows", normalised({ op: "MatMul", x: [2, 5, 4], weight: [4, 3], channels: 5 })],
    ["each row has a bias of its own", normalised({ op: "Gemm", x: [3, 4], weight: [4, 5], bias: [3, 5], channels: 5 })],
  ])("but not where %s", (_, program, keep) => {
    expect(foldBatchNorm(program, new Set(keep === undefined ? [] : [keep]))).toBe(program);
  });
});
