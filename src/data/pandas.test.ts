import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine, type TableSource } from "./index.ts";
import { textsOf } from "./testing/tables.ts";

const folder = fileURLToPath(new URL("../../vectors/data/pandas/", import.meta.url));

interface Expected {
  readonly columns: { readonly [name: string]: readonly (string | number | null)[] };
  readonly duplicates: number;
  readonly conflicts: { readonly features: string[]; readonly groups: number; readonly rows: number };
  readonly overlap: readonly number[];
  readonly counts: readonly (readonly [string, string | null, number])[];
}

describe.each(["csv", "parquet"] as const)("A table of pandas as %s", (format) => {
  let engine: Engine;
  let spillFolder: string;
  let expected: Expected;
  const source = (name: string): TableSource => ({ path: join(folder, `${name}.${format}`), format });
  beforeAll(async () => {
    expected = JSON.parse(await readFile(join(folder, "expected.json"), "utf8")) as Expected;
    spillFolder = await mkdtemp(join(tmpdir(), "pandas-"));
    engine = await openEngine({ memoryBytes: 128 * 2 ** 20, spillFolder });
  });
  afterAll(async () => {
    await engine.close();
    await rm(spillFolder, { recursive: true });
  });

  it("holds the values that pandas reads, to the last bit", async () => {
    const table = await engine.read(source("table"), "all");
    expect(Object.keys(table.columns)).toEqual(Object.keys(expected.columns));
    for (const [name, values] of Object.entries(expected.columns))
      expect(textsOf(table, name)).toEqual(values.map((value) => (value === null ? null : String(value))));
  });

  it("repeats as many rows", async () => {
    expect((await engine.duplicates(source("table"), "all")).rows).toBe(expected.duplicates);
  });

  it("has as many conflicting labels", async () => {
    const { features, groups, rows } = expected.conflicts;
    expect(await engine.conflicts([source("table")], features, "label")).toMatchObject({ groups, rows });
  });

  it("overlaps another one in the same rows", async () => {
    const found = await engine.overlap(source("table"), source("other"), Object.keys(expected.columns));
    expect(found.pairs.map(({ b }) => b)).toEqual(expected.overlap);
  });

  it("has as many rows in each group", async () => {
    const groups = await engine.countBy(source("table"), ["job", "maybe"]);
    const key = (values: readonly unknown[]) => JSON.stringify(values);
    expect(groups.map(({ values, rows }) => key([...values, rows])).sort()).toEqual(expected.counts.map(key).sort());
  });
});
