import { TensorProtoSchema } from "onnx-buf";
import { bytesOf, countOf } from "./check.ts";
import { elementOf, numbersIn, zeros } from "./element.ts";
import { numbersOf, type OnnxTensor, type SparseTensor } from "./graph.ts";
import type { Constant, Element, Values } from "./program.ts";
import { eachField, int64At, Malformed, wire } from "./wire.ts";

const field = numbersOf(TensorProtoSchema, ["floatData", "int32Data", "stringData", "int64Data", "rawData", "doubleData", "uint64Data"]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text of the file, however long. Throws Malformed when it is not UTF-8. */
export function longTextAt(bytes: Uint8Array, start: number, end: number): string {
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    throw new Malformed("a text is not UTF-8");
  }
}

/** The tensor with its values: a view of the file's bytes where these are aligned raw data. `external` are its bytes when they lie in another file. */
export function constantAt(bytes: Uint8Array, tensor: OnnxTensor, external: Uint8Array | undefined): Constant {
  const element = elementOf(tensor.type);
  if (element === null) throw new Malformed("a tensor has no type");
  return { element, type: tensor.type, dims: tensor.dims, values: valuesAt(bytes, tensor, element, external) };
}

function valuesAt(bytes: Uint8Array, tensor: OnnxTensor, element: Element, external: Uint8Array | undefined): Values {
  if (element === "string") return textsAt(bytes, tensor);
  const raw = external ?? rawAt(bytes, tensor);
  return raw === undefined || raw.length === 0 ? typedAt(bytes, tensor, element) : numbersIn(element, raw);
}

function rawAt(bytes: Uint8Array, { start, end }: OnnxTensor): Uint8Array | undefined {
  let raw: Uint8Array | undefined;
  eachField(bytes, start, end, (number, _wire, from, to) => {
    if (number === field.rawData) raw = bytes.subarray(from, to);
  });
  return raw;
}

function textsAt(bytes: Uint8Array, { start, end }: OnnxTensor): string[] {
  const texts: string[] = [];
  eachField(bytes, start, end, (number, _wire, from, to) => {
    if (number === field.stringData) texts.push(longTextAt(bytes, from, to));
  });
  return texts;
}

/** Numbers in the field of their type: fixed ones as their bytes, whole ones one by one; a float16 is a whole one that holds its bits. */
function typedAt(bytes: Uint8Array, tensor: OnnxTensor, element: Exclude<Element, "string">): Exclude<Values, readonly string[]> {
  const parts: Uint8Array[] = [];
  const wholes: bigint[] = [];
  const most = countOf(tensor) * 2;
  eachField(bytes, tensor.start, tensor.end, (number, wireType, from, to) => {
    if (number === field.floatData || number === field.doubleData) parts.push(bytes.subarray(from, to));
    else if (number === field.int32Data || number === field.int64Data || number === field.uint64Data)
      eachVarint(bytes, wireType, from, to, (value) => {
        if (wholes.length <= most) wholes.push(value);
      });
  });
  const fixed = parts.length > 0 || bytesOf(tensor) === 0;
  return sized(tensor, fixed ? numbersIn(element, parts.length === 1 ? parts[0]! : Buffer.concat(parts)) : wholeNumbers(element, wholes));
}

function wholeNumbers(element: Exclude<Element, "string">, wholes: readonly bigint[]): Exclude<Values, readonly string[]> {
  const array = zeros(element, wholes.length);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) for (const [at, value] of wholes.entries()) array[at] = value;
  else for (const [at, value] of wholes.entries()) array[at] = Number(value);
  return array;
}

function sized<V extends Values>(tensor: OnnxTensor, values: V): V {
  const needed = elementOf(tensor.type) === "opaque" ? bytesOf(tensor) : countOf(tensor);
  if (values.length !== needed) throw new Malformed(`a tensor of ${needed} values holds ${values.length}`);
  return values;
}

/** Visits each whole number of a repeated field. */
export function eachVarint(bytes: Uint8Array, wireType: number, start: number, end: number, visit: (value: bigint) => void): void {
  if (wireType !== wire.bytes) {
    visit(int64At(bytes, start, end));
    return;
  }
  let from = start;
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) continue;
    visit(int64At(bytes, from, at + 1));
    from = at + 1;
  }
}

/** A sparse tensor as a dense one. Its indices are places in the row-major order, or coordinates. */
export function densified(values: Constant, indices: Constant, { dims }: SparseTensor): Constant {
  if (values.element === "string" || values.element === "opaque" || !(indices.values instanceof BigInt64Array))
    throw new Malformed("a sparse tensor is of a type that is not read");
  const dense = zeros(values.element, countOf({ dims }));
  const places = placesOf(indices.values, indices.dims, dims);
  for (const [at, value] of (values.values as Exclude<Values, readonly string[]>).entries()) {
    const place = places[at];
    if (place === undefined || place < 0 || place >= dense.length) throw new Malformed("a sparse tensor has values outside its shape");
    dense[place] = value;
  }
  return { ...values, dims, values: dense };
}

function placesOf(indices: BigInt64Array, shape: readonly number[], dims: readonly number[]): readonly number[] {
  if (shape.length !== 2) return Array.from(indices, Number);
  if (shape[1] !== dims.length) throw new Malformed("the coordinates of a sparse tensor do not fit its shape");
  return Array.from({ length: shape[0] ?? 0 }, (_, row) =>
    dims.reduce((place, dim, axis) => {
      const index = Number(indices[row * dims.length + axis]);
      return index >= 0 && index < dim ? place * dim + index : Number.NaN;
    }, 0),
  );
}
