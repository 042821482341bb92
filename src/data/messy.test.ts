import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProblemCode, problemsOf } from "../base/index.ts";
import { type Engine, openEngine } from "./index.ts";
import { textsOf } from "./testing/tables.ts";

const folder = fileURLToPath(new URL("../../vectors/data/messy/", import.meta.url));

/** What a sound file reads as: per column its name, its kind and its values ("" is missing, `blanks` are shown). */
const sound: Record<string, readonly (readonly [name: string, kind: string, ...values: string[]])[]> = {
  "commas.csv": [
    ["a", "number", "1", "2"],
    ["b", "text", "x", "y"],
  ],
  "semicolons-decimal-commas.csv": [
    ["größe", "number", "1.5", "2.5"],
    ["preis", "number", "2", "3"],
  ],
  "tabs.csv": [
    ["a", "number", "1.5", "2.5"],
    ["b", "text", "x", "y"],
  ],
  "bars.csv": [
    ["a", "number", "1", "3"],
    ["b", "text", "x, y", "z"],
    ["c", "number", "2", "4"],
  ],
  "bom.csv": [
    ["name", "text", "Ada", "Alan"],
    ["age", "number", "36", "41"],
  ],
  "crlf.csv": [
    ["a", "number", "1", "2"],
    ["b", "text", "x", "y"],
  ],
  "cr.csv": [
    ["a", "number", "1", "2"],
    ["b", "text", "x", "y"],
  ],
  "no-last-line-end.csv": [
    ["a", "number", "1", "2"],
    ["b", "text", "x", "y"],
  ],
  "blank-lines.csv": [
    ["a", "number", "1", "2"],
    ["b", "text", "x", "y"],
  ],
  "quoted.csv": [
    ["a", "number", "1", "2", "3"],
    ['b "c"', "text", "x, y", "line\nbreak", 'say "hi"'],
  ],
  "blanks-around-quotes.csv": [
    ["a", "number", "1", "2"],
    ["b", "text", "x, y", "z"],
  ],
  "quote-inside.csv": [
    ["a", "text", '5" nail', '6"'],
    ["b", "number", "1", "2"],
  ],
  "uci-blanks.csv": [
    ["age", "number", "39", "50"],
    ["workclass", "text", " State-gov", ""],
    ["income", "text", " <=50K", " >50K"],
  ],
  "one-column.csv": [["a", "number", "1", "", "3"]],
  "missing-words.csv": [
    ["a", "number", "1", "", "3"],
    ["b", "text", "NA", "x", ""],
    ["c", "number", "", "2", ""],
  ],
  "late-text.csv": [
    ["a", "text", ...Array<string>(3000).fill("1"), "n/a"],
    ["b", "number", ...Array<string>(3000).fill("1"), "2"],
  ],
  "leading-zeros.csv": [
    ["postcode", "text", "01067", "10115"],
    ["amount", "number", "0.5", "-0.25"],
  ],
  "large-integers.csv": [
    ["id", "text", "9007199254740993", "9007199254740992"],
    ["n", "number", "1", "2"],
  ],
  "not-finite.csv": [
    ["a", "number", "1", "", "Infinity", "-Infinity"],
    ["b", "text", "nan", "nan", "nan", "nan"],
  ],
  "booleans.csv": [
    ["a", "boolean", "true", "false", ""],
    ["b", "text", "yes", "no", "yes"],
  ],
  "dates.csv": [
    ["day", "date", "2024-02-29", "2023-12-31"],
    ["time", "date", "2024-01-01T10:00:00Z", "2024-01-01 10:00:00.5"],
  ],
  "dates-impossible.csv": [
    ["day", "text", "2024-02-30", "2024-02-28"],
    ["x", "number", "1", "2"],
  ],
  "underscores-hex.csv": [
    ["a", "text", "1_000", "2_000"],
    ["b", "text", "0x1F", "0x20"],
  ],
  "all-missing.csv": [
    ["a", "number", "", ""],
    ["b", "number", "1", "2"],
  ],
  "emoji.csv": [
    ["naïve", "text", "😀", "😁"],
    ["日本", "text", "é", "ß"],
  ],
  "years-as-names.csv": [
    ["country", "text", "Chad", "Mali"],
    ["1990", "number", "5.5", "7.5"],
    ["1991", "number", "6.5", "8.5"],
  ],
  "numbered-names.csv": [
    ["0", "number", "5.1", "4.9"],
    ["1", "number", "3.5", "3"],
    ["2", "number", "1.4", "1.4"],
  ],
  "counted-by-pandas.csv": [
    ["a", "number", "1", "1"],
    ["b", "number", "2", "3"],
  ],
  "latin-1.csv": [
    ["stadt", "text", "Köln", "München"],
    ["n", "number", "1", "2"],
  ],
  "windows-1252.csv": [
    ["text", "text", "fine", "“quoted”"],
    ["n", "number", "1", "2"],
  ],
  ...Object.fromEntries(
    ["utf-16-le.csv", "utf-16-bom.csv", "utf-16-be-bom.csv"].map((name) => [
      name,
      [
        ["a", "number", "1", "2"],
        ["b", "text", "x", "y"],
      ],
    ]),
  ),
  "gzip.csv": [
    ["a", "number", "1"],
    ["b", "text", "x"],
  ],
  "hostile-names.csv": ['a"b', "c.d", "e\nf", "1; DROP TABLE x; --", "file_row_number", "__proto__", "A", "a"].map(
    (name, at) => [name, "number", String(at + 1)] as const,
  ),
};

