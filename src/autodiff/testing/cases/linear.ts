import { float } from "../../../onnx/index.ts";
import type { einsum } from "../../pullbacks/einsum.ts";
import type { linear } from "../../pullbacks/linear.ts";
import type { softmax } from "../../pullbacks/softmax.ts";
import type { CaseMaker } from "../check-pullback.ts";

const matmul =
  (left: string, right: string): CaseMaker =>
  (s) => {
    const sizes: Record<string, number> = { 1: 1 };
    for (const letter of "abnkm") sizes[letter] = s.whole(1, 4);
    const dims = (text: string) => [...text].map((letter) => sizes[letter] ?? 1);
    return { op: "MatMul", inputs: [s.real(dims(left)), s.real(dims(right))] };
  };

const gemm =
  (transA: number, transB: number, bias: "none" | "row" | "number"): CaseMaker =>
  (s) => {
    const [n, k, m] = [s.whole(1, 4), s.whole(1, 4), s.whole(1, 4)];
    const third = bias === "none" ? [] : [s.real(bias === "row" ? [m] : [])];
    const attributes = { transA, transB, alpha: float(bias === "row" ? 0.7 : 1), beta: float(bias === "row" ? 1.3 : 1) };
    return { op: "Gemm", attributes, inputs: [s.real(transA ? [k, n] : [n, k]), s.real(transB ? [m, k] : [k, m]), ...third] };
  };

export const linearCases: Record<keyof typeof linear, readonly CaseMaker[]> = {
  MatMul: [
    matmul("nk", "km"),
    matmul("ank", "km"),
    matmul("abnk", "km"),
    matmul("ank", "akm"),
    matmul("abnk", "1bkm"),
    matmul("nk", "akm"),
    matmul("k", "k"),
    matmul("k", "km"),
    matmul("nk", "k"),
    matmul("ank", "k"),
    matmul("k", "akm"),
  ],
  Gemm: [0, 1].flatMap((a) => [0, 1].flatMap((b) => (["none", "row", "number"] as const).map((bias) => gemm(a, b, bias)))),
};

const scores =
  (op: string, rank: number, axis?: number): CaseMaker =>
  (s) => ({ op, attributes: axis === undefined ? {} : { axis }, inputs: [s.real(s.dims(rank))] });

export const softmaxCases: Record<keyof typeof softmax, readonly CaseMaker[]> = {
  Softmax: [scores("Softmax", 2), scores("Softmax", 3, 1), scores("Softmax", 3, -3)],
  LogSoftmax: [scores("LogSoftmax", 2), scores("LogSoftmax", 3, 1), scores("LogSoftmax", 4, -2)],
  SoftmaxCrossEntropyLoss: [
    (s) => {
      const [rows, classes] = [s.whole(1, 5), s.whole(1, 5)];
      const labels = s.ints(Array.from({ length: rows }, () => s.whole(0, classes - 1)));
      return { op: "SoftmaxCrossEntropyLoss", attributes: { reduction: "none" }, inputs: [s.real([rows, classes]), labels] };
    },
  ],
};

const equation =
  (text: string, ...shapes: readonly string[]): CaseMaker =>
  (s) => {
    const sizes: Record<string, number> = { 1: 1 };
    for (const letter of "bhijklm") sizes[letter] = s.whole(1, 4);
    const inputs = shapes.map((shape) => s.real([...shape].map((letter) => sizes[letter] ?? 1)));
    return { op: "Einsum", attributes: { equation: text }, inputs };
  };

export const einsumCases: Record<keyof typeof einsum, readonly CaseMaker[]> = {
  Einsum: [
    equation("ij,jk->ik", "ij", "jk"),
    equation("bhid, bhjd -> bhij", "bhik", "bhjk"),
    equation("...ij,...jk->...ik", "bhij", "bhjk"),
    equation("...ij,jk", "bij", "jk"),
    equation("i,j->ij", "i", "j"),
    equation("ij->j", "ij"),
    equation("ij->", "ij"),
    equation("ii->i", "ii"),
    equation("ii", "ii"),
    equation("bij,bj,bk->ki", "bij", "bj", "bk"),
    equation("...i,...i->...", "bi", "1i"),
  ],
};
