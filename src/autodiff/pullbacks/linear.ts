import type { Maths } from "../maths.ts";
import type { Value } from "../pullback.ts";
import { type Row, row } from "./rows.ts";

/** Products of matrices. */
export const linear = {
  MatMul: row((given) => {
    const { m, x, b, dy } = given;
    if (m.dims(b).length === 2 && m.dims(x).length >= 2) return byFlatMatrix(given);
    const [a2, b2] = [asMatrix(m, x, 0), asMatrix(m, b, 1)];
    const dy2 = m.reshape(dy, productDims(m, a2, b2));
    return [likeOf(m, product(given, dy2, turned(m, b2)), a2, x), likeOf(m, product(given, turned(m, a2), dy2), b2, b)];
  }),
  Gemm: row((given) => {
    const { x: a, b, node, dy, m, int, float } = given;
    const [transA, transB] = [int("transA", 0), int("transB", 0)];
    const gemm = gemmOf(given, float("alpha", 1));
    const da = transA === 0 ? gemm(dy, b, 0, 1 - transB) : gemm(b, dy, transB, 1);
    const db = transB === 0 ? gemm(a, dy, 1 - transA, 0) : gemm(dy, a, 1, transA);
    const bias = node.inputs[2] ?? "";
    return [da, db, bias === "" ? null : m.sumLike(m.mul(dy, float("beta", 1)), bias)];
  }),
};

const product = ({ pulled }: Row, a: Value, b: Value) => pulled.build.add("MatMul", [a, b]);

/** Row vectors and columns become matrices. */
function asMatrix(m: Maths, value: Value, axis: 0 | 1): Value {
  const dims = m.dims(value);
  return dims.length > 1 ? value : m.reshape(value, axis === 0 ? [1, ...dims] : [...dims, 1]);
}

/** What the product of two stacks of matrices has. */
function productDims(m: Maths, a: Value, b: Value): readonly number[] {
  const [left, right] = [m.dims(a), m.dims(b)];
  const rank = Math.max(left.length, right.length);
  const at = (dims: readonly number[], axis: number) => dims[axis - rank + dims.length] ?? 1;
  const stack = Array.from({ length: rank - 2 }, (_, axis) => (at(left, axis) === 1 ? at(right, axis) : at(left, axis)));
  return [...stack, at(left, rank - 2), at(right, rank - 1)];
}

/** The last two axes exchanged. */
function turned(m: Maths, value: Value): Value {
  const rank = m.dims(value).length;
  return m.transpose(
    value,
    Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)),
  );
}

const likeOf = (m: Maths, gradient: Value, matrix: Value, like: Value) => m.reshape(m.sumLike(gradient, matrix), m.dims(like));

/** By one matrix all rows are multiplied alike: one product of two matrices each way, whatever the rank. */
function byFlatMatrix(given: Row): readonly Value[] {
  const { m, x, b, dy } = given;
  const flat = (value: Value) => m.reshape(value, [rowsOf(m.dims(value)), m.dims(value).at(-1) ?? 1]);
  const gemm = gemmOf(given, 1);
  return [m.reshape(gemm(flat(dy), b, 0, 1), m.dims(x)), gemm(flat(x), flat(dy), 1, 0)];
}

const rowsOf = (dims: readonly number[]) => dims.slice(0, -1).reduce((count, dim) => count * dim, 1);

function gemmOf({ m, pulled }: Row, alpha: number) {
  return (a: Value, b: Value, transA: number, transB: number) => {
    const made = pulled.build.add("Gemm", [a, b], { ...(transA === 1 && { transA }), ...(transB === 1 && { transB }) });
    return m.mul(made, alpha);
  };
}
