import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../base/index.ts";
import { type Engine, openEngine, placeOfRow, type TableSource, tableFormat } from "./index.ts";
import { textsOf } from "./testing/tables.ts";
import { unpackFile } from "./unpack.ts";

const vectors = fileURLToPath(new URL("../../vectors/data/formats/", import.meta.url));
const expected = JSON.parse(await readFile(join(vectors, "expected.json"), "utf8")) as Record<string, readonly (string | number | null)[]>;

let engine: Engine;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
  engine = await openEngine({ memoryBytes: 256 * 2 ** 20, spillFolder: folder });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const sourceAt = (path: string): TableSource => ({ path, format: tableFormat(path) ?? "csv" });
const problemOf = async (source: TableSource) => problemsOf(await engine.describe(source).catch((error: unknown) => error))[0];

describe("One table in every format", () => {
  it.each([
    "table.parquet",
    "table.arrow",
    "lz4.arrow",
    "zstd.arrow",
    "stream.arrows",
    "table.feather",
    "table.jsonl",
    "table.jsonl.gz",
    "table.jsonl.zst",
    "table.json",
    "table.tsv",
    "table.tsv.gz",
    "table.tsv.zst",
  ])("%s holds what pandas wrote", async (name) => {
    const source = sourceAt(join(vectors, name));
    const facts = await engine.describe(source);
    expect(facts.columns.map((column) => [column.name, column.kind])).toEqual([
      ["whole", "number"],
      ["long", "number"],
      ["exact", "text"],
      ["broken", "number"],
      ["single", "number"],
      ["text", "text"],
      ["group", "text"],
      ["flag", "boolean"],
      ["day", "date"],
      ["time", "date"],
    ]);
    const table = await engine.read(source, "all");
    for (const column of ["whole", "long", "broken", "single"]) {
      const read = textsOf(table, column).map((text) => (text === null ? null : Number(text)));
      const tolerance = column === "single" ? 1e-6 : 1e-14;
      for (const [row, value] of (expected[column] ?? []).entries()) {
        if (value === null) expect(read[row]).toBeNull();
        else
          expect(Math.abs((read[row] ?? Number.NaN) - Number(value))).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(Number(value))));
      }
    }
    const missing = (value: string | number | null | undefined) => (value === "" || value === undefined ? null : value);
    for (const column of ["exact", "text", "group", "flag", "day"])
      expect(textsOf(table, column)).toEqual((expected[column] ?? []).map(missing));
    const instants = (texts: readonly (string | number | null)[]) => texts.map((text) => Date.parse(`${String(text).replace(" ", "T")}Z`));
    expect(instants(textsOf(table, "time"))).toEqual(instants(expected.time ?? []));
  });

  it.each([
    ["table.tsv.gz", { format: "csv", compression: "gzip", delimiter: "\t", quote: '"', notes: [] }],
    ["table.jsonl.zst", { format: "json", compression: "zstd", notes: [] }],
    ["table.feather", { format: "arrow", notes: [] }],
  ])("how %s is written is told", async (name, reading) => {
    expect((await engine.describe(sourceAt(join(vectors, name)))).reading).toEqual(reading);
  });

  it("a dictionary that is replaced holds for the batches after it", async () => {
    const table = await engine.read(sourceAt(join(vectors, "dictionaries.arrows")), ["group"]);
    expect(textsOf(table, "group")).toEqual(["a", "b", null, "c", "d", null]);
  });

  it("lists in a column are a Problem that names it", async () => {
    expect(await problemOf(sourceAt(join(vectors, "nested.feather")))).toMatchObject({ code: "TABLE_COLUMN_NESTED" });
  });
});

const put = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, "put", name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return sourceAt(path);
};

