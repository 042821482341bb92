import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineLimits } from "../engine.ts";
import type { TableSource } from "../table.ts";

/** Lays a table down as CSV in our own folder. */
export async function written(rows: readonly (readonly string[])[], { spillFolder }: EngineLimits): Promise<TableSource> {
  const path = join(spillFolder, `pictures-${randomBytes(8).toString("hex")}.csv`);
  await writeFile(path, rows.map((row) => `${row.map(field).join(",")}\n`).join(""));
  return { path, format: "csv", read: { delimiter: ",", encoding: "utf-8" } };
}

const field = (text: string) => `"${text.replaceAll('"', '""')}"`;
