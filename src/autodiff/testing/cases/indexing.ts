import type { indexing } from "../../pullbacks/indexing.ts";
import type { CaseMaker } from "../check-pullback.ts";
import { type Given, type Sampler, sizeOf } from "../sampler.ts";

/** Indices below `length`, some counted from the end. */
const indices = (s: Sampler, dims: readonly number[], length: number): Given =>
  s.ints(Array.from({ length: sizeOf(dims) }, () => s.whole(-length, length - 1)), dims); // biome-ignore format: one value

const gather =
  (axis: number, rank: number): CaseMaker =>
  (s) => {
    const dims = s.dims(3);
    return { op: "Gather", attributes: { axis }, inputs: [s.real(dims), indices(s, s.dims(rank), dims[axis < 0 ? axis + 3 : axis] ?? 1)] };
  };

const gatherElements =
  (axis: number): CaseMaker =>
  (s) => {
    const dims = s.dims(3);
    const at = axis < 0 ? axis + 3 : axis;
    const shape = dims.map((dim, other) => (other === at ? s.whole(1, 5) : s.whole(1, dim)));
    return { op: "GatherElements", attributes: { axis }, inputs: [s.real(dims), indices(s, shape, dims[at] ?? 1)] };
  };

const gatherND =
  (batch_dims: number, depth: number): CaseMaker =>
  (s) => {
    const dims = s.dims(batch_dims + depth + 1);
    const cells = [...dims.slice(0, batch_dims), s.whole(1, 3)];
    const rows = Array.from({ length: sizeOf(cells) }, () =>
      Array.from({ length: depth }, (_, at) => s.whole(-(dims[batch_dims + at] ?? 1), (dims[batch_dims + at] ?? 1) - 1)),
    );
    return { op: "GatherND", attributes: { batch_dims }, inputs: [s.real(dims), s.ints(rows.flat(), [...cells, depth])] };
  };

const scatterElements =
  (reduction: string, axis: number): CaseMaker =>
  (s) => {
    const dims = [s.whole(2, 4), s.whole(1, 3), s.whole(2, 4)];
    const at = axis < 0 ? axis + 3 : axis;
    const [length, count] = [dims[at] ?? 1, s.whole(1, dims[at] ?? 1)];
    const shape = dims.map((dim, other) => (other === at ? count : dim));
    // Along the axis no place twice where updates replace: what then stands there is not defined.
    const chosen = reduction === "add" ? Array.from({ length: count }, () => s.whole(0, length - 1)) : [...s.random.sample(length, count)];
    const inner = sizeOf(shape.slice(at + 1));
    const listed = Array.from({ length: sizeOf(shape) }, (_, place) => chosen[Math.floor(place / inner) % count] ?? 0);
    return { op: "ScatterElements", attributes: { axis, reduction }, inputs: [s.real(dims), s.ints(listed, shape), s.real(shape)] };
  };

const scatterND =
  (reduction: string): CaseMaker =>
  (s) => {
    const [rows, columns, depth] = [s.whole(2, 4), s.whole(2, 3), s.whole(1, 2)];
    const places = [...s.random.sample(rows * columns, 2)].map((at) => [Math.floor(at / columns), at % columns]);
    const listed = reduction === "add" ? places.map(() => [0, 1]) : places;
    return {
      op: "ScatterND",
      attributes: { reduction },
      inputs: [s.real([rows, columns, depth]), s.ints(listed.flat(), [2, 2]), s.real([2, depth])],
    };
  };

const topK =
  (axis: number, largest: number): CaseMaker =>
  (s) => {
    const dims = s.dims(3);
    const k = s.whole(1, dims[axis < 0 ? axis + 3 : axis] ?? 1);
    return { op: "TopK", attributes: { axis, largest, sorted: 1 }, inputs: [s.distinct(dims), s.ints([k])], outputs: 2 };
  };

export const indexingCases: Record<keyof typeof indexing, readonly CaseMaker[]> = {
  Gather: [gather(0, 1), gather(1, 2), gather(-1, 1), gather(2, 0), gather(0, 0)],
  GatherElements: [gatherElements(0), gatherElements(1), gatherElements(-1)],
  GatherND: [gatherND(0, 1), gatherND(0, 2), gatherND(1, 1), gatherND(2, 1)],
  ScatterElements: [scatterElements("none", 0), scatterElements("none", -1), scatterElements("add", 1), scatterElements("add", 2)],
  ScatterND: [scatterND("none"), scatterND("add")],
  TopK: [topK(-1, 1), topK(0, 0), topK(1, 1)],
};
