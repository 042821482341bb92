import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import type { Engine } from "../engine.ts";
import type { TableSource } from "../table.ts";
import { parquetWriter, textsOf } from "../testing/tables.ts";
import { openDuckDb } from "./index.ts";

describe("Parquet files", () => {
  let folder: string;
  let engine: Engine;
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parquet-"));
    engine = await openDuckDb({ memoryBytes: 128 * 2 ** 20, spillFolder: folder });
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  const put = async (select: string): Promise<TableSource> => {
    const path = join(folder, `p${count++}.parquet`);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return { path, format: "parquet" };
  };
  const putBytes = async (bytes: Uint8Array): Promise<TableSource> => {
    const path = join(folder, `p${count++}.parquet`);
    await writeFile(path, bytes);
    return { path, format: "parquet" };
  };
  const problemWith = async (source: TableSource) => problemsOf(await engine.describe(source).catch((error: unknown) => error))[0];

  it.each([
    ["1::TINYINT", "number", "1"],
    ["-5::BIGINT", "number", "-5"],
    ["9007199254740991::BIGINT", "number", "9007199254740991"],
    ["9007199254740993::BIGINT", "text", "9007199254740993"],
    ["18446744073709551615::UBIGINT", "text", "18446744073709551615"],
    ["12345678901234567890::DECIMAL(38, 0)", "text", "12345678901234567890"],
    ["1.10::DECIMAL(10, 2)", "number", "1.1"],
    ["0.5::FLOAT", "number", "0.5"],
    ["1e300::DOUBLE", "number", "1e+300"],
    ["'NaN'::DOUBLE", "number", null],
    ["'-Infinity'::DOUBLE", "number", "-Infinity"],
    ["true", "boolean", "true"],
    ["DATE '2024-02-29'", "date", "2024-02-29"],
    ["TIMESTAMP '2024-02-29 10:00:00.5'", "date", "2024-02-29 10:00:00.5"],
    ["TIMESTAMPTZ '2024-02-29 10:00:00+00'", "date", "2024-02-29 10:00:00+00"],
    ["TIME '10:00:00'", "date", "10:00:00"],
    ["'007'", "text", "007"],
    ["' x '", "text", " x "],
    ["''", "text", null],
    ["'12'", "text", "12"],
    ["'a'::ENUM('a', 'b')", "text", "a"],
    ["UUID '12345678-1234-1234-1234-1234567890ab'", "text", "12345678-1234-1234-1234-1234567890ab"],
  ])("%s is %s", async (value, kind, text) => {
    const source = await put(`SELECT ${value} AS v`);
    const facts = await engine.describe(source);
    expect(facts.columns[0]).toMatchObject({ kind, missing: text === null ? 1 : 0 });
    expect(textsOf(await engine.read(source, "all"), "v")).toEqual([text]);
  });

  it.each(["[1, 2]", "{'a': 1}", "MAP {'a': 1}", "'x'::BLOB", "INTERVAL 1 DAY"])("a column of %s is named in a Problem", async (value) => {
    expect(await problemWith(await put(`SELECT 1 AS fine, {'deep': [1]} AS first, ${value} AS "od'd"`))).toMatchObject({
      code: "TABLE_COLUMN_NESTED",
      place: { at: "column “first”" },
    });
    expect(await problemWith(await put(`SELECT 1 AS fine, ${value} AS "od'd"`))).toMatchObject({
      code: "TABLE_COLUMN_NESTED",
      place: { at: "column “od'd”" },
    });
  });

  it("infinite numbers are counted, and stand outside the limits", async () => {
    const source = await put("SELECT unnest(['1', '2', 'inf', '-inf', 'nan', NULL]::DOUBLE[]) AS v");
    expect((await engine.describe(source)).columns[0]).toEqual({
      name: "v",
      kind: "number",
      missing: 2,
      distinct: 4,
      integer: true,
      min: 1,
      max: 2,
      infinite: 2,
    });
  });

  it("a declared word for missing also holds for numbers", async () => {
    const source = { ...(await put("SELECT unnest([1, -999, 2]) AS v, unnest(['a', '?', ' ? ']) AS t")), missing: ["?", "-999"] };
    const table = await engine.read(source, "all");
    expect(textsOf(table, "v")).toEqual(["1", null, "2"]);
    expect(textsOf(table, "t")).toEqual(["a", null, null]);
  });

  it("a column called like DuckDB's own row number is a column like any other", async () => {
    const source = await put("SELECT unnest([7, 8, 7]) AS file_row_number, unnest(['a', 'b', 'a']) AS t");
    expect(textsOf(await engine.read(source, "all"), "file_row_number")).toEqual(["7", "8", "7"]);
    expect((await engine.duplicates(source, "all")).pairs).toEqual([{ first: 0, row: 2 }]);
  });

  it("column names that differ in case alone are two columns", async () => {
    const source = await parquetFrom("n1,N1");
    expect((await problemWith(source))?.code ?? "none").toBe("none");
  });
  /** DuckDB itself does not write such a file: the name is patched in. */
  const parquetFrom = async (names: string) => {
    const [first = "", second = ""] = names.split(",");
    const source = await put(`SELECT 1 AS ${first}, 2 AS zz`);
    const bytes = await readFile(source.path);
    const patched = Buffer.from(bytes.toString("latin1").replaceAll("zz", second), "latin1");
    return putBytes(patched);
  };

  it("two columns of one name are a Problem", async () => {
    expect(await problemWith(await parquetFrom("n1,n1"))).toMatchObject({ code: "TABLE_COLUMN_NAMES" });
  });

  it("what is no Parquet, or only half of one, is told apart", async () => {
    const whole = await readFile((await put("SELECT range AS r FROM range(1000)")).path);
    expect(await problemWith(await putBytes(Buffer.from("a,b\n1,2\n")))).toMatchObject({ code: "TABLE_NOT_PARQUET" });
    expect(await problemWith(await putBytes(Buffer.from("PARE0000PARE")))).toMatchObject({
      code: "TABLE_NOT_PARQUET",
      message: expect.stringContaining("encrypted"),
    });
    expect(await problemWith(await putBytes(Buffer.from("PAR1")))).toMatchObject({
      code: "TABLE_DAMAGED",
      message: expect.stringContaining("truncated"),
    });
    expect(await problemWith(await putBytes(whole.subarray(0, whole.length - 100)))).toMatchObject({
      code: "TABLE_DAMAGED",
      message: expect.stringContaining("truncated"),
    });
    expect(await problemWith(await putBytes(Buffer.concat([whole.subarray(0, 4), whole.subarray(200)])))).toMatchObject({
      code: "TABLE_DAMAGED",
    });
    expect(await problemWith(await putBytes(Buffer.alloc(0)))).toMatchObject({ code: "TABLE_EMPTY" });
  });

  it("a page that is damaged far behind the first rows is a Problem, not a shorter table", async () => {
    const source = await put("SELECT random() AS r FROM range(300000)");
    const bytes = await readFile(source.path);
    bytes.fill(0xff, Math.floor(bytes.length * 0.5), bytes.length - 2000);
    const damaged = await putBytes(bytes);
    const read = await engine.read(damaged, ["r"]).catch((error: unknown) => error);
    expect(problemsOf(read)[0]).toMatchObject({ code: "TABLE_DAMAGED", place: { file: damaged.path } });
    const stream = async () => {
      for await (const _ of engine.stream(damaged, ["r"], { batch: 1000 }));
    };
    expect(problemsOf(await stream().catch((error: unknown) => error))[0]).toMatchObject({ code: "TABLE_DAMAGED" });
  });

  it("a file with changed bytes is read or gives a Problem, and nothing else", async () => {
    const columns = [
      { name: "a", kind: "number" as const, values: Array.from({ length: 300 }, (_, row) => row % 7) },
      { name: "b", kind: "text" as const, values: Array.from({ length: 300 }, (_, row) => (row % 3 ? `some longer text ${row}` : null)) },
    ];
    const sound = await readFile((await parquetWriter({ columns }, join(folder, "sound.parquet"))).path);
    const change = fc.tuple(
      fc.oneof(fc.nat(sound.length - 1), fc.integer({ min: sound.length - 400, max: sound.length - 1 })),
      fc.nat(255),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        const source = await putBytes(bytes);
        const reading = engine.describe(source).then(() => engine.read(source, "all"));
        await reading.catch((error: unknown) => expect(problemsOf(error)).not.toEqual([]));
      }),
      { numRuns: 60 },
    );
  });

  it("random bytes between Parquet's marks are a Problem", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), async (middle) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(middle.length);
        const source = await putBytes(Buffer.concat([Buffer.from("PAR1"), middle, length, Buffer.from("PAR1")]));
        expect(await problemWith(source)).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });
});
