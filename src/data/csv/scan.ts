import { Problem } from "../../base/index.ts";

export type LineEnd = "\n" | "\r\n" | "\r";

/** A longer record is no row of a table. */
export const mostRecordBytes = 1 << 20;

const quote = 0x22;
const space = 0x20;
const lf = 0x0a;
const cr = 0x0d;

const fieldStart = 0;
const plain = 1;
const inQuotes = 2;
const quoteInQuotes = 3;
const afterQuotes = 4;
const afterCr = 5;

/** What a whole file turned out to hold. */
export interface Scanned {
  /** Records, the header apart. */
  readonly rows: number;
  /** Where the first row begins, counted from the first byte that was pushed. */
  readonly headerBytes: number;
  /** The line of the first row, where each row is one line and none is blank: row r is then r lines below. */
  readonly firstRowLine?: number;
  /** Whether any field is quoted. */
  readonly quoted: boolean;
}

/**
 * Walks over the bytes of a CSV file and counts its records, the header among them; a mistake is a Problem with its line. The rules are those of the engine that parses the file afterwards
 * in strict mode: RFC 4180, blanks allowed around quotation marks, quotation marks inside a plain field stand for themselves, and blank lines skipped unless there is one column.
 */
export function csvScanner(
  {
    delimiter,
    lineEnd,
    width,
    startLine = 1,
  }: { readonly delimiter: string; readonly lineEnd: LineEnd; readonly width: number; readonly startLine?: number },
  file: string,
) {
  const separator = delimiter.charCodeAt(0);
  let state = fieldStart;
  let line = startLine;
  let firstLine = startLine;
  let quoted = false;
  let fields = 1;
  let length = 0;
  let records = 0;
  let openedAt = 1;
  let scanned = 0;
  let headerBytes = 0;
  let headerLine = startLine;

  const checkLength = () => {
    if (length > mostRecordBytes) throw state === inQuotes ? unclosed(file, openedAt) : longLine(file, firstLine);
  };

  const endRecord = (next: number) => {
    checkLength();
    if (length > 0 || (width === 1 && records > 0)) {
      if (fields !== width) throw ragged(file, firstLine, fields, width);
      if (records++ === 0) {
        headerBytes = next;
        headerLine = firstLine;
      }
    }
    fields = 1;
    length = 0;
    state = fieldStart;
    firstLine = ++line;
  };

  const scanByte = (byte: number, place: number) => {
    if (state === afterCr) {
      if (byte !== lf) throw mixedLineEnds(file, line);
      return endRecord(place + 1);
    }
    if (byte === 0) throw nulByte(file, line);
    if (state === inQuotes) {
      length++;
      if (byte === quote) state = quoteInQuotes;
      else if (byte === lf) line++;
      return;
    }
    if (state === quoteInQuotes && byte === quote) {
      length++;
      state = inQuotes;
      return;
    }
    if (byte === separator) {
      length++;
      fields++;
      state = fieldStart;
    } else if (byte === lf || byte === cr) {
      if (byte === lf ? lineEnd !== "\n" : lineEnd === "\n") throw mixedLineEnds(file, line);
      if (lineEnd === "\r\n") state = afterCr;
      else endRecord(place + 1);
    } else {
      length++;
      if (state === fieldStart) {
        if (byte === quote) {
          state = inQuotes;
          quoted = true;
          openedAt = line;
        } else if (byte !== space) state = plain;
      } else if (state !== plain) {
        if (byte !== space) throw afterQuote(file, line);
        state = afterQuotes;
      }
    }
  };

  return {
    push(chunk: Uint8Array) {
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]!;
        if (state === plain && byte !== separator && byte > cr) length++;
        else scanByte(byte, scanned + at);
      }
      scanned += chunk.length;
      checkLength();
    },
    end(): Scanned {
      if (state === inQuotes) throw unclosed(file, openedAt);
      if (state === afterCr) throw mixedLineEnds(file, line);
      if (length > 0) endRecord(scanned);
      // A lone CR ends no line for most readers.
      const isLineEach = lineEnd !== "\r" && line - headerLine === records;
      return { rows: records - 1, headerBytes, ...(isLineEach ? { firstRowLine: headerLine + 1 } : {}), quoted };
    },
  };
}

const count = (fields: number) => (fields === 1 ? "1 field" : `${fields} fields`);

const ragged = (file: string, line: number, fields: number, width: number) =>
  new Problem("TABLE_ROW_RAGGED", `this row has ${count(fields)}, the header ${count(width)}`, {
    file,
    line,
    remedy:
      fields > width
        ? "Quote the fields that contain the delimiter, or remove what is too much."
        : "Add the missing fields; a field without a value stays empty between its delimiters.",
  });

const nulByte = (file: string, line: number) =>
  new Problem("TABLE_DAMAGED", "the file holds a NUL byte, which no text does", {
    file,
    line,
    remedy: "Check that it is a CSV file in UTF-8, and write it again.",
  });

const unclosed = (file: string, line: number) =>
  new Problem("TABLE_QUOTES", "the quotation mark opened here is never closed", {
    file,
    line,
    remedy: 'Close it; a quotation mark inside a quoted field is written twice ("").',
  });

const afterQuote = (file: string, line: number) =>
  new Problem("TABLE_QUOTES", "something follows a closing quotation mark before the next delimiter", {
    file,
    line,
    remedy: 'Quote the whole field; a quotation mark inside a quoted field is written twice ("").',
  });

const longLine = (file: string, line: number) =>
  new Problem("TABLE_LINE_LONG", `this row is longer than ${mostRecordBytes} bytes`, {
    file,
    line,
    remedy: "Check that the file is a CSV file with line ends.",
  });

const mixedLineEnds = (file: string, line: number) =>
  new Problem("TABLE_LINE_ENDS", "this line ends in another way than the first", {
    file,
    line,
    remedy: "Write all line ends alike (LF), for instance with dos2unix.",
  });
