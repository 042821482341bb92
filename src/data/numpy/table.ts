import { join } from "node:path";
import { Problem, quoted } from "../../base/index.ts";
import type { Batch, Batches, BatchField, BatchValues } from "../batch.ts";
import { checkCount } from "../names.ts";
import type { ArraySource, TableSource } from "../table.ts";
import type { Elements } from "./elements.ts";
import { arraysIn, openArray, type StoredArray } from "./index.ts";

interface Part {
  readonly column: string;
  readonly file: string;
  readonly array: StoredArray;
}

/** Arrays side by side, of as many rows: one of one axis is a column of its own name, one of two axes gives the columns `x0`, `x1` ... */
export async function openArrays(source: TableSource, spillFolder: string): Promise<Batches & AsyncDisposable> {
  const parts: Part[] = [];
  const close = async () => {
    for (const { array } of parts) await array[Symbol.asyncDispose]();
  };
  try {
    for (const { column, file, array } of source.arrays ?? (await allArrays(source.path))) {
      const path = source.arrays === undefined ? source.path : join(source.path, file);
      parts.push({ column, file: path, array: await openArray(path, array ?? null, { spillFolder }) });
    }
    const rows = commonRows(parts, source.path);
    return { fields: parts.flatMap(fieldsOf), batches: batchesOf(parts, rows), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function allArrays(path: string): Promise<ArraySource[]> {
  const names = await arraysIn(path);
  return names.map((name) => ({ column: name, file: path, ...(/\.npz$/i.test(path) ? { array: name } : {}) }));
}

function commonRows(parts: readonly Part[], path: string): number {
  const [first] = parts;
  if (first === undefined)
    throw new Problem("TABLE_EMPTY", "there is no array in the file", { file: path, remedy: "Write the table to it again." });
  for (const part of parts) {
    const { shape } = part.array;
    if (shape.length === 0 || shape.length > 2) throw notATable(part);
    if (shape[0] !== first.array.shape[0]) throw unequal(first, part);
  }
  checkCount(
    parts.reduce((sum, { array: { shape } }) => sum + (shape[1] ?? 1), 0),
    path,
  );
  return first.array.shape[0] ?? 0;
}

function fieldsOf({ column, array: { type, shape } }: Part): BatchField[] {
  const field = (name: string): BatchField => ({ name, ...storedAs(type) });
  return shape.length === 1 ? [field(column)] : Array.from({ length: shape[1] ?? 0 }, (_, at) => field(`${column}${at}`));
}

function storedAs({ kind, bytes }: StoredArray["type"]): Pick<BatchField, "stored" | "type"> {
  switch (kind) {
    case "boolean":
      return { stored: "boolean", type: "BOOLEAN" };
    case "integer":
      return { stored: "number", type: bytes === 8 ? "BIGINT" : "DOUBLE" };
    case "unsigned":
      return { stored: "number", type: bytes === 8 ? "UBIGINT" : "DOUBLE" };
    case "float":
      return { stored: "number", type: "DOUBLE" };
    case "text":
    case "bytes":
      return { stored: "text", type: "VARCHAR" };
    case "date":
      return { stored: "date", type: "VARCHAR" };
  }
}

const batchBytes = 1 << 23;

async function* batchesOf(parts: readonly Part[], rows: number): AsyncGenerator<Batch, void> {
  const rowBytes = parts.reduce((sum, { array: { type, shape } }) => sum + type.bytes * (shape[1] ?? 1), 0);
  const most = Math.max(1, Math.floor(batchBytes / Math.max(rowBytes, 1)));
  for (let start = 0; start < rows; start += most) {
    const count = Math.min(most, rows - start);
    const columns: BatchValues[] = [];
    for (const { array } of parts) columns.push(...columnsOf(await array.read(start, count), count, array));
    yield { rows: count, columns };
  }
}

function columnsOf(elements: Elements, rows: number, { type, shape }: StoredArray): BatchValues[] {
  const width = shape[1] ?? 1;
  const convert =
    type.kind === "boolean" ? (value: Elements[number]) => value === 1 : (value: Elements[number]) => value as string | bigint | null;
  return Array.from({ length: width }, (_, column): BatchValues => {
    const place = (row: number) => row * width + column;
    if (storedAs(type).type === "DOUBLE") return Float64Array.from({ length: rows }, (_each, row) => elements[place(row)] as number);
    return Array.from({ length: rows }, (_each, row) => convert(elements[place(row)] ?? null));
  });
}

const notATable = ({ column, file, array: { shape } }: Part) =>
  new Problem("TABLE_ARRAY", `array ${quoted(column)} has ${shape.length} axes; a column has one, and columns side by side have two`, {
    file,
    remedy:
      "Name the arrays that belong to the table (`arrays: { x: data.npz#x_train, y: data.npz#y_train }`); arrays of pictures are declared as such.",
  });

const unequal = (first: Part, other: Part) =>
  new Problem(
    "TABLE_ARRAY",
    `array ${quoted(other.column)} has ${other.array.shape[0]} rows, and ${quoted(first.column)} ${first.array.shape[0]}`,
    { file: other.file, remedy: "Name the arrays that belong together: `arrays: { x: data.npz#x_train, y: data.npz#y_train }`." },
  );
