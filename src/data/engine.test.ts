import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb/index.ts";
import { engineContract } from "./testing/engine-contract.ts";
import { csvWriter, parquetWriter, plainStyle } from "./testing/tables.ts";

engineContract("DuckDB over CSV", openDuckDb, csvWriter(), { ending: "csv" });
engineContract(
  "DuckDB over CSV with semicolons, CR LF and all fields quoted",
  openDuckDb,
  csvWriter({ ...plainStyle, delimiter: ";", lineEnd: "\r\n", quoteAll: true }),
  { ending: "csv" },
);
engineContract("DuckDB over Parquet", openDuckDb, parquetWriter, { ending: "parquet" });

it("a CSV file that several threads parse in parts keeps its order", async () => {
  const folder = await mkdtemp(join(tmpdir(), "order-"));
  const path = join(folder, "long.csv");
  const filler = "x".repeat(40);
  await writeFile(path, `n,t\n${Array.from({ length: 500_000 }, (_, row) => `${row},${filler}\n`).join("")}`);
  await using engine = await openDuckDb({ memoryBytes: 256 * 2 ** 20, threads: 4, spillFolder: folder });
  const { columns } = await engine.read({ path, format: "csv" }, ["n"]);
  const values = columns.n?.kind === "number" ? columns.n.values : [];
  expect(values.length).toBe(500_000);
  expect(values.findIndex((value, row) => value !== row)).toBe(-1);
  await engine.close();
  await rm(folder, { recursive: true });
});

it("the first value that keeps a CSV's column from being one of numbers is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mixed-"));
  const path = join(folder, "mixed.csv");
  await writeFile(path, "n,word,code\n1,a,007\n2,b,8\n?,,9\n,c,1\nx,d,2\ny,e,3\n");
  await using engine = await openDuckDb({ memoryBytes: 256 * 2 ** 20, spillFolder: folder });
  const { columns } = await engine.describe({ path, format: "csv", missing: ["?"] });
  expect(columns.map(({ kind, noNumber }) => [kind, noNumber])).toEqual([
    ["text", { row: 4, value: "x" }],
    ["text", undefined],
    ["text", undefined],
  ]);
  await engine.close();
  await rm(folder, { recursive: true });
});