describe("JSON records", () => {
  it.each([
    ["a key that a record lacks is missing", '{"a":1}\n{"b":"x"}\n', { a: ["1", null], b: [null, "x"] }],
    ["numbers and texts in one column are texts", '{"a":1}\n{"a":"x"}\n', { a: ["1", "x"] }],
    ["digits that a double would lose are kept", '{"a":9007199254740993}\n{"a":1}\n', { a: ["9007199254740993", "1"] }],
    ["an array is read like lines", ' [ {"a":1} ,\n {"a":"[{,"} ] \n', { a: ["1", "[{,"] }],
    ["blank lines and a byte order mark are passed over", '\u{feff}\n{"a":1}\r\n\r\n{"a":2}', { a: ["1", "2"] }],
    ["any name is safe", '{"__proto__":1,"constructor":2,"c0":3}\n', { __proto__: ["1"], constructor: ["2"], c0: ["3"] }],
  ])("%s", async (name, text, columns) => {
    const table = await engine.read(await put(`${name}.jsonl`, text), "all");
    for (const [column, values] of Object.entries(columns)) expect(textsOf(table, column)).toEqual(values);
  });

  it.each([
    ["nested", '{"a":1}\n{"a":{"b":2}}\n', "TABLE_COLUMN_NESTED", 2],
    ["cut short", '{"a":1}\n{"a":', "TABLE_DAMAGED", 2],
    ["no object", '{"a":1}\n\n[1]\n', "TABLE_DAMAGED", 3],
    ["an array that is never closed", '[{"a":1},\n{"a":2}', "TABLE_DAMAGED", 2],
    ["something after the array", '[{"a":1}]\n{', "TABLE_DAMAGED", 2],
    ["nothing in it", "\n\n", "TABLE_EMPTY", undefined],
    ["an empty array", "[]", "TABLE_EMPTY", undefined],
    ["a gap in an array", '[{"a":1},,{"a":2}]', "TABLE_DAMAGED", 1],
    ["pretty-printed columns", '{\n "a": [1, 2]\n}\n', "TABLE_DAMAGED", 1],
    ["a name without letters", '{"":1}\n', "TABLE_COLUMN_NAMES", undefined],
  ])("%s is a Problem", async (name, text, code, line) => {
    const problem = await problemOf(await put(`bad ${name}.json`, text));
    expect([problem?.code, problem?.place.line]).toEqual([code, line]);
  });
});

describe("A packed file", () => {
  it.each([gzipSync, zstdCompressSync])("that unpacks to more than it may is a Problem, and so is one cut short", async (pack) => {
    const packed = pack(Buffer.alloc(2 ** 22, "a,b\n"));
    const { path } = await put("bomb.csv.z", packed);
    const copy = join(folder, "bomb.csv");
    const most = (bytes: number) => 200 * bytes;
    expect(200 * packed.length).toBeLessThan(2 ** 22);
    await expect(unpackFile(path, copy, most)).rejects.toMatchObject({ code: "TABLE_TOO_LARGE" });
    expect((await stat(copy)).size).toBeLessThan(200 * packed.length + 2 ** 19);
    await writeFile(path, packed.subarray(0, packed.length - 4));
    await expect(unpackFile(path, copy)).rejects.toMatchObject({ code: "TABLE_DAMAGED" });
  });

  it("is read whatever its name says, and Parquet too", async () => {
    const rows = (await engine.describe(await put("named.csv", gzipSync("a,b\n1,2\n")))).rows;
    const parquet = await engine.describe(await put("table.parquet.gz", gzipSync(await readFile(join(vectors, "table.parquet")))));
    expect([rows, parquet.rows, parquet.reading.compression]).toEqual([1, 300, "gzip"]);
  });
});

