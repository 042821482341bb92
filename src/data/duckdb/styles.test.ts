import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { type Engine, openEngine } from "../index.ts";
import { textsOf } from "../testing/tables.ts";

let engine: Engine;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "styles-"));
  engine = await openEngine({ memoryBytes: 128 * 2 ** 20, spillFolder: folder });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

let count = 0;
async function read(content: string | Uint8Array) {
  const path = join(folder, `t${count++}.csv`);
  await writeFile(path, content);
  const source = { path, format: "csv" as const };
  const { columns, reading } = await engine.describe(source);
  const [first] = columns;
  return { kind: first?.kind, values: textsOf(await engine.read(source, "all"), first?.name ?? ""), reading };
}
const columnOf = (values: readonly string[]) => `x;y\n${values.map((value) => `"${value}";1\n`).join("")}`;

/** Written by this machine's own formatter, which shares nothing with what reads it. */
const locales = ["de-DE", "fr-FR", "de-CH", "en-US"] as const;

describe("Numbers as locales write them", () => {
  it("are the numbers that were written, or stay text, wherever a mark can mean one thing alone", async () => {
    const amounts = fc.array(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...locales), fc.integer({ min: 0, max: 4 }), amounts, async (locale, digits, drawn) => {
        const numbers = drawn.map((each) => each / 10 ** digits);
        const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
        const written = numbers.map((each) => format.format(each));
        const { kind, values } = await read(columnOf(written));
        // Three digits after the only mark: nothing in the column tells a fraction from thousands, and the plain reading holds.
        if (kind === "text") expect(values).toEqual(written);
        else if (!written.every((each) => /^-?\d{1,3}(\.\d{3})?$/.test(each)))
          expect(values?.map(Number)).toEqual(numbers.map((each) => each + 0));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["a comma that can be either", ["1,234", "5,678"], "text"],
    ["a comma that one value settles", ["1,234", "5,67"], "number"],
    ["thousands that two groups settle", ["1,234,567", "8,900"], "number"],
    ["a leading zero", ["0123,5", "4,5"], "text"],
    ["more digits than a double holds", ["12345678901234567,5", "4,5"], "text"],
    ["digits in threes, as identifiers have them", ["123 456 789", "987 654 321"], "text"],
    ["addresses of machines", ["192.168.100.200", "10.0.0.1"], "text"],
    ["a value that is no number", ["1,5", "2,5", "none"], "text"],
    ["codes that end in a hyphen", ["12-", "13-"], "text"],
    ["percentages", ["12,5 %", "3 %"], "text"],
    ["broken groups", ["1.23,4", "5,6"], "text"],
  ])("%s", async (_, values, kind) => {
    expect((await read(columnOf(values))).kind).toBe(kind);
  });
});

describe("Dates", () => {
  it("of days and months are read as they were written where one day proves the order, and stay text where none does", async () => {
    const days = fc.array(fc.date({ min: new Date("1900-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("en-GB", "en-US"), days, async (locale, drawn) => {
        const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "2-digit", month: "2-digit", year: "numeric" });
        const { kind, values } = await read(columnOf(drawn.map((each) => format.format(each))));
        const proves = drawn.some((each) => each.getUTCDate() > 12);
        expect(kind).toBe(proves ? "date" : "text");
        if (proves) expect(values).toEqual(drawn.map((each) => each.toISOString().slice(0, 10)));
      }),
      { numRuns: 40 },
    );
  });
});

describe("Texts in other encodings", () => {
  it("of Western Europe are read as they were written", async () => {
    const letters = "aäbcdeéèfgñhiïjklmnoøpqrstuüvwxyzß €„“".split("");
    const words = fc.array(fc.constantFrom(...letters), { minLength: 3, maxLength: 20 }).map((some) => `t${some.join("")}t`);
    const western = (text: string) =>
      Uint8Array.from([...text].map((char) => ({ "€": 0x80, "„": 0x84, "“": 0x93 })[char] ?? char.charCodeAt(0)));
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 2, maxLength: 10 }), async (texts) => {
        const run = (text: string) => /[^ -~]{2}/.test(text);
        fc.pre(!texts.some(run));
        expect((await read(western(`x;y\n${texts.map((text) => `${text};1\n`).join("")}`))).values).toEqual(texts);
      }),
      { numRuns: 25 },
    );
  });

  it("whatever the bytes are, they are a table or a Problem", async () => {
    const pieces = fc.constantFrom("a;b\n", "\u{feff}", "1,5;2\n", '"', "\r\n", "sep=;\n", "\0", "é", "\xff", "x", ";", "31/12/2024");
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), fc.constantFrom("utf8", "latin1", "utf16le"), async (parts, encoding) => {
        try {
          await read(Buffer.from(parts.join(""), encoding as BufferEncoding));
        } catch (error) {
          if (problemsOf(error).length === 0) throw error;
        }
      }),
      { numRuns: 60 },
    );
  });
});
