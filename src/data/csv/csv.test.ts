import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { csvWriter, styles, tables } from "../testing/tables.ts";
import { utf8Checker } from "./encoding.ts";
import { fieldsOf } from "./fields.ts";
import { checkCsv, mostRecordBytes } from "./index.ts";

describe("Checking a CSV file", () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "csv-"));
    path = join(folder, "table.csv");
  });
  afterAll(() => rm(folder, { recursive: true }));

  const check = async (content: string | Uint8Array) => {
    await writeFile(path, content);
    return checkCsv(path, { copy: `${path}.utf8` });
  };
  const problemWith = async (content: string | Uint8Array) => problemsOf(await check(content).catch((error: unknown) => error))[0];

  it("finds delimiter, line ends, names and rows, however the table is written", async () => {
    // A table of one column has no delimiter to find.
    const wide = tables.filter(({ columns }) => columns.length > 2);
    await fc.assert(
      fc.asyncProperty(wide, styles, async (table, style) => {
        await csvWriter(style)(table, path);
        const found = await checkCsv(path, { copy: `${path}.utf8` });
        expect(found.rows).toBe(table.columns[0]?.values.length);
        expect(found.header).toEqual(table.columns.map(({ name }) => name));
        expect(found.delimiter).toBe(style.delimiter);
        expect(found.lineEnd).toBe(style.lineEnd);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['n;"n,";"n ,"\nt.;0;0\n', ";", ["n", "n,", "n ,"]],
    ['a|"b;"|c\n"x;"|1|"y;"\n', "|", ["a", "b;", "c"]],
    ['a;"b,c"\n"x,";1\n"y,z";2\n', ";", ["a", "b,c"]],
  ])(
    "takes no delimiter by which a file breaks the rules when there is one by which it keeps them: %j",
    async (content, delimiter, header) => {
      expect(await check(content)).toMatchObject({ delimiter, header });
    },
  );

  it("tells the first row's line where each row is one, and no line where a blank one or a break inside quotes comes between", async () => {
    const cell = fc.constantFrom("1", "x", '"a,b"', '"two\nlines"');
    const row = fc.record({ cells: fc.tuple(cell, cell), blank: fc.boolean() });
    const rare = fc.tuple(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 2 }), fc.constantFrom("\n", "\r\n"));
    await fc.assert(
      fc.asyncProperty(rare, async ([rows, before, end]) => {
        let text = `${end.repeat(before)}name,other${end}`;
        const lines: number[] = [];
        for (const { cells, blank } of rows) {
          if (blank && lines.length > 0) text += end;
          lines.push(text.split("\n").length);
          text += cells.join(",") + end;
        }
        const { firstRowLine } = await check(text);
        const [first = 0] = lines;
        const isLineEach = !/"two/.test(text) && lines.every((line, at) => line === first + at);
        expect(firstRowLine).toBe(isLineEach ? first : undefined);
      }),
      { numRuns: 200 },
    );
    expect((await check("a,b\r1,2\r")).firstRowLine).toBeUndefined();
  });

  it("answers random bytes with a reading or a Problem, and nothing else", async () => {
    const soup = fc
      .array(fc.constantFrom(..."ab1,;\t|\"' \r\n\0é", "\u{feff}", '","', '""', "\r\n"), { maxLength: 60 })
      .map((parts) => Buffer.from(parts.join("")));
    const bytes = fc.oneof(soup, fc.uint8Array({ maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        await check(content).catch((error: unknown) => expect(problemsOf(error)).not.toEqual([]));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses a row that goes on for ever, whether or not it is quoted", async () => {
    const long = "x".repeat(mostRecordBytes + 1);
    expect(await problemWith(`a,b\n1,2\n3,${long}\n`)).toMatchObject({ code: "TABLE_LINE_LONG", place: { line: 3 } });
    expect(await problemWith(`a,b\n1,2\n3,"${long}\n`)).toMatchObject({ code: "TABLE_QUOTES", place: { line: 3 } });
    expect(await problemWith(`${long}\n1\n`)).toMatchObject({ code: "TABLE_LINE_LONG", place: { line: 1 } });
    expect((await check(`a,b\n1,${"x".repeat(mostRecordBytes - 10)}\n`)).rows).toBe(1);
  });

  it("names the line of a mistake far into a large file", async () => {
    const rows = "12345,abcdefghij\n".repeat(200_000);
    expect(await problemWith(`a,b\n${rows}1,2,3\n`)).toMatchObject({ code: "TABLE_ROW_RAGGED", place: { line: 200_002 } });
    expect(await problemWith(Buffer.concat([Buffer.from(`a,b\n${rows}1,`), Buffer.from([0x81]), Buffer.from("\n")]))).toMatchObject({
      code: "TABLE_ENCODING",
      place: { line: 200_002 },
    });
  });

  it("reads characters of several bytes wherever the file is cut into pieces", async () => {
    for (const before of [0, 1, 2, 3]) {
      const file = Buffer.from(`${"a".repeat(before + 1)},b\n${"😀,é\n".repeat(300_000)}`);
      expect((await check(file)).rows).toBe(300_000);
    }
  });

  it("refuses more columns than a table has", async () => {
    const names = Array.from({ length: 5000 }, (_, at) => `c${at}`).join(",");
    expect(await problemWith(`${names}\n${"1,".repeat(4999)}1\n`)).toMatchObject({ code: "TABLE_TOO_LARGE" });
  });

  it("takes a repeated header for data, not for the lack of one", async () => {
    expect((await check("a,b\n1,x\na,b\n2,y\n")).header).toEqual(["a", "b"]);
  });
});

describe("UTF-8 in pieces", () => {
  it("is the same wherever the pieces are cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 5 }), (text, size) => {
        const bytes = Buffer.from(text);
        const checker = utf8Checker();
        for (let at = 0; at < bytes.length; at += size) checker.push(bytes.subarray(at, at + size));
        checker.end();
      }),
    );
  });

  it("is refused when a character is cut off or no UTF-8", () => {
    for (const bytes of [[0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff]]) {
      const checker = utf8Checker();
      expect(() => {
        checker.push(Uint8Array.from(bytes));
        checker.end();
      }).toThrow(/not in UTF-8/);
    }
  });
});

describe("Fields of a sample", () => {
  it.each([
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ['"a,""b"\r\n1', [['a,"b'], ["1"]]],
    [
      "a,\n,b",
      [
        ["a", ""],
        ["", "b"],
      ],
    ],
    ['a, "x,y" ,b', [["a", "x,y", "b"]]],
    ["\n\na\n\nb\n", [["a"], ["b"]]],
    ['"open', [["open"]]],
    ["a,", [["a", ""]]],
  ])("%j", (text, records) => {
    expect(fieldsOf(text, ",")).toEqual(records);
  });
});
