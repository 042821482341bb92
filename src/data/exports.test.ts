import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../base/index.ts";
import { type Engine, openEngine, type ReadHints, type Reading, readingInFull } from "./index.ts";
import { textsOf } from "./testing/tables.ts";

const folder = fileURLToPath(new URL("../../vectors/data/exports/", import.meta.url));

/** What a person reads: per column its kind and its values, null where missing; with what the declaration says, where the file alone does not tell. */
interface Loaded {
  readonly columns: Readonly<Record<string, readonly [kind: string, ...values: (string | number | null)[]]>>;
  readonly missing?: readonly string[];
  readonly trim?: boolean;
  readonly read?: ReadHints;
}

interface Refused {
  readonly code: string;
  readonly line: number;
}

const expected = JSON.parse(await readFile(join(folder, "expected.json"), "utf8")) as Record<string, Loaded | Refused>;
const loaded = Object.entries(expected).flatMap(([name, what]) => ("columns" in what ? [[name, what] as const] : []));
const refused = Object.entries(expected).flatMap(([name, what]) => ("code" in what ? [[name, what] as const] : []));

describe("CSV files as programs export them", () => {
  let engine: Engine;
  let spillFolder: string;
  beforeAll(async () => {
    spillFolder = await mkdtemp(join(tmpdir(), "exports-"));
    engine = await openEngine({ memoryBytes: 256 * 2 ** 20, spillFolder });
  });
  afterAll(async () => {
    await engine.close();
    await rm(spillFolder, { recursive: true });
  });
  const source = (name: string) => ({ path: join(folder, name), format: "csv" as const });

  it.each(loaded)("%s reads as a person reads it", async (name, { columns, ...beside }) => {
    const facts = await engine.describe({ ...source(name), ...beside });
    expect(facts.columns.map((column) => [column.name, column.kind])).toEqual(
      Object.entries(columns).map(([column, [kind]]) => [column, kind]),
    );
    const table = await engine.read({ ...source(name), ...beside }, "all");
    const read = facts.columns.map((column) => [column.name, textsOf(table, column.name)]);
    const written = Object.entries(columns).map(([column, [, ...values]]) => [
      column,
      values.map((value) => (value === null ? null : String(value))),
    ]);
    expect(read).toEqual(written);
  });

  it.each(refused)("%s is refused, with the line", async (name, { code, line }) => {
    const [problem] = problemsOf(await engine.describe(source(name)).catch((error: unknown) => error));
    expect([problem?.code, problem?.place.line]).toEqual([code, line]);
  });

  it("at least 20 of at least 25 are loaded, and every file has its expectation", async () => {
    expect(loaded.length).toBeGreaterThanOrEqual(20);
    expect(loaded.length + refused.length).toBeGreaterThanOrEqual(25);
    expect((await readdir(folder)).sort()).toEqual([...Object.keys(expected), "expected.json"].sort());
  });

  it.each([
    [
      "excel-german.csv",
      "CSV, windows-1252, fields separated by semicolons, decimal commas and thousands grouped by points in “Umsatz”, dates day-first in “Datum”",
    ],
    ["bigquery.csv.gz", "CSV, packed with gzip"],
    ["mixed-kinds.csv", "CSV"],
    ["excel-empty-columns.csv", "CSV. Column 3, 4 has neither a name nor a value: left out."],
  ])("how %s is read is told in words", async (name, words) => {
    expect(readingInFull((await engine.describe(source(name))).reading)).toBe(words);
  });

  const told: readonly (readonly [string, Partial<Reading> | { readonly notes: readonly RegExp[] }])[] = [
    [
      "excel-german.csv",
      {
        format: "csv",
        encoding: "windows-1252",
        delimiter: ";",
        quote: '"',
        numbers: [{ column: "Umsatz", decimal: ",", thousands: "." }],
        dates: [{ column: "Datum", order: "day-first", example: "31.12.2024" }],
        notes: [],
      },
    ],
    ["excel-swiss.csv", { numbers: [{ column: "Saldo", decimal: ".", thousands: "'" }] }],
    ["ambiguous.csv", { notes: [/“amount” stays text: “1,234” can be/, /“siren” stays text/, /“day” stays text: nothing tells/] }],
    ["two-columns-prove.csv", { notes: [/“a”: the comma of “1,234” is read as a decimal one/, /“von”.*day-first/] }],
    ["pandas-index.csv", { notes: [/counts the rows/] }],
    ["excel-empty-columns.csv", { notes: [/Column 3, 4 has neither/] }],
  ];
  it.each(told)("how %s is read is told", async (name, { notes = [], ...reading }) => {
    const found = (await engine.describe(source(name))).reading;
    expect(found).toMatchObject(reading);
    expect(found.notes).toEqual(notes.map((note: string | RegExp) => expect.stringMatching(note)));
  });
});