describe("A table of several files", () => {
  const several = async (name: string, files: Readonly<Record<string, string>>, format: TableSource["format"] = "csv") => {
    for (const [path, content] of Object.entries(files)) await put(join(name, path), content);
    return { path: join(folder, "put", name), format, files: Object.keys(files) } satisfies TableSource;
  };

  it("has the rows of all of them in order, and the keys of their folders as columns", async () => {
    const source = await several("keys", {
      "year=2023/town=K%C3%B6ln/part.csv": "a,b\n1,x\n2,y\n",
      "year=2024/town=__HIVE_DEFAULT_PARTITION__/part.csv": "b,a\nz,3\n",
    });
    const { rows, columns, reading } = await engine.describe(source);
    expect([rows, columns.map(({ name, kind }) => [name, kind])]).toEqual([
      3,
      [
        ["a", "number"],
        ["b", "text"],
        ["year", "number"],
        ["town", "text"],
      ],
    ]);
    const table = await engine.read(source, "all");
    expect([textsOf(table, "a"), textsOf(table, "b"), textsOf(table, "year"), textsOf(table, "town")]).toEqual([
      ["1", "2", "3"],
      ["x", "y", "z"],
      ["2023", "2023", "2024"],
      ["Köln", "Köln", null],
    ]);
    expect(placeOfRow(reading, 2)).toEqual({ file: "year=2024/town=__HIVE_DEFAULT_PARTITION__/part.csv", row: 0 });
    expect(await engine.duplicates({ ...source }, ["year"])).toMatchObject({ pairs: [{ first: 0, row: 1 }] });
    expect(textsOf(await engine.read(source, ["a"], { limit: 2 }), "a")).toEqual(["1", "2"]);
  });

  it("of Parquet keeps its rows' places, though two of its files differ in type", async () => {
    const lines = (from: number, fraction: string) => Array.from({ length: 5000 }, (_, row) => `{"n":${from + row}${fraction}}`).join("\n");
    const source = await several("json", { "a.jsonl": lines(0, ""), "b.jsonl": lines(5000, ".5") }, "json");
    expect(await engine.read(source, ["n"])).toMatchObject({ rows: 10_000 });
    const table = await engine.read(source, ["n"]);
    expect([0, 4999, 5000, 9999].map((row) => textsOf(table, "n")[row])).toEqual(["0", "4999", "5000.5", "9999.5"]);
    await copyFile(join(vectors, "table.parquet"), join(folder, "put", "one.parquet"));
    await copyFile(join(vectors, "table.parquet"), join(folder, "put", "two.parquet"));
    const parquet: TableSource = { path: join(folder, "put"), format: "parquet", files: ["one.parquet", "two.parquet"] };
    expect(await engine.duplicates(parquet, "all")).toMatchObject({ rows: 300, pairs: expect.arrayContaining([{ first: 7, row: 307 }]) });
  });

  it.each([
    ["lacks a column", { "a.csv": "a,b\n1,2\n", "b.csv": "a,c\n1,2\n" }, "TABLE_COLUMNS_DIFFER", /“b.csv” lacks “b” and has beside “c”/],
    ["lies in other folders", { "k=1/a.csv": "a\n1\n", "b.csv": "a\n1\n" }, "TABLE_COLUMNS_DIFFER", /“b.csv” give other columns/],
    ["has a column called like a key", { "a=1/a.csv": "a\n1\n", "a=2/b.csv": "a\n1\n" }, "TABLE_COLUMN_NAMES", /both called/],
    ["has a mistake", { "a.csv": "a,b\n1,2\n", "b.csv": "a,b\n1\n" }, "TABLE_ROW_RAGGED", /1 field/],
  ])("of which a file %s is a Problem", async (name, files, code, says) => {
    const problem = await problemOf(await several(name, files));
    expect(problem?.code).toBe(code);
    expect(problem?.message).toMatch(says);
  });
});

