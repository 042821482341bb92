import { Problem, quoted } from "../../base/index.ts";
import type { Batch, Batches, BatchField, BatchValues } from "../batch.ts";
import { checkCount } from "../names.ts";
import { type RecordText, recordTexts } from "./texts.ts";

/** A whole number that a double does not hold comes as its digits. */
type Value = string | number | bigint | boolean | null;

/** What the values of a column are, over the whole file. */
interface Seen {
  numbers: number;
  exact: number;
  broken: number;
  booleans: number;
  texts: number;
}

/** Reads records of JSON, one object a line or one array of objects: first for their columns, then in batches. A key that a record lacks is a missing value. */
export async function openJson(path: string, file: string): Promise<Batches> {
  const seen = new Map<string, Seen>();
  for await (const { record } of recordsOf(path, file)) {
    for (const [name, value] of record) note(seenAt(seen, name), value);
    checkCount(seen.size, file);
  }
  const fields = [...seen].map(([name, kinds]) => fieldOf(name, kinds));
  return { fields, batches: batchesOf(path, file, fields) };
}

function seenAt(seen: Map<string, Seen>, name: string): Seen {
  const known = seen.get(name);
  if (known !== undefined) return known;
  const fresh = { numbers: 0, exact: 0, broken: 0, booleans: 0, texts: 0 };
  seen.set(name, fresh);
  return fresh;
}

function note(seen: Seen, value: Value): void {
  if (typeof value === "number") {
    seen.numbers++;
    if (!Number.isInteger(value)) seen.broken++;
  } else if (typeof value === "bigint") seen.exact++;
  else if (typeof value === "boolean") seen.booleans++;
  else if (value !== null) seen.texts++;
}

/** Numbers and texts in one column are texts, and so are whole numbers of which a double would lose digits. */
function fieldOf(name: string, { numbers, exact, broken, booleans, texts }: Seen): BatchField {
  const all = numbers + exact + booleans + texts;
  if (booleans > 0 && booleans === all) return { name, stored: "boolean", type: "BOOLEAN" };
  if (numbers === all || (numbers + exact === all && broken > 0)) return { name, stored: "number", type: "DOUBLE" };
  return { name, stored: "text", type: "VARCHAR", mayBeDate: texts === all };
}

/** A batch is full with so many records, or with so much text: as many of the longest would need gigabytes. */
const batchRows = 8192;
const batchLength = 1 << 24;

async function* batchesOf(path: string, file: string, fields: readonly BatchField[]): AsyncGenerator<Batch, void> {
  let records: Map<string, Value>[] = [];
  let length = 0;
  const taken = (): Batch => {
    const columns = fields.map((field) => valuesOf(records, field));
    const batch = { rows: records.length, columns };
    records = [];
    length = 0;
    return batch;
  };
  for await (const { record, text } of recordsOf(path, file)) {
    records.push(new Map(record));
    length += text.length;
    if (records.length === batchRows || length >= batchLength) yield taken();
  }
  if (records.length > 0) yield taken();
}

function valuesOf(records: readonly ReadonlyMap<string, Value>[], { name, type }: BatchField): BatchValues {
  if (type === "DOUBLE") return Float64Array.from(records, (record) => Number(record.get(name) ?? Number.NaN));
  return records.map((record) => {
    const value = record.get(name) ?? null;
    return value === null || type === "BOOLEAN" ? (value as boolean | null) : String(value);
  });
}

async function* recordsOf(path: string, file: string): AsyncGenerator<RecordText & { readonly record: [string, Value][] }, void> {
  for await (const record of recordTexts(path, file)) yield { ...record, record: parsed(record, file) };
}

function parsed({ text, line }: RecordText, file: string): [string, Value][] {
  const record = jsonOf(text, line, file);
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new Problem("TABLE_DAMAGED", 'this record is no object of `"column": value`', {
      file,
      line,
      remedy: "Write one object a line (pandas: `to_json(orient='records', lines=True)`), or an array of objects.",
    });
  }
  return Object.entries(record).map(([name, value]) => {
    if (typeof value === "object" && value !== null) throw nested(name, line, file);
    return [name, value as Value];
  });
}

/** Digits of a whole number that `JSON.parse` would round are kept. */
function jsonOf(text: string, line: number, file: string): unknown {
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    throw new Problem("TABLE_DAMAGED", "this line is no JSON", {
      file,
      line,
      remedy: "Write one object a line, without line ends in it (pandas: `to_json(orient='records', lines=True)`), or an array of objects.",
    });
  }
}

/** The types of the language do not know the third argument yet (ES2026, "JSON.parse source text access"). */
function exactly(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

const nested = (name: string, line: number, file: string) =>
  new Problem("TABLE_COLUMN_NESTED", `${quoted(name)} holds a list or an object, which is no number, boolean or text`, {
    file,
    line,
    at: `column ${quoted(name)}`,
    remedy: "Leave it out, or write its parts as columns of their own (pandas: `json_normalize`).",
  });
