import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changes } from "./lift.ts";

interface Steps {
  readonly steps: readonly { readonly op: string; readonly since: number; readonly kind: "same" | "words" | "wider" | "form" }[];
}

const file = join(import.meta.dirname, "../../../vectors/onnx/operator-changes.json");
const { steps } = JSON.parse(readFileSync(file, "utf8")) as Steps;

/** Steps whose text became other, each read and found to leave the meaning of a node of before as it was; and why. */
const read: Readonly<Record<string, string>> = {
  "the same in other words, or what was meant is said":
    "Abs 13, ArgMax 13, ArgMin 13, AveragePool 11, BatchNormalization 15, Ceil 13, Clip 13, Compress 11, Concat 11, Conv 11, DepthToSpace 13, DequantizeLinear 19, Dropout 22, EyeLike 22, Floor 13, Gather 13, GatherElements 13, GatherND 13, Gemm 6, Gemm 13, LRN 13, LSTM 22, Loop 11, Loop 13, Loop 16, LpPool 11, MaxPool 11, MaxPool 12, MaxUnpool 11, MeanVarianceNormalization 13, Mod 13, NegativeLogLikelihoodLoss 13, NonMaxSuppression 11, PRelu 16, Pow 13, QuantizeLinear 24, QuantizeLinear 25, ReduceL1 13, ReduceL2 13, ReduceLogSum 13, ReduceLogSumExp 13, ReduceMax 12, ReduceMax 13, ReduceMean 13, ReduceMin 12, ReduceMin 13, ReduceProd 13, ReduceSumSquare 13, Slice 13, SoftmaxCrossEntropyLoss 13, Squeeze 23, Transpose 21, Transpose 25, Unsqueeze 23",
  "axes and indices may be negative":
    "ArgMax 11, ArgMin 11, Flatten 11, Gather 11, Hardmax 11, LogSoftmax 11, ReduceL1 11, ReduceL2 11, ReduceLogSum 11, ReduceLogSumExp 11, ReduceMax 11, ReduceMean 11, ReduceMin 11, ReduceProd 11, ReduceSum 11, ReduceSumSquare 11, Scan 11, Slice 11, Softmax 11, Split 11, Squeeze 11, Unsqueeze 11",
  "inputs may be broadcast": "Max 8, Mean 8, Min 8, Sum 8",
  "more types": "Add 14, Cast 9, Cast 13, Div 14, If 11, Mul 14, OptionalGetElement 18, Pad 13, ReduceMax 20, ReduceMin 20, Sub 14",
  "one more choice for an attribute or input": "Pad 19, Resize 19, ScatterElements 18, ScatterND 18",
  "onnxruntime has the later form for all opsets": "AveragePool 22, ConvTranspose 11, MaxPool 22, OneHot 11",
  "a new attribute or input, without which it is what it was":
    "ArgMax 12, ArgMin 12, Attention 24, Attention 25, AveragePool 7, AveragePool 10, AveragePool 19, Cast 19, Cast 24, CastLike 19, CastLike 24, DepthToSpace 11, DequantizeLinear 13, DequantizeLinear 21, DequantizeLinear 23, GRU 14, GatherND 12, LSTM 14, LpPool 18, MaxPool 8, MaxPool 10, Pad 18, QuantizeLinear 13, QuantizeLinear 19, QuantizeLinear 21, QuantizeLinear 23, RNN 14, Reshape 14, ScatterElements 16, ScatterND 16, Shape 15, TopK 11",
  "what had to be given may be left out": "Constant 11, Constant 12, Gemm 11, OptionalHasElement 18",
};
const unchanged = new Set(Object.values(read).flatMap((list) => list.split(", ")));
const rows = new Set((changes.get("") ?? []).map(([op, since]) => `${op} ${since}`));
const listed = [...changes].flatMap(([domain, all]) => all.map(([op, since]) => `${domain} ${op} ${since}`));
const nameOf = ({ op, since }: Steps["steps"][number]) => `${op} ${since}`;

test("every step in which the standard changed an operator has a row that follows it, or was read and found to change nothing", () => {
  expect(steps.length).toBeGreaterThan(400);
  const open = steps.filter((step) => step.kind !== "same" && !rows.has(nameOf(step)) && !unchanged.has(nameOf(step)));
  expect(open.map(nameOf)).toEqual([]);
});

test("no step stands in both lists, and each that was read is one of the standard's that says something new", () => {
  const others = new Map(steps.map((step) => [nameOf(step), step.kind]));
  expect([...unchanged].filter((name) => rows.has(name) || (others.get(name) ?? "same") === "same")).toEqual([]);
});

/** Withdrawn before the standard kept a history of its operators, and those that onnxruntime adds to its domain. */
const beside =
  "Affine 10, Crop 10, DynamicSlice 10, GivenTensorFill 10, ImageScaler 10, MeanVarianceNormalization 9, ParametricSoftplus 10, Scale 10, ScaledTanh 10, SimplifiedLayerNormalization 23";

test("a row stands for a step of the standard, or for an operator that it never kept", () => {
  const known = new Set([...steps.map(nameOf), ...beside.split(", ")]);
  expect([...rows].filter((name) => !known.has(name))).toEqual([]);
});

test("one row follows a step", () => {
  expect(listed.length).toBe(new Set(listed).size);
});
