import { rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Batches, BatchField } from "../batch.ts";
import { withoutEnding } from "../formats.ts";
import { openJson } from "../json/index.ts";
import { checkNames } from "../names.ts";
import { openArrays } from "../numpy/table.ts";
import type { TableSource } from "../table.ts";
import { unpackFile } from "../unpack.ts";
import { openCsv } from "./csv.ts";
import { openParquet } from "./parquet.ts";
import { empty, type Part, type PartField, rowsInGroup } from "./part.ts";
import type { Session } from "./session.ts";
import { writeBatches } from "./write.ts";

/** Opens a file of a table; whatever it is written in, what comes out is Parquet: all later questions are quick, and are asked in one way. */
export async function openPart(session: Session, source: TableSource, path: string): Promise<Part> {
  if (source.format === "numpy" && source.arrays !== undefined) return openNumpy(session, source, source.path);
  const copy = session.place("unpacked");
  const { path: plain, compression } = await unpackFile(path, copy);
  try {
    const part = await opened(session, source, path, plain);
    return compression === undefined ? part : { ...part, reading: { compression, ...part.reading } };
  } finally {
    if (source.format !== "parquet") await rm(copy, { force: true });
  }
}

async function opened(session: Session, source: TableSource, path: string, plain: string): Promise<Part> {
  switch (source.format) {
    case "csv":
      return openCsv(session, source, path, plain);
    case "parquet":
      return openParquet(session, path, plain);
    case "json":
      return fromBatches(session, path, () => openJson(plain, path));
    case "arrow":
      return fromBatches(session, path, async () => (await import("../arrow/index.ts")).openArrow(plain, path, session.batchBytes));
    case "numpy":
      return openNumpy(session, plain === path ? source : unpackedArray(path, plain), path);
    case "images":
      throw new Error("pictures are no part of a database's table");
  }
}

/** An array that was packed keeps its name. */
const unpackedArray = (path: string, plain: string): TableSource => ({
  path: dirname(plain),
  format: "numpy",
  arrays: [{ column: withoutEnding(basename(path)), file: basename(plain) }],
});

const openNumpy = (session: Session, source: TableSource, path: string) =>
  fromBatches(session, path, () => openArrays(source, session.folder));

async function fromBatches(session: Session, file: string, open: () => Promise<Batches & Partial<AsyncDisposable>>): Promise<Part> {
  const batches = await open();
  try {
    checkNames(
      batches.fields.map(({ name }) => name),
      file,
    );
    if (batches.fields.length === 0) throw empty(file, "the file has no columns");
    const pieces = await writeBatches(session, batches, rowsInGroup(batches.fields.length), file);
    const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
    if (rows === 0) throw empty(file, "the file has columns and no rows");
    const fields = batches.fields.map(({ name, stored, type, mayBeDate }: BatchField, at): PartField => {
      const inferred = mayBeDate === true ? "dates" : "no";
      return { name, sql: `c${at}`, stored, type, exactDigits: /BIGINT/.test(type), inferred };
    });
    return { file, pieces, width: fields.length, fields, rows, reading: { notes: [] } };
  } finally {
    await batches[Symbol.asyncDispose]?.();
  }
}
