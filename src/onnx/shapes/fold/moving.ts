import { intOf, intsOf, textOf } from "../../attributes.ts";
import type { Constant } from "../../program.ts";
import { type Call, mismatch, numbersOf, sizeOf } from "../call.ts";
import { cutsOf } from "../selection.ts";
import {
  broadcastStrides,
  constantAt,
  type Fold,
  type FoldOne,
  listOf,
  made,
  one,
  picked,
  placesOf,
  strided,
  stridesOf,
} from "./arrays.ts";

/** The same values in the same order. */
const reshaped: FoldOne = (call, { dims }) => {
  const from = constantAt(call, 0);
  return from && { ...from, dims };
};

const transpose: FoldOne = (call, { dims }) => {
  const from = constantAt(call, 0);
  if (from === undefined) return undefined;
  const own = stridesOf(from.dims);
  const order = intsOf(call.node, "perm") ?? own.keys().toArray().reverse();
  return strided(
    from,
    dims,
    order.map((axis) => own.at(axis) ?? 0),
  );
};

const expand: FoldOne = (call, { dims }) => {
  const from = constantAt(call, 0);
  return from && strided(from, dims, broadcastStrides(from.dims, dims));
};

/** Read as [repeats, size] for each axis, the repeats without a stride. */
const tile: FoldOne = (call, { dims }) => {
  const [from, repeats] = [constantAt(call, 0), constantAt(call, 1)];
  if (from === undefined || repeats === undefined) return undefined;
  const times = numbersOf(repeats);
  const read = from.dims.flatMap((size, at) => [times[at] ?? 1, size]);
  return picked(
    from,
    dims,
    placesOf(
      read,
      stridesOf(from.dims).flatMap((stride) => [0, stride]),
    ),
  );
};

const slice: FoldOne = (call, { dims }) => {
  const from = constantAt(call, 0);
  if (from === undefined) return undefined;
  const strides = [...stridesOf(from.dims)];
  let offset = 0;
  for (const { axis, start, step } of cutsOf(call)) {
    offset += start * strides[axis]!;
    strides[axis] = strides[axis]! * step;
  }
  return strided(from, dims, strides, offset);
};

const split: Fold = (call, outputs) => {
  const from = constantAt(call, 0);
  if (from === undefined) return undefined;
  const axis = intOf(call.node, "axis", 0);
  const strides = stridesOf(from.dims);
  let start = 0;
  const parts = outputs.map(({ dims }) => {
    const part = strided(from, dims, strides, start * strides.at(axis)!);
    start += dims.at(axis)!;
    return part;
  });
  return parts.includes(undefined) ? undefined : (parts as Constant[]);
};

/** Block after block: of each part what lies behind the axis, for each place before it. */
const concat: FoldOne = (call, { element, dims }) => {
  const axis = intOf(call.node, "axis", 0);
  const sources = call.inputs.flatMap((input) => {
    const part = input?.constant;
    return part === undefined ? [] : [{ values: listOf(part), block: sizeOf(part.dims.slice(axis)), next: 0 }];
  });
  if (sources.length < call.inputs.length) return undefined;
  let [source, left] = [0, sources[0]!.block];
  return made(element, dims, call.inputs[0]?.constant?.type ?? 0, () => {
    while (left === 0) {
      source = (source + 1) % sources.length;
      left = sources[source]!.block;
    }
    left--;
    const { values, next } = sources[source]!;
    sources[source]!.next++;
    return values[next];
  });
};

/** An index counted from the front. */
function indexOf(call: Call, index: number, size: number): number {
  const at = index < 0 ? index + size : index;
  return at >= 0 && at < size ? at : mismatch(call, `there is no ${index} among ${size}`);
}

const gather: FoldOne = (call, { dims }) => {
  const [from, indices] = [constantAt(call, 0), constantAt(call, 1)];
  if (from === undefined || indices === undefined) return undefined;
  const axis =
    from.dims
      .keys()
      .toArray()
      .at(intOf(call.node, "axis", 0)) ?? 0;
  const [size = 0, block] = [from.dims[axis], sizeOf(from.dims.slice(axis + 1))];
  const asked = numbersOf(indices).map((index) => indexOf(call, index, size));
  const places = placesOf(dims, stridesOf(dims)).map((at) => {
    const [outer, rest] = [Math.floor(at / (asked.length * block)), at % (asked.length * block)];
    return (outer * size + asked[Math.floor(rest / block)]!) * block + (rest % block);
  });
  return picked(from, dims, places);
};