/** What an unsound file is told: the Problem's code, its line when it has one, and something that the message says. */
const unsound: Record<string, readonly [code: ProblemCode, line: number | undefined, says: RegExp]> = {
  "empty.csv": ["TABLE_EMPTY", undefined, /empty/],
  "only-blank-lines.csv": ["TABLE_EMPTY", undefined, /blank lines/],
  "only-bom.csv": ["TABLE_EMPTY", undefined, /nothing|blank lines/],
  "header-only.csv": ["TABLE_EMPTY", undefined, /no rows/],
  "header-without-line-end.csv": ["TABLE_EMPTY", undefined, /no rows/],
  "short-row.csv": ["TABLE_ROW_RAGGED", 3, /2 fields, the header 3/],
  "long-row.csv": ["TABLE_ROW_RAGGED", 4, /3 fields, the header 2/],
  "long-row-after-quoted-lines.csv": ["TABLE_ROW_RAGGED", 5, /3 fields, the header 2/],
  "colons.csv": ["TABLE_DELIMITER", 1, /:/],
  "nul.csv": ["TABLE_DAMAGED", 3, /NUL/],
  "quote-never-closed.csv": ["TABLE_QUOTES", 3, /never closed/],
  "after-quote.csv": ["TABLE_QUOTES", 2, /follows/],
  "duplicate-names.csv": ["TABLE_COLUMN_NAMES", 1, /columns 1 and 3 .*“a”/],
  "nameless.csv": ["TABLE_COLUMN_NAMES", 1, /column 1 has no name/],
  "no-header-adult.csv": ["TABLE_HEADER_MISSING", 1, /looks like data/],
  "no-header-text.csv": ["TABLE_HEADER_MISSING", 1, /“Private” comes again/],
  "no-header-numbers.csv": ["TABLE_HEADER_MISSING", 1, /is a number/],
  "mixed-line-ends.csv": ["TABLE_LINE_ENDS", 2, /another way/],
  "gzip-truncated.csv": ["TABLE_DAMAGED", undefined, /gzip/],
  "bzip2.csv": ["TABLE_COMPRESSED", undefined, /bzip2/],
  "mixed-encodings.csv": ["TABLE_ENCODING", 3, /mixes encodings/],
  "cyrillic.csv": ["TABLE_ENCODING", 1, /not look like Windows-1252/],
  "parquet.csv": ["TABLE_DAMAGED", undefined, /Parquet, not CSV/],
};

describe("CSV files as people have them", () => {
  let engine: Engine;
  let spillFolder: string;
  beforeAll(async () => {
    spillFolder = await mkdtemp(join(tmpdir(), "messy-"));
    engine = await openEngine({ memoryBytes: 256 * 2 ** 20, spillFolder });
  });
  afterAll(async () => {
    await engine.close();
    await rm(spillFolder, { recursive: true });
  });
  const source = (name: string) => ({ path: join(folder, name), format: "csv" as const, missing: ["?"] });

  it.each(Object.entries(sound))("%s reads as what it says", async (name, columns) => {
    const facts = await engine.describe(source(name));
    const table = await engine.read(source(name), "all");
    expect(facts.columns.map(({ name: column, kind }) => [column, kind])).toEqual(columns.map(([column, kind]) => [column, kind]));
    for (const [column, , ...values] of columns) expect(textsOf(table, column).map((text) => text ?? "")).toEqual(values);
  });

  it.each(Object.entries(unsound))("%s is a Problem with its place and a remedy", async (name, [code, line, says]) => {
    const error = await engine.describe(source(name)).catch((caught: unknown) => caught);
    const [problem] = problemsOf(error);
    expect(problem?.code).toBe(code);
    expect(problem?.place).toMatchObject({ file: join(folder, name), ...(line === undefined ? {} : { line }) });
    expect(problem?.message).toMatch(says);
    expect(problem?.remedy).not.toBe("");
  });

  it("every file in the folder has its expectation", async () => {
    expect((await readdir(folder)).sort()).toEqual([...Object.keys(sound), ...Object.keys(unsound)].sort());
  });

  it("blanks around texts are cut when the source says so, and reported when it does not", async () => {
    const adult = source("uci-blanks.csv");
    const facts = await engine.describe(adult);
    expect(facts.columns.map(({ name, padded }) => [name, padded])).toEqual([
      ["age", undefined],
      ["workclass", 1],
      ["income", 2],
    ]);
    const trimmed = await engine.read({ ...adult, trim: true }, ["income"]);
    expect(textsOf(trimmed, "income")).toEqual(["<=50K", ">50K"]);
  });
});
