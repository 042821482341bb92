import type { FileHandle } from "node:fs/promises";
import { zstdDecompressSync } from "node:zlib";
import { type Column, CompressionType, type Field, setCompressionCodec, type Table, Type, tableFromIPC } from "@uwdata/flechette";
import { Problem, quoted } from "../../base/index.ts";
import type { Batch, Batches, BatchField, BatchValues } from "../batch.ts";
import { openTableFile } from "../file.ts";
import { unpackLz4 } from "./lz4.ts";
import { type Message, MessageTooLarge, messagesOf, NotArrow } from "./messages.ts";

/** What the batch that is being read may still unpack to; then, what its texts may still come to. */
let budget = 0;

function spend(bytes: number): void {
  budget -= bytes;
  if (!(bytes >= 0) || budget < 0) throw new MessageTooLarge();
}

const codec = (unpack: (packed: Uint8Array, size: number) => Uint8Array) => ({
  decode(packed: Uint8Array, size: number) {
    spend(size);
    return unpack(packed, size);
  },
  encode: (): never => {
    throw new Error("nothing is packed here");
  },
});
setCompressionCodec(CompressionType.LZ4_FRAME, codec(unpackLz4));
setCompressionCodec(
  CompressionType.ZSTD,
  codec((packed, size) => zstdDecompressSync(packed, { maxOutputLength: Math.max(size, 1) })),
);

interface Opened {
  readonly file: FileHandle;
  readonly bytes: number;
  readonly path: string;
  readonly most: number;
}

/** Reads an Arrow stream or file (`.arrow`, Feather version 2), record batch by record batch; one of more than `most` bytes, packed or not, is a Problem. */
export async function openArrow(path: string, shown: string, most: number): Promise<Batches & AsyncDisposable> {
  const opened: Opened = { ...(await openTableFile(path)), path: shown, most };
  try {
    const fields = await told(
      opened,
      async () => (await schemaOf(opened)).map((field) => fieldOf({ ...field, name: field.name ?? "" }, shown)), // a file may leave the name out
    );
    return { fields, batches: batchesOf(opened, fields), [Symbol.asyncDispose]: () => opened.file.close() };
  } catch (error) {
    await opened.file.close();
    throw error;
  }
}

async function schemaOf({ file, bytes, most }: Opened): Promise<readonly Field[]> {
  for await (const { kind, bytes: message } of messagesOf(file, bytes, most)) {
    if (kind === "schema") return tableFromIPC([message]).schema.fields;
    break;
  }
  throw new NotArrow("it does not begin with a schema");
}

/** A dictionary holds for all batches after it. */
async function* batchesOf(opened: Opened, fields: readonly BatchField[]): AsyncGenerator<Batch, void> {
  const before: Uint8Array[] = [];
  let kept = 0;
  const messages = messagesOf(opened.file, opened.bytes, opened.most);
  const next = () => told(opened, async () => (await messages.next()).value as Message | undefined);
  for (let message = await next(); message !== undefined; message = await next()) {
    const { kind, bytes, weight } = message;
    if (kind !== "batch") {
      before.push(bytes);
      kept += weight;
      if (kept > opened.most) throw tooLarge(opened);
      continue;
    }
    yield await told(opened, async () => batchOf([...before, bytes], fields, opened.most));
  }
}

function batchOf(messages: Uint8Array[], fields: readonly BatchField[], most: number): Batch {
  budget = most;
  const table: Table = tableFromIPC(messages, { useBigInt: true });
  if (table.numCols !== fields.length) throw new NotArrow("a batch has other columns than its schema");
  const columns = fields.map((_, at) => table.getChildAt(at) as Column<unknown>);
  if (columns.some(({ length }) => length !== table.numRows)) throw new NotArrow("the columns of a batch differ in length");
  budget = most;
  return { rows: table.numRows, columns: fields.map((field, at) => valuesOf(columns[at] as Column<unknown>, field)) };
}

function valuesOf(column: Column<unknown>, { stored, type }: BatchField): BatchValues {
  if (type === "DOUBLE") return doubles(column);
  const text = stored === "date" ? isoOf(column.type.typeId === Type.Date) : String;
  const isShared = column.type.typeId === Type.Dictionary; // its texts are there already, however often they are named
  const convert = (value: unknown) => {
    if (value === null || value === undefined) return null;
    if (type !== "VARCHAR") return value as bigint | boolean;
    const written = text(value);
    if (!isShared) spend(written.length);
    return written;
  };
  return Array.from({ length: column.length }, (_, row) => convert(column.at(row)));
}

function doubles(column: Column<unknown>): Float64Array {
  const values = new Float64Array(column.length);
  for (let row = 0; row < values.length; row++) {
    const value = column.at(row);
    values[row] = value === null || value === undefined ? Number.NaN : Number(value);
  }
  return values;
}

/** From milliseconds since 1970. */
const isoOf = (isDay: boolean) => (value: unknown) => {
  const text = new Date(Number(value)).toISOString();
  return isDay ? text.slice(0, 10) : text.slice(0, 23).replace(/\.000$/, "");
};

/** Of 256 bits; a power of ten with millions of digits would be worked out for every column. */
const mostDecimals = 76;

function fieldOf({ name, type }: Field, file: string): BatchField {
  switch (type.typeId) {
    case Type.Dictionary:
      return fieldOf({ name, type: type.dictionary, nullable: true, metadata: new Map() }, file);
    case Type.Int:
      return { name, stored: "number", type: type.bitWidth < 64 ? "DOUBLE" : type.signed ? "BIGINT" : "UBIGINT" };
    case Type.Decimal:
      if (Math.abs(type.scale) > mostDecimals) throw new NotArrow("a decimal number has more digits than there are");
      return { name, stored: "number", type: "DOUBLE" };
    case Type.Float:
    case Type.Null:
      return { name, stored: "number", type: "DOUBLE" };
    case Type.Bool:
      return { name, stored: "boolean", type: "BOOLEAN" };
    case Type.Date:
    case Type.Timestamp:
      return { name, stored: "date", type: "VARCHAR" };
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return { name, stored: "text", type: "VARCHAR" };
    default:
      throw new Problem("TABLE_COLUMN_NESTED", `column ${quoted(name)} is of an Arrow type that is no number, boolean, date or text`, {
        file,
        at: `column ${quoted(name)}`,
        remedy: "Leave it out, or write its parts as columns of their own.",
      });
  }
}

/** Whatever a file makes the reader throw is the file's fault: it runs on these bytes alone. */
async function told<T>(opened: Opened, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof MessageTooLarge) throw tooLarge(opened);
    throw new Problem("TABLE_DAMAGED", `the Arrow file cannot be read${error instanceof NotArrow ? `: ${error.message}` : ""}`, {
      file: opened.path,
      remedy: "It is truncated or damaged, or something else: write it again.",
    });
  }
}

const tooLarge = ({ path, most }: Opened) =>
  new Problem("TABLE_TOO_LARGE", `a record batch, or the dictionaries, need more than ${Math.floor(most / 2 ** 20)} MiB`, {
    file: path,
    remedy: "Write smaller record batches (pyarrow: `max_chunksize`), or Parquet; or raise the limit with SEXTANT_MEMORY_MIB.",
  });
