import { intOf, textOf } from "../attributes.ts";
import { type Call, common, dim, input, known, mismatch, ofRank, type Rule, rank } from "./call.ts";
import { broadcast, broadcastOf, broadcastsTo } from "./dims.ts";

/** The shape of a product of matrices, stacks of them, or vectors, as NumPy's matmul has it. */
export function productDims(call: Call, a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || b.length === 0) mismatch(call, "a single number is no matrix");
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  if (left.at(-1) !== right.at(-2)) mismatch(call, `${left.at(-1)} columns do not go with ${right.at(-2)} rows`);
  const stack = broadcastOf(call, [left.slice(0, -2), right.slice(0, -2)]);
  const tail = [...(a.length === 1 ? [] : left.slice(-2, -1)), ...(b.length === 1 ? [] : right.slice(-1))];
  return [...stack, ...tail];
}

const matMul: Rule = (call) => [known(common(call, 0, 2), productDims(call, input(call, 0).dims, input(call, 1).dims))];

const gemm: Rule = (call) => {
  const element = common(call, 0, 3);
  const [a, b] = [ofRank(call, 0, 2), ofRank(call, 1, 2)];
  const [rows, inner] = intOf(call.node, "transA", 0) === 0 ? a.dims : a.dims.toReversed();
  const [depth, columns] = intOf(call.node, "transB", 0) === 0 ? b.dims : b.dims.toReversed();
  if (inner !== depth) mismatch(call, `${inner} columns do not go with ${depth} rows`);
  const dims = [rows ?? 0, columns ?? 0];
  const bias = call.inputs[2];
  if (bias !== undefined && !broadcastsTo(bias.dims, dims)) mismatch(call, `C does not broadcast to [${dims}]`);
  return [known(element, dims)];
};

/** The labels of one term, one a dimension; those that `...` stands for are numbered from the back. */
function labelsOf(call: Call, term: string, length: number): readonly string[] {
  const [before = "", after, more] = term.split("...");
  if (more !== undefined || /[^a-zA-Z]/.test(before + (after ?? ""))) mismatch(call, `its equation has the term ${term}`);
  const hidden = length - before.length - (after ?? "").length;
  if (after === undefined ? hidden !== 0 : hidden < 0) mismatch(call, `the term ${term} does not fit ${length} dimensions`);
  return [...before, ...Array.from({ length: Math.max(hidden, 0) }, (_, at) => `.${hidden - at}`), ...(after ?? "")];
}

/** For every label its size, over all inputs. */
function sizesOf(call: Call, terms: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [at, term] of terms.entries()) {
    const { dims } = input(call, at);
    for (const [index, label] of labelsOf(call, term, dims.length).entries()) {
      const size = broadcast([[sizes.get(label) ?? 1], [dims[index] ?? 1]])?.[0];
      if (size === undefined) mismatch(call, `the sizes of ${label} differ`);
      sizes.set(label, size);
    }
  }
  return sizes;
}

const einsum: Rule = (call) => {
  const equation = textOf(call.node, "equation", "").replaceAll(/\s/g, "");
  const [left = "", right] = equation.split("->");
  const terms = left.split(",");
  if (terms.length !== call.inputs.length) mismatch(call, `its equation ${equation} has ${terms.length} terms`);
  const sizes = sizesOf(call, terms);
  const hidden = [...sizes.keys()].filter((label) => label.startsWith(".")).sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  const labels =
    right === undefined
      ? [...hidden, ...[...new Set(left.replaceAll(/[.,]/g, ""))].filter((label) => left.split(label).length === 2).sort()]
      : right.includes("...")
        ? labelsOf(call, right, hidden.length + right.length - 3)
        : [...right];
  return [
    known(
      common(call),
      labels.map((label) => sizes.get(label) ?? mismatch(call, `its equation does not say what ${label} is`)),
    ),
  ];
};

const det: Rule = (call) => {
  const { element, dims } = input(call, 0);
  if (dims.length < 2 || dims.at(-1) !== dims.at(-2)) mismatch(call, "its input is no square matrix");
  return [known(element, dims.slice(0, -2))];
};

const matMulInteger: Rule = (call) => [known("int32", productDims(call, input(call, 0).dims, input(call, 1).dims))];

/** a, its scale and zero point; b, its; the output's. */
const quantisedMatMul: Rule = (call) => [known(input(call, 7).element, productDims(call, input(call, 0).dims, input(call, 3).dims))];

const attentionSizes = (call: Call) => {
  const [q, k, v] = [input(call, 0), input(call, 1), input(call, 2)];
  if (rank(q) === 4) return { q: q.dims, k: k.dims, v: v.dims, flat: false };
  if (rank(q) !== 3 || rank(k) !== 3 || rank(v) !== 3) mismatch(call, "its inputs are of 3 or 4 dimensions");
  const [heads, shared] = [intOf(call.node, "q_num_heads", 0), intOf(call.node, "kv_num_heads", 0)];
  if (heads < 1 || shared < 1) mismatch(call, "inputs of 3 dimensions need q_num_heads and kv_num_heads");
  const split = (value: typeof q, by: number) => [dim(value, 0), by, dim(value, 1), Math.floor(dim(value, 2) / by)];
  return { q: split(q, heads), k: split(k, shared), v: split(v, shared), flat: true };
};

/** Y; the keys and values with those of the past; what the attributes ask of QK^T. */
const attention: Rule = (call) => {
  const { q, k, v, flat } = attentionSizes(call);
  const [batch = 0, heads = 0, length = 0, depth] = q;
  const [, shared = 1, keys = 0, keyDepth] = k;
  const width = v[3] ?? 0;
  if (depth !== keyDepth) mismatch(call, "queries and keys are of different depth");
  if (heads % shared !== 0) mismatch(call, `${heads} heads of queries do not share ${shared} of keys`);
  const total = keys + (call.inputs[4]?.dims[2] ?? 0);
  const { element } = input(call, 0);
  return [
    known(element, flat ? [batch, length, heads * width] : [batch, heads, length, width]),
    known(input(call, 1).element, [batch, shared, total, keyDepth ?? 0]),
    known(input(call, 2).element, [batch, shared, total, width]),
    known(element, [batch, heads, length, total]),
  ];
};

export const linear: Readonly<Record<string, Rule>> = {
  MatMul: matMul,
  Gemm: gemm,
  Einsum: einsum,
  Det: det,
  MatMulInteger: matMulInteger,
  QLinearMatMul: quantisedMatMul,
  Attention: attention,
};
