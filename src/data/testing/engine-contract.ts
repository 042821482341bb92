import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import type { Engine, EngineLimits } from "../engine.ts";
import type { TableSource } from "../table.ts";
import { type Plain, tables, textsOf, type Writer } from "./tables.ts";

const people: Plain = {
  columns: [
    { name: "age", kind: "number", values: [39, 50, null, 39, 28, 39, 50.5, 39] },
    { name: "job", kind: "text", values: ["clerk", "nurse", "clerk", "clerk", "?", "clerk", null, "clerk"] },
    { name: "pay", kind: "text", values: ["low", "high", "low", "high", "low", "low", "high", "low"] },
  ],
};

const others: Plain = {
  columns: [
    { name: "pay", kind: "text", values: ["low", "high", "low", null] },
    { name: "job", kind: "text", values: ["clerk", "baker", null, "clerk"] },
    { name: "age", kind: "number", values: [39, 50, 50.5, 39] },
  ],
};

const expectProblem = async (promise: Promise<unknown>, code: string) =>
  expect(problemsOf(await promise.catch((error: unknown) => error)).map((problem) => problem.code)).toEqual([code]);

/** What every engine owes for every format of a table. */
export function engineContract(
  name: string,
  open: (limits: EngineLimits) => Promise<Engine>,
  write: Writer,
  { ending }: { readonly ending: string },
): void {
  describe(name, () => {
    let folder: string;
    let engine: Engine;
    let count = 0;
    const put = (table: Plain, called = `t${count++}`) => write(table, join(folder, `${called}.${ending}`));
    const putPeople = async (): Promise<TableSource> => ({ ...(await put(people)), missing: ["?"] });
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "engine-"));
      engine = await open({ memoryBytes: 256 * 2 ** 20, spillFolder: folder });
    });
    afterAll(async () => {
      await engine.close();
      await rm(folder, { recursive: true });
    });

    it("describes every column", async () => {
      expect(await engine.describe(await putPeople())).toMatchObject({
        rows: 8,
        columns: [
          { name: "age", kind: "number", missing: 1, distinct: 4, integer: false, min: 28, max: 50.5 },
          {
            name: "job",
            kind: "text",
            missing: 2,
            distinct: 2,
            values: [
              { value: "clerk", rows: 5 },
              { value: "nurse", rows: 1 },
            ],
          },
          {
            name: "pay",
            kind: "text",
            missing: 0,
            distinct: 2,
            values: [
              { value: "low", rows: 5 },
              { value: "high", rows: 3 },
            ],
          },
        ],
      });
    });

    it("counts different values exactly up to 1,000", async () => {
      const values = Array.from({ length: 3000 }, (_, row) => (row * 7) % 1000);
      const facts = await engine.describe(
        await put({
          columns: [
            { name: "n", kind: "number", values },
            { name: "t", kind: "text", values: values.map((value) => `t${value}`) },
          ],
        }),
      );
      expect(facts.columns.map(({ distinct, values: shown }) => [distinct, shown?.length])).toEqual([
        [1000, undefined],
        [1000, 20],
      ]);
    });

    it("reads the columns asked for, in the file's order, missing as NaN and -1", async () => {
      const table = await engine.read(await putPeople(), ["job", "age"]);
      expect(table.rows).toBe(8);
      expect(Object.keys(table.columns)).toEqual(["job", "age"]);
      expect(table.columns.job).toEqual({
        kind: "text",
        codes: Int32Array.of(0, 1, 0, 0, -1, 0, -1, 0),
        categories: ["clerk", "nurse"],
      });
      expect(table.columns.age).toEqual({ kind: "number", values: Float64Array.of(39, 50, Number.NaN, 39, 28, 39, 50.5, 39) });
    });

    it("reads the first rows alone", async () => {
      const table = await engine.read(await putPeople(), "all", { limit: 3 });
      expect(textsOf(table, "age")).toEqual(["39", "50", null]);
      const none = await engine.read(await putPeople(), ["pay", "age"], { limit: 0 });
      expect([none.rows, textsOf(none, "pay"), textsOf(none, "age")]).toEqual([0, [], []]);
    });

    it("reads a column as the kind that is asked for, or names the row that cannot be read so", async () => {
      const source = await putPeople();
      const table = await engine.read(source, ["age"], { kinds: { age: "text" } });
      expect(textsOf(table, "age").map(Number)).toEqual([39, 50, 0, 39, 28, 39, 50.5, 39]);
      const refused = await engine.read(source, ["pay"], { kinds: { pay: "number" } }).catch((error: unknown) => error);
      expect(problemsOf(refused)[0]).toMatchObject({ code: "TABLE_COLUMN_KIND", place: { at: "row 0, column “pay”" } });
    });

    it("streams the same rows in pieces", async () => {
      const source = await putPeople();
      const pieces = [];
      for await (const piece of engine.stream(source, ["age", "job"], { batch: 3 })) pieces.push(piece);
      expect(pieces.map(({ rows }) => rows)).toEqual([3, 3, 2]);
      const whole = await engine.read(source, ["age", "job"]);
      for (const name of ["age", "job"]) expect(pieces.flatMap((piece) => textsOf(piece, name))).toEqual(textsOf(whole, name));
    });

    it("answers other questions while a stream is open, and survives one that is left early", async () => {
      const source = await putPeople();
      for await (const piece of engine.stream(source, ["age"], { batch: 2 })) {
        expect((await engine.describe(await put(others))).rows).toBe(4);
        expect(piece.rows).toBe(2);
        break;
      }
      expect((await engine.read(source, ["age"])).rows).toBe(8);
    });

    it("keeps the file's order beyond one batch of every layer", async () => {
      const values = Array.from({ length: 20_000 }, (_, row) => row);
      const source = await put({
        columns: [
          { name: "n", kind: "number", values },
          { name: "t", kind: "text", values: values.map((value) => `t${value}`) },
        ],
      });
      const table = await engine.read(source, "all");
      expect(textsOf(table, "n")).toEqual(values.map(String));
      expect(textsOf(table, "t")).toEqual(values.map((value) => `t${value}`));
    });

    it("counts rows by columns", async () => {
      expect(await engine.countBy(await putPeople(), ["job", "pay"])).toEqual([
        { values: ["clerk", "low"], rows: 4 },
        { values: ["clerk", "high"], rows: 1 },
        { values: ["nurse", "high"], rows: 1 },
        { values: [null, "high"], rows: 1 },
        { values: [null, "low"], rows: 1 },
      ]);
    });

    it("refuses to count by a column with too many values", async () => {
      const values = Array.from({ length: 100_001 }, (_, row) => row);
      await expectProblem(engine.countBy(await put({ columns: [{ name: "n", kind: "number", values }] }), ["n"]), "TABLE_GROUPS_MANY");
    });

    it("finds the rows of one table that also stand in another, whatever the order of columns; missing equals missing", async () => {
      expect(await engine.overlap(await putPeople(), { ...(await put(others)), missing: ["?"] }, ["age", "job"])).toEqual({
        rows: 3,
        bRows: 4,
        pairs: [
          { a: 0, b: 0 },
          { a: 6, b: 2 },
          { a: 0, b: 3 },
        ],
      });
      expect(await engine.overlap(await putPeople(), await put(others), ["age", "job", "pay"], { most: 0 })).toEqual({
        rows: 1,
        bRows: 4,
        pairs: [],
      });
    });

    it("finds nothing where nothing overlaps", async () => {
      const far: Plain = { columns: [{ name: "age", kind: "number", values: [1, 2] }] };
      expect(await engine.overlap(await putPeople(), await put(far), ["age"])).toEqual({ rows: 0, bRows: 2, pairs: [] });
    });

    it("finds equal features with different labels, within a source and across", async () => {
      const source = await putPeople();
      const within = await engine.conflicts([source], ["age", "job"], "pay");
      expect(within).toEqual({
        groups: 1,
        rows: 4,
        minority: 1,
        groupsAcross: 0,
        examples: [[0, 3, 5, 7].map((row) => ({ source: 0, row, label: row === 3 ? "high" : "low" }))],
      });
      const across = await engine.conflicts([source, await put(others)], ["age", "job"], "pay");
      expect([across.groups, across.rows, across.groupsAcross, across.examples.length]).toEqual([2, 7, 2, 2]);
      expect(across.examples[1]).toEqual([
        { source: 0, row: 6, label: "high" },
        { source: 1, row: 2, label: "low" },
      ]);
    });

    it("shows both labels of a conflict, however rare one is", async () => {
      const rows = 50;
      const table: Plain = {
        columns: [
          { name: "x", kind: "number", values: Array(rows).fill(1) },
          { name: "y", kind: "text", values: Array.from({ length: rows }, (_, row) => (row === 49 ? "b" : "a")) },
        ],
      };
      const { examples, rows: conflicting } = await engine.conflicts([await put(table)], ["x"], "y");
      expect(conflicting).toBe(rows);
      expect(examples[0]).toHaveLength(10);
      expect(examples[0]?.at(-1)).toEqual({ source: 0, row: 49, label: "b" });
    });

    it("counts the rows that no function of the features answers right: those beyond each group's most frequent label", async () => {
      const table = (a: (string | null)[], b: (number | null)[], y: (string | null)[]): Plain => ({
        columns: [
          { name: "a", kind: "text", values: a },
          { name: "b", kind: "number", values: b },
          { name: "y", kind: "text", values: y },
        ],
      });
      const first = await put(table(["x", "x", "x", null, null], [1, 1, 1, null, null], ["p", "p", "q", "p", "q"]));
      const second = await put(table(["x", "z", null, "x"], [1, 1, null, 1], ["r", "q", "q", null]));
      const minority = async (...given: Parameters<Engine["conflicts"]>) => (await engine.conflicts(...given)).minority;
      expect(await minority([first], ["a", "b"], "y")).toBe(2);
      expect(await minority([first, second], ["a", "b"], "y")).toBe(3);
      expect(await minority([first, second], ["a"], "y")).toBe(3);
    });

    it("finds rows that repeat an earlier one", async () => {
      expect(await engine.duplicates(await putPeople(), "all")).toEqual({
        groups: 1,
        rows: 2,
        pairs: [
          { first: 0, row: 5 },
          { first: 0, row: 7 },
        ],
      });
      expect(await engine.duplicates(await putPeople(), ["pay"], { most: 1 })).toEqual({
        groups: 2,
        rows: 6,
        pairs: [{ first: 0, row: 2 }],
      });
    });

    it("says which columns there are when one is not", async () => {
      const refused = await engine.read(await putPeople(), ["wage"]).catch((error: unknown) => error);
      expect(problemsOf(refused)[0]).toMatchObject({
        code: "TABLE_COLUMN_MISSING",
        remedy: expect.stringContaining("“age”, “job”, “pay”"),
      });
    });

    it("names what is wrong with a path", async () => {
      const { format } = await putPeople();
      await expectProblem(engine.describe({ path: join(folder, "nowhere"), format }), "ARTEFACT_MISSING");
      await expectProblem(engine.describe({ path: folder, format }), "ARTEFACT_MISSING");
      await expectProblem(engine.describe({ path: "/dev/null", format }), "ARTEFACT_MISSING");
    });

    it("refuses a table without rows", async () => {
      await expectProblem(
        engine.describe(await put({ columns: people.columns.map((column) => ({ ...column, values: [] })) })),
        "TABLE_EMPTY",
      );
    });

    it("takes every character of a path literally", async () => {
      await put({ columns: [{ name: "decoy", kind: "number", values: [1] }] }, "a'bxx1y");
      for (const called of ["a'b*[1]?", "%27 ; --", "key=value", "über 😀", "-", "$HOME{1,2}", 'q"q`']) {
        const source = await put({ columns: [{ name: "n", kind: "number", values: [4, 2] }] }, called);
        expect(textsOf(await engine.read(source, "all"), "n")).toEqual(["4", "2"]);
      }
    });

    it("reads back whatever table was written, in order, and overlaps it wholly with itself", async () => {
      await fc.assert(
        fc.asyncProperty(tables, async (plain) => {
          const source = await put(plain);
          const { columns } = await engine.describe(source);
          expect(columns.map((column) => [column.name, column.kind])).toEqual(plain.columns.map((column) => [column.name, column.kind]));
          const table = await engine.read(source, "all");
          for (const { name: column, values } of plain.columns)
            expect(textsOf(table, column)).toEqual(values.map((value) => (value === null ? null : String(value))));
          const { rows } = await engine.overlap(
            source,
            source,
            columns.map((column) => column.name),
          );
          expect(rows).toBe(table.rows);
        }),
        { numRuns: 40 },
      );
    });

    it("answers many questions at once", async () => {
      const sources = await Promise.all(Array.from({ length: 12 }, () => putPeople()));
      const answers = await Promise.all(
        sources.flatMap((source) => [engine.describe(source), engine.read(source, ["age"]), engine.duplicates(source, "all")]),
      );
      expect(answers.map(({ rows }) => rows)).toEqual(sources.flatMap(() => [8, 8, 2]));
    });

    it("reads no columns, or hundreds", async () => {
      expect(await engine.read(await putPeople(), [])).toMatchObject({ rows: 8 });
      const columns = Array.from({ length: 300 }, (_, at) => ({ name: `c${at}`, kind: "number" as const, values: [at, 1.5] }));
      const source = await put({ columns });
      expect((await engine.describe(source)).columns.map(({ max }) => max)).toEqual(columns.map((_, at) => Math.max(at, 1.5)));
      expect(textsOf(await engine.read(source, "all"), "c299")).toEqual(["299", "1.5"]);
    });

    it("sees a file that was written again", async () => {
      const source = await put(people, "again");
      expect((await engine.describe(source)).rows).toBe(8);
      await put(others, "again");
      expect((await engine.describe(source)).rows).toBe(4);
    });

    it("leaves nothing in the spill folder", async () => {
      const spillFolder = await mkdtemp(join(tmpdir(), "spill-"));
      const own = await open({ memoryBytes: 128 * 2 ** 20, spillFolder });
      await own.read(await putPeople(), "all");
      await own.close();
      expect(await readdir(spillFolder)).toEqual([]);
      await rm(spillFolder, { recursive: true });
    });
  });
}
