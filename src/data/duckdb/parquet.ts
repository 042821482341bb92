import { Problem, quoted } from "../../base/index.ts";
import { checkNames } from "../names.ts";
import { checkParquet } from "../parquet.ts";
import { countRows, empty, type Part, type PartField, type StoredField } from "./part.ts";
import type { Session } from "./session.ts";
import { literal } from "./sql.ts";

/** A Parquet file is queried where it lies. */
export async function openParquet(session: Session, file: string, plain: string): Promise<Part> {
  await checkParquet(plain, file);
  const link = plain === file ? await session.admit(plain) : plain;
  const names = topLevel(await session.rows(`SELECT name, num_children FROM parquet_schema(${literal(link)})`, file));
  if (names.length === 0) throw empty(file, "the file has no columns");
  checkNames(names, file);
  const reader = `read_parquet(${literal(link)}, hive_partitioning = false)`;
  const types = await session.rows(`DESCRIBE SELECT * FROM ${reader}`, file);
  const fields = names.map((name, at): PartField => {
    const type = String(types[at]?.[1]);
    return {
      name,
      sql: `c${at}`,
      stored: storedAs(name, type, file),
      type,
      exactDigits: /BIGINT|HUGEINT|DECIMAL/.test(type),
      inferred: "no",
    };
  });
  const rows = await countRows(session, reader, file);
  return { file, pieces: [{ path: link, rows }], width: names.length, fields, rows, reading: { notes: [] } };
}

/** The names of the columns themselves, out of the schema's tree in depth-first order. */
function topLevel(schema: readonly (readonly unknown[])[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = () => {
    for (let children = Number(schema[at++]?.[1] ?? 0); children > 0 && at < schema.length; children--) skip();
  };
  while (at < schema.length) {
    names.push(String(schema[at]?.[0] ?? ""));
    skip();
  }
  return names;
}

function storedAs(name: string, type: string, file: string): StoredField["stored"] {
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (/^(DATE|TIME|TIMESTAMP)/.test(type) && !type.includes("[")) return "date";
  if (/^(VARCHAR|UUID|ENUM\(.*\))$/.test(type)) return "text";
  throw new Problem("TABLE_COLUMN_NESTED", `column ${quoted(name)} holds ${quoted(type)}, which is no number, boolean, date or text`, {
    file,
    at: `column ${quoted(name)}`,
    remedy: "Leave it out, or write its parts as columns of their own (bytes that are texts: as UTF-8 strings).",
  });
}