/** For each index of GatherElements and ScatterElements, the place in the data that it stands for. */
function elementPlaces(call: Call, data: Constant, indices: Constant): Int32Array {
  const strides = stridesOf(data.dims);
  const axis =
    strides
      .keys()
      .toArray()
      .at(intOf(call.node, "axis", 0)) ?? 0;
  const [size = 0, stride = 1] = [data.dims[axis], strides[axis]];
  const asked = numbersOf(indices);
  return placesOf(indices.dims, strides.with(axis, 0)).map((place, at) => place + indexOf(call, asked[at]!, size) * stride);
}

const gatherElements: FoldOne = (call, { dims }) => {
  const [from, indices] = [constantAt(call, 0), constantAt(call, 1)];
  return from && indices && picked(from, dims, elementPlaces(call, from, indices));
};

/** The places that the tuples of GatherND and ScatterND stand for, each followed by the block behind it. */
function tuplePlaces(call: Call, data: Constant, indices: Constant): Int32Array {
  const depth = indices.dims.at(-1) ?? 1;
  const strides = stridesOf(data.dims);
  const block = sizeOf(data.dims.slice(depth));
  const asked = numbersOf(indices);
  return new Int32Array((asked.length / Math.max(depth, 1)) * block).map((_, at) => {
    const tuple = Math.floor(at / block) * depth;
    let place = at % block;
    for (let axis = 0; axis < depth; axis++) place += indexOf(call, asked[tuple + axis]!, data.dims[axis]!) * strides[axis]!;
    return place;
  });
}

const gatherNd: FoldOne = (call, { dims }) => {
  const [from, indices] = [constantAt(call, 0), constantAt(call, 1)];
  if (from === undefined || indices === undefined || indices.dims.at(-1) === 0 || intOf(call.node, "batch_dims", 0) !== 0) return undefined;
  return picked(from, dims, tuplePlaces(call, from, indices));
};

const scatter =
  (placesIn: (call: Call, data: Constant, indices: Constant) => Int32Array): FoldOne =>
  (call, { dims }) => {
    const [from, indices, updates] = [constantAt(call, 0), constantAt(call, 1), constantAt(call, 2)];
    if (from === undefined || indices === undefined || updates === undefined || indices.dims.at(-1) === 0) return undefined;
    if (textOf(call.node, "reduction", "none") !== "none") return undefined;
    const sources = new Map(
      placesIn(call, from, indices)
        .entries()
        .map(([source, place]) => [place, source]),
    );
    const [old, fresh] = [listOf(from), listOf(updates)];
    return made(from.element, dims, from.type, (at) => {
      const source = sources.get(at);
      return source === undefined ? old[at] : fresh[source];
    });
  };

const compress: FoldOne = (call, { dims }) => {
  const [from, condition] = [constantAt(call, 0), constantAt(call, 1)];
  if (from === undefined || condition === undefined) return undefined;
  const axis = intOf(call.node, "axis");
  const kept = Int32Array.from(numbersOf(condition).flatMap((value, at) => (value === 0 ? [] : [at])));
  if (axis === undefined) return picked(from, dims, kept);
  const at = from.dims.keys().toArray().at(axis) ?? 0;
  const strides = stridesOf(from.dims);
  const blocks = placesOf(dims, strides.with(at, 0));
  const along = placesOf(
    dims,
    strides.map((_, index) => (index === at ? 1 : 0)),
  );
  return picked(
    from,
    dims,
    blocks.map((place, index) => place + kept[along[index]!]! * strides[at]!),
  );
};

/** Values that change their place alone. */
export const moving: Readonly<Record<string, Fold>> = {
  Identity: one(reshaped),
  Reshape: one(reshaped),
  Flatten: one(reshaped),
  Squeeze: one(reshaped),
  Unsqueeze: one(reshaped),
  Transpose: one(transpose),
  Expand: one(expand),
  Tile: one(tile),
  Slice: one(slice),
  Split: split,
  Concat: one(concat),
  Gather: one(gather),
  GatherElements: one(gatherElements),
  GatherND: one(gatherNd),
  ScatterElements: one(scatter(elementPlaces)),
  ScatterND: one(scatter(tuplePlaces)),
  Compress: one(compress),
};
