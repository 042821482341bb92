import type { Tensor, TensorConstructor } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import type { Table } from "../data/index.ts";
import { codedInput, widened } from "../onnx/index.ts";
import { fresh, type Take } from "./buffers.ts";
import { numberSources, textColumn } from "./columns.ts";
import { pictureFiller } from "./images/index.ts";
import { type FloatType, floatTypes, isHalf, type OnnxBinding, type Port, type WholeType } from "./model.ts";
import { writeRows } from "./rows.ts";

/** Puts the tensors of rows [start, start + count) into `feeds`. Buffers are reused: a batch's tensors live until the next. Pictures are waited for. */
export type Filler = (feeds: Record<string, Tensor>, start: number, count: number) => void | Promise<void>;

type BoundInput = OnnxBinding["inputs"][number];

/** What filling one input needs. */
interface Filling {
  readonly make: TensorConstructor;
  readonly table: Table;
  readonly port: Port;
  readonly columns: readonly string[];
  readonly binding: OnnxBinding;
  /** The most rows of one call. */
  readonly batch: number;
  readonly take: Take;
  /** The tensor's shape for so many rows of `width` values each. */
  dims(count: number, width: number): number[];
}

/** How one input is filled from a table, batch by batch. */
export function filler(
  make: TensorConstructor,
  table: Table,
  port: Port,
  { columns, shape, image }: BoundInput,
  binding: OnnxBinding,
  batch: number,
  take: Take = fresh,
): Filler {
  if (image !== undefined) {
    const feed = {
      name: isHalf(port) ? widened(port.name) : port.name,
      type: isHalf(port) ? ("float32" as const) : (port.type as "float32"),
    };
    return pictureFiller({ make, table, port, column: columns[0] ?? "", batch, take, ...feed }, image);
  }
  const dims = (count: number, width: number) => [count, ...(shape ?? (port.shape.length === 1 ? [] : [width]))];
  const filling = { make, table, port, columns, binding, batch, take, dims };
  if (port.type === "string") return textFiller(filling);
  if (port.type === "other") throw new Error(`nothing fills an input of type ${port.other}`);
  return isFloat(port.type) ? numberFiller(filling, port.type) : wholeFiller(filling, port.type);
}

const isFloat = (type: Port["type"]): type is FloatType => floatTypes.some((float) => float === type);

const sourcesOf = ({ table, columns, binding }: Filling) => columns.flatMap((name) => numberSources(table, name, binding));

/** Half precision is made in the graph, from float32 (see onnx's `rewrite`). */
function numberFiller(filling: Filling, type: FloatType): Filler {
  const { make, port, batch, take, dims } = filling;
  const sources = sourcesOf(filling);
  const width = sources.length;
  const name = isHalf(port) ? widened(port.name) : port.name;
  const buffer = take(type === "float64" ? "float64" : "float32", batch * width);
  const tensorOf = (count: number) => new make(buffer.subarray(0, count * width), dims(count, width));
  const full = tensorOf(batch);
  return (feeds, start, count) => {
    writeRows(sources, buffer, start, count);
    feeds[name] = count === batch ? full : tensorOf(count);
  };
}

/** Whole numbers and booleans: they cannot say that a value is missing. */
function wholeFiller(filling: Filling, type: WholeType): Filler {
  const { make, port, columns, batch, dims } = filling;
  const sources = sourcesOf(filling);
  const width = sources.length;
  const numbers = new Float64Array(batch * width);
  const { values, put } = wholeBuffer(type, batch * width);
  const [least, most] = wholeRanges[type];
  return (feeds, start, count) => {
    writeRows(sources, numbers, start, count);
    for (let at = 0; at < count * width; at++) {
      const value = numbers[at]!;
      if (!(value >= least && value <= most && Number.isInteger(value)))
        throw notWhole(port, columns, value, start + Math.floor(at / width));
      put(at, value);
    }
    feeds[port.name] = new make(type, values.subarray(0, count * width), dims(count, width));
  };
}

/** Beyond 2^53 a column's numbers are no longer whole ones for certain. */
const wholeRanges: Readonly<Record<WholeType, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  bool: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

const narrowArrays = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
} as const;

function wholeBuffer(type: WholeType, length: number) {
  if (type === "int64" || type === "uint64") {
    const values = type === "int64" ? new BigInt64Array(length) : new BigUint64Array(length);
    const words = new Int32Array(values.buffer); // little-endian; a BigInt a value would cost ten times as much
    const put = (at: number, value: number) => {
      words[2 * at] = value;
      words[2 * at + 1] = Math.floor(value / 2 ** 32);
    };
    return { values, put };
  }
  const values = new narrowArrays[type](length);
  const put = (at: number, value: number) => {
    values[at] = type === "bool" ? Number(value !== 0) : value;
  };
  return { values, put };
}

function notWhole(port: Port, columns: readonly string[], value: number, row: number): Problem {
  const holds = Number.isNaN(value) ? "is empty" : `holds ${value}`;
  const which = columns.length === 1 ? `column ${quoted(columns[0] ?? "")} ${holds}` : `one of its ${columns.length} columns ${holds}`;
  return new Problem("MODEL_INPUT_INVALID", `the model's input ${quoted(port.name)} takes whole numbers; ${which}`, {
    at: `row ${row}`,
    remedy: "Fill in or round the value as it was done in training.",
  });
}

/** Codes into one dictionary for all columns of the input; its last text, "", stands for missing (see onnx's `rewrite`). */
function textFiller({ make, table, port, columns: names, batch, dims }: Filling): Filler {
  const columns = names.map((name) => textColumn(table, name));
  const width = columns.length;
  const input = codedInput(port.name);
  const texts = [...columns.flatMap(({ categories }) => categories), ""];
  const missing = texts.length - 1;
  const dictionary = new make("string", texts, [texts.length]);
  const buffer = new Int32Array(batch * width);
  return (feeds, start, count) => {
    let base = 0;
    for (const [offset, { codes, categories }] of columns.entries()) {
      for (let row = 0, at = offset; row < count; row++, at += width) {
        const code = codes[start + row]!;
        buffer[at] = code < 0 ? missing : base + code;
      }
      base += categories.length;
    }
    feeds[input.codes] = new make("int32", buffer.subarray(0, count * width), dims(count, width));
    feeds[input.dictionary] = dictionary;
  };
}
