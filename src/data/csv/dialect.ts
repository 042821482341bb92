import { Problem, quoted } from "../../base/index.ts";
import { delimiters, fieldsOf } from "./fields.ts";
import { csvScanner, type LineEnd } from "./scan.ts";

/** How a CSV file is written. */
export interface Dialect {
  readonly delimiter: string;
  readonly lineEnd: LineEnd;
  /** The names of the columns, without the blanks around them. */
  readonly header: readonly string[];
  /** Blank lines before the header. */
  readonly blankLines: number;
}

/**
 * Finds the dialect in the beginning of a file (without its byte order mark); `whole` when that is all of it. `declared` is the delimiter where it is known. Throws a Problem when there
 * is none.
 */
export function dialectOf(sample: string, whole: boolean, file: string, declared?: string): Dialect {
  const blank = /^(?:\r\n|\n|\r)*/.exec(sample)?.[0] ?? "";
  const text = sample.slice(blank.length);
  if (text === "")
    throw new Problem("TABLE_EMPTY", "the file holds nothing, or blank lines alone", { file, remedy: "Write the table to it again." });
  const lineEnd = lineEndOf(text);
  const readings = (declared === undefined ? delimiters : [declared]).map((delimiter) => readingOf(text, whole, delimiter, lineEnd));
  const { delimiter, records } = readings.reduce((best, next) => (isBetter(next, best) ? next : best));
  const [first = [], ...sampleRows] = records;
  const header = first.map((name) => name.trim());
  if (declared === undefined) checkDelimiter(header, sampleRows, file);
  if (header.length === 1) checkTitle(readings, file);
  checkHeader(header, sampleRows, file);
  return { delimiter, lineEnd, header, blankLines: blank.length / lineEnd.length };
}

interface Reading {
  readonly delimiter: string;
  readonly records: string[][];
  readonly width: number;
  /** The share of records as wide as the first. */
  readonly agreeing: number;
  /** Whether the sample keeps to the rules of such a file. */
  readonly sound: boolean;
}

function readingOf(text: string, whole: boolean, delimiter: string, lineEnd: LineEnd): Reading {
  const all = fieldsOf(text, delimiter);
  const records = whole || all.length < 2 ? all : all.slice(0, -1);
  const width = records[0]?.length ?? 0;
  const agreeing = records.filter((record) => record.length === width).length / Math.max(records.length, 1);
  return { delimiter, records, width, agreeing, sound: isSound(text, whole, { delimiter, lineEnd, width }) };
}

function isSound(text: string, whole: boolean, dialect: Parameters<typeof csvScanner>[0]): boolean {
  const scanner = csvScanner(dialect, "");
  try {
    scanner.push(Buffer.from(text));
    if (whole) scanner.end();
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function isBetter(a: Reading, b: Reading): boolean {
  if (a.width > 1 !== b.width > 1) return a.width > 1;
  if (a.sound !== b.sound) return a.sound;
  if (Math.abs(a.agreeing - b.agreeing) > 0.1) return a.agreeing > b.agreeing;
  return a.width > b.width;
}

/** The first end of a line outside quotation marks; `\n` for a file of one line. */
function lineEndOf(text: string): LineEnd {
  let inQuotes = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') inQuotes = !inQuotes;
    else if (!inQuotes && char === "\n") return "\n";
    else if (!inQuotes && char === "\r") return text[at + 1] === "\n" ? "\r\n" : "\r";
  }
  return "\n";
}

function checkDelimiter(header: readonly string[], rows: readonly string[][], file: string): void {
  const [only = ""] = header;
  if (header.length > 1 || rows.length === 0) return;
  const other = [...":^~#\u0001\u001f"].find((char) => {
    const parts = only.split(char).length;
    return parts > 1 && rows.every(([field = ""]) => field.split(char).length === parts);
  });
  if (other === undefined) return;
  throw new Problem("TABLE_DELIMITER", `the fields seem to be separated by ${quoted(other)}`, {
    file,
    line: 1,
    remedy: `Declare it: \`read: { delimiter: ${JSON.stringify(other)} }\`.`,
  });
}

/** A first line of one field over lines that all have as many others is a title. Commas may stand in texts: two fields by them prove nothing. */
function checkTitle(readings: readonly Reading[], file: string): void {
  for (const { delimiter, records } of readings) {
    const [, second = [], ...rest] = records;
    const { length } = second;
    if (length < (delimiter === "," ? 3 : 2) || rest.length === 0 || rest.some((record) => record.length !== length)) continue;
    throw new Problem("TABLE_HEADER_MISSING", `the first line has one field, and the lines after it ${length}: it names no columns`, {
      file,
      line: 1,
      remedy: "Remove what stands above the line that names the columns.",
    });
  }
}

function checkHeader(header: readonly string[], rows: readonly string[][], file: string): void {
  const why = whyData(header, rows);
  if (why === undefined) return;
  throw new Problem("TABLE_HEADER_MISSING", `the first line looks like data, not like names of columns: ${why}`, {
    file,
    line: 1,
    remedy: "Put a first line there that names every column.",
  });
}

const isNumber = (text: string) => /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(text);

/** Years and whole numbers can be names ("1990"); broken and negative numbers are not, nor is a line of numbers alone, save 0, 1, 2 ... as pandas writes it. */
function whyData(header: readonly string[], rows: readonly string[][]): string | undefined {
  const measured = header.find((name) => isNumber(name) && !/^\d+$/.test(name));
  if (measured !== undefined) return `${quoted(measured)} is a number`;
  const numbered = header.every((name, at) => name === String(at)) || header.every((name, at) => name === String(at + 1));
  if (header.every((name) => isNumber(name)) && !numbered && !header.every((name) => /^(19|20)\d\d$/.test(name)))
    return "it holds numbers alone";
  const body = rows.filter((row) => !row.every((field, at) => field.trim() === header[at]));
  const words = header.flatMap((name, at) =>
    name === "" || isNumber(name) ? [] : [{ name, again: body.some((row) => row[at]?.trim() === name) }],
  );
  const again = words.filter((word) => word.again);
  return again.length === 0 || again.length < words.length / 2
    ? undefined
    : `${quoted(again[0]?.name ?? "")} comes again further down in the same column`;
}
