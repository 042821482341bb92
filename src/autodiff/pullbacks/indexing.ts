import { textOf } from "../../onnx/index.ts";
import { NoGradient } from "../missing.ts";
import { wholeNumbers } from "../numbers.ts";
import type { Builder, Value } from "../pullback.ts";
import { type Row, row, unary } from "./rows.ts";
import { padded, positive } from "./shaping.ts";

/** Operators that choose by indices. The gradient of what is chosen several times is the sum. */
export const indexing = {
  Gather: unary((given) => gathered(given.pulled.build, given.dy, given.b, positive(given.int("axis", 0), rankOf(given)), given.x)),
  GatherElements: unary(({ m, pulled, dy, b, x, int }) =>
    pulled.build.add("ScatterElements", [m.zeros(m.dims(x), x), b, dy], { axis: int("axis", 0), reduction: "add" }),
  ),
  GatherND: unary(({ m, pulled, dy, b, x, int }) => {
    const indices = withBatches(pulled.build, b, m.dims(x), int("batch_dims", 0));
    return pulled.build.add("ScatterND", [m.zeros(m.dims(x), x), indices, dy], { reduction: "add" });
  }),
  ScatterElements: row((given) => {
    const { pulled, dy, b, int, m, node } = given;
    const axis = { axis: int("axis", 0) };
    const updates = node.inputs[2] ?? "";
    const left = isAdded(given) ? dy : pulled.build.add("ScatterElements", [dy, b, m.zeros(m.dims(updates), dy)], axis);
    return [left, null, pulled.build.add("GatherElements", [dy, b], axis)];
  }),
  ScatterND: row((given) => {
    const { pulled, dy, b, m, node } = given;
    const updates = node.inputs[2] ?? "";
    const left = isAdded(given) ? dy : pulled.build.add("ScatterND", [dy, b, m.zeros(m.dims(updates), dy)]);
    return [left, null, pulled.build.add("GatherND", [dy, b])];
  }),
  TopK: unary(({ m, pulled, dy, x, b, node, int }) => {
    const [, indices = ""] = pulled.build.addMany("TopK", [x, b], 2, Object.fromEntries(node.attributes));
    return pulled.build.add("ScatterElements", [m.zeros(m.dims(x), x), indices, dy], { axis: int("axis", -1) });
  }),
};

const rankOf = ({ m, x }: Row) => m.dims(x).length;

/** Whether updates are added; without a reduction they replace. */
function isAdded({ node }: Row): boolean {
  const reduction = textOf(node, "reduction", "none");
  if (reduction !== "none" && reduction !== "add") throw new NoGradient(`none is written for its reduction ${reduction}`);
  return reduction === "add";
}

/** The gradient of `like` where dy is that of its gathering by `indices` along an axis. */
export function gathered(build: Builder, dy: Value, indices: Value, axis: number, like: Value): Value {
  const { dims } = build.known(like);
  const { dims: rows, constant } = build.known(indices);
  const one = constant === undefined ? undefined : wholeNumbers(constant);
  if (one?.length === 1) return placed(build, dy, positive(one[0] ?? 0, dims[axis] ?? 1), axis, dims);
  const places = rows.map((_, at) => axis + at);
  const others = build.known(dy).dims.flatMap((_, at) => (places.includes(at) ? [] : [at]));
  const front = build.add("Transpose", [dy], { perm: [...places, ...others] });
  const turned = [dims[axis] ?? 1, ...dims.filter((_, at) => at !== axis)];
  const zeros = build.add("Expand", [build.scalar(0, like), build.ints(...turned)]);
  const column = build.add("Reshape", [build.add("Cast", [indices], { to: int64 }), build.ints(...rows, 1)]);
  const summed = build.add("ScatterND", [zeros, column, front], { reduction: "add" });
  return build.add("Transpose", [summed], { perm: dims.map((_, at) => (at === axis ? 0 : at < axis ? at + 1 : at)) });
}

const int64 = 7;

/** One place along an axis, zeros elsewhere. */
function placed(build: Builder, dy: Value, at: number, axis: number, dims: readonly number[]): Value {
  const single = build.add("Reshape", [dy, build.ints(...dims.map((dim, other) => (other === axis ? 1 : dim)))]);
  const before = dims.map((_, other) => (other === axis ? at : 0));
  return padded(build, single, before, dims.map((dim, other) => (other === axis ? dim - at - 1 : 0))); // biome-ignore format: one call
}

/** Indices of GatherND with those of the batches before them. */
function withBatches(build: Builder, indices: Value, dims: readonly number[], batches: number): Value {
  if (batches === 0) return indices;
  const shape = build.known(indices).dims;
  const cells = shape.slice(0, -1);
  const grids = Array.from({ length: batches }, (_, axis) => {
    const counted = BigInt64Array.from({ length: dims[axis] ?? 0 }, (_, at) => BigInt(at));
    const column = build.constant(counted, [...cells.map((_, at) => (at === axis ? (dims[axis] ?? 0) : 1)), 1]);
    return build.add("Expand", [column, build.ints(...cells, 1)]);
  });
  return build.add("Concat", [...grids, indices], { axis: -1 });
}