describe("NumPy arrays as a table", () => {
  const numpy = (name: string) => sourceAt(fileURLToPath(new URL(`../../vectors/data/numpy/${name}`, import.meta.url)));

  it.each(["stored.npz", "deflated.npz", "zip64.npz"])("the arrays of %s stand side by side", async (name) => {
    const { columns, rows } = await engine.describe(numpy(name));
    expect([rows, columns.map((column) => [column.name, column.kind])]).toEqual([
      3,
      [
        ["X0", "number"],
        ["X1", "number"],
        ["y", "text"],
      ],
    ]);
    const table = await engine.read(numpy(name), "all");
    expect([textsOf(table, "X1"), textsOf(table, "y")]).toEqual([
      ["2", "4", "6"],
      ["a", "b", "a"],
    ]);
  });

  it("arrays of several files become columns of the names they are given", async () => {
    const path = fileURLToPath(new URL("../../vectors/data/numpy/", import.meta.url));
    const arrays = [
      { column: "x", file: "float64.npy" },
      { column: "id", file: "uint64.npy" },
    ];
    const table = await engine.read({ path, format: "numpy", arrays }, "all");
    expect(Object.keys(table.columns)).toEqual(["x0", "x1", "x2", "id"]);
    expect(textsOf(table, "id")).toEqual(["0", "18446744073709551615"]);
    expect(textsOf(table, "x1")).toEqual(["-2.25", null]);
  });

  it.each([
    ["cube-fortran.npy", "TABLE_ARRAY", /3 axes/],
    ["objects.npy", "TABLE_PICKLED", /never opened/],
    ["none.npy", "TABLE_EMPTY", /no rows/],
  ])("%s is a Problem", async (name, code, says) => {
    const problem = await problemOf(numpy(name));
    expect(problem?.code).toBe(code);
    expect(problem?.message).toMatch(says);
  });
});

/** The same file, the field of this name without one: its slot in the flatbuffer's table of offsets is emptied. */
function withoutName(file: Buffer, name: string): Buffer {
  const bytes = Buffer.from(file);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(name.length);
  const at = bytes.indexOf(Buffer.concat([head, Buffer.from(`${name}\0`)]));
  const words = Array.from({ length: at / 4 }, (_, word) => word * 4);
  const pointer = words.find((place) => place + bytes.readUInt32LE(place) === at) ?? Number.NaN;
  const isTable = (table: number) => {
    const place = table - bytes.readInt32LE(table);
    return place >= 0 && place < at && bytes.readUInt16LE(place + 4) === pointer - table;
  };
  const table = words.findLast((word) => word < pointer && isTable(word)) ?? Number.NaN;
  bytes.writeUInt16LE(0, table - bytes.readInt32LE(table) + 4);
  return bytes;
}

it("An Arrow field without a name is a column without one", async () => {
  const path = await put("nameless.arrows", withoutName(await readFile(join(vectors, "stream.arrows")), "whole"));
  expect(await problemOf(path)).toMatchObject({ code: "TABLE_COLUMN_NAMES", message: "column 1 has no name" });
});

/** `pa.ipc.new_stream` of one batch: `pa.record_batch([pa.nulls(2**30)], names=["x"])`, packed with gzip. */
const aBillionOfNothing =
  "H4sIAAAAAAACA01OQQ6AIAwrcSIxxHDg4HN4hs/w6O9nh5OwhG1tuhZV1RtAgdWOjIgViRsrCDGIErt4J81X+00lF7F1VXGPEGyeroXrn45lcIzVy33g2cecvcj4U6W/OG/6/B00TP4Tbr+/zRdJSSjq4AAAAA==";

it("An Arrow batch of more rows than there is memory for is a Problem, however small the file", async () => {
  const path = await put("nothing.arrows", gunzipSync(Buffer.from(aBillionOfNothing, "base64")));
  expect(await problemOf(path)).toMatchObject({ code: "TABLE_TOO_LARGE" });
});

describe("Whatever is changed or cut off in a file", () => {
  it.each(["lz4.arrow", "zstd.arrow", "stream.arrows", "dictionaries.arrows", "table.jsonl", "table.tsv.gz", "table.jsonl.zst"])(
    "%s reads or is a Problem",
    async (name) => {
      const original = await readFile(join(vectors, name));
      const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(changes, fc.option(fc.nat(original.length), { freq: 4 }), async (changed, cut) => {
          const bytes = Buffer.from(original);
          for (const [at, value] of changed) bytes[at % bytes.length] = value;
          const source = await put(`changed-${name}`, bytes.subarray(0, cut ?? bytes.length));
          try {
            await engine.read(source, "all", { limit: 5 });
          } catch (error) {
            if (problemsOf(error).length === 0) throw error;
          }
        }),
        { numRuns: 25 },
      );
    },
  );
});
