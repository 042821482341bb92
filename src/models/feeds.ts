import type { Tensor, TensorConstructor } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import type { Table } from "../data/index.ts";
import { codedInput } from "../onnx/index.ts";
import { type NumberSource, numberSources, textColumn } from "./columns.ts";
import type { OnnxBinding, Port } from "./model.ts";
import { writeRows } from "./rows.ts";

/** Puts the tensors of rows [start, start + count) into `feeds`. Buffers are reused: a batch's tensors live until the next. */
export type Filler = (feeds: Record<string, Tensor>, start: number, count: number) => void;

type BoundInput = OnnxBinding["inputs"][number];

/** How one input is filled from a table, batch by batch. */
export function filler(
  make: TensorConstructor,
  table: Table,
  port: Port,
  { columns }: BoundInput,
  binding: OnnxBinding,
  batch: number,
): Filler {
  if (port.type === "string") return textFiller(make, table, port, columns, batch);
  const sources = columns.flatMap((name) => numberSources(table, name, binding));
  if (port.type === "float32" || port.type === "float64") return numberFiller(make, port, sources, batch);
  return wholeFiller(make, port, columns, sources, batch);
}

const dims = (port: Port, count: number, width: number) => (port.shape.length === 1 ? [count] : [count, width]);

function numberFiller(make: TensorConstructor, port: Port, sources: readonly NumberSource[], batch: number): Filler {
  const width = sources.length;
  const isSingle = port.type === "float32";
  const buffer = isSingle ? new Float32Array(batch * width) : new Float64Array(batch * width);
  const tensorOf = (count: number) => {
    const values = buffer.subarray(0, count * width);
    const shape = dims(port, count, width);
    return values instanceof Float32Array ? new make("float32", values, shape) : new make("float64", values, shape);
  };
  const full = tensorOf(batch);
  return (feeds, start, count) => {
    writeRows(sources, buffer, start, count);
    feeds[port.name] = count === batch ? full : tensorOf(count);
  };
}

/** Whole numbers and booleans: they cannot say that a value is missing. */
function wholeFiller(
  make: TensorConstructor,
  port: Port,
  columns: readonly string[],
  sources: readonly NumberSource[],
  batch: number,
): Filler {
  const width = sources.length;
  const numbers = new Float64Array(batch * width);
  const isNarrow = port.type === "int32";
  const { tensor, put } = wholeBuffer(make, port, batch * width);
  return (feeds, start, count) => {
    writeRows(sources, numbers, start, count);
    for (let at = 0; at < count * width; at++) {
      const value = numbers[at]!;
      if (!Number.isSafeInteger(value) || (isNarrow && value !== (value | 0)))
        throw notWhole(port, columns, value, start + Math.floor(at / width));
      put(at, value);
    }
    feeds[port.name] = tensor(count * width, dims(port, count, width));
  };
}

interface WholeBuffer {
  put(at: number, value: number): void;
  tensor(length: number, shape: number[]): Tensor;
}

function wholeBuffer(make: TensorConstructor, { type }: Port, length: number): WholeBuffer {
  if (type === "int64") {
    const values = new BigInt64Array(length);
    const words = new Int32Array(values.buffer); // little-endian; a BigInt a value would cost ten times as much
    return {
      put(at, value) {
        words[2 * at] = value;
        words[2 * at + 1] = Math.floor(value / 2 ** 32);
      },
      tensor: (used, shape) => new make("int64", values.subarray(0, used), shape),
    };
  }
  const values = type === "int32" ? new Int32Array(length) : new Uint8Array(length);
  return {
    put(at, value) {
      values[at] = type === "bool" ? Number(value !== 0) : value;
    },
    tensor: (used, shape) =>
      values instanceof Int32Array ? new make("int32", values.subarray(0, used), shape) : new make("bool", values.subarray(0, used), shape),
  };
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
function textFiller(make: TensorConstructor, table: Table, port: Port, names: readonly string[], batch: number): Filler {
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
    feeds[input.codes] = new make("int32", buffer.subarray(0, count * width), dims(port, count, width));
    feeds[input.dictionary] = dictionary;
  };
}
