import { createReadStream } from "node:fs";
import { Problem } from "../../base/index.ts";
import { openTableFile } from "../file.ts";

/** A longer record is no row of a table. */
const mostRecord = 1 << 20;

/** The text of one record, and the line it begins in. */
export interface RecordText {
  readonly text: string;
  readonly line: number;
}

/** The records of a file of JSON lines, or of one array, as texts and in bounded memory; whether they are JSON is not looked at. */
export async function* recordTexts(path: string, file: string): AsyncGenerator<RecordText, void> {
  const { file: handle } = await openTableFile(path);
  await handle.close();
  let split: Splitter | undefined;
  for await (const text of textsOf(path, file)) {
    split ??= /^\s*$/.test(text) ? undefined : /^\s*\[/.test(text) ? elements(file) : lines(file);
    if (split !== undefined) yield* split.push(text);
  }
  if (split !== undefined) yield* split.end();
}

interface Splitter {
  push(text: string): Iterable<RecordText>;
  end(): Iterable<RecordText>;
}

async function* textsOf(path: string, file: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }))
      yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
    throw new Problem("TABLE_ENCODING", "the file is not in UTF-8, as JSON has to be", { file, remedy: "Write it again in UTF-8." });
  }
}

function lines(file: string): Splitter {
  let rest = "";
  let line = 1;
  return {
    *push(text) {
      const all = rest + text;
      let start = 0;
      for (let end = all.indexOf("\n"); end >= 0; end = all.indexOf("\n", start)) {
        const record = all.slice(start, end);
        if (/\S/.test(record)) yield { text: record, line };
        line++;
        start = end + 1;
      }
      rest = all.slice(start);
      if (rest.length > mostRecord) throw tooLong(file, line);
    },
    *end() {
      if (/\S/.test(rest)) yield { text: rest, line };
    },
  };
}

/** Cuts `[a, b, c]` at its own commas. */
function elements(file: string): Splitter {
  let element = "";
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let isOver = false;
  let line = 1;
  let begun = 1;
  const step = (char: string): boolean => {
    if (isEscaped) isEscaped = false;
    else if (inString && char === "\\") isEscaped = true;
    else if (char === '"') inString = !inString;
    else if (inString) return false;
    else if (char === "[" || char === "{") return ++depth === 1;
    else if (char === "]" || char === "}") return depth-- === 1;
    return depth === 1 && char === ",";
  };
  return {
    *push(text) {
      let start = 0;
      for (let at = 0; at < text.length; at++) {
        const char = text[at] as string;
        if (char === "\n") line++;
        if (isOver && /\S/.test(char)) throw trailing(file, line);
        if (isOver || !step(char)) continue;
        element += text.slice(start, at);
        if (depth === 1 && char === "[")
          element = ""; // the array's own beginning
        else if (char === "," || /\S/.test(element)) yield { text: element, line: begun };
        if (depth === 0) isOver = true;
        element = "";
        begun = line;
        start = at + 1;
      }
      if (!isOver) element += text.slice(start);
      if (element.length > mostRecord) throw tooLong(file, begun);
    },
    end() {
      if (isOver) return [];
      throw new Problem("TABLE_DAMAGED", "the array of records is never closed: the file is cut short", {
        file,
        line,
        remedy: "Copy it or write it again.",
      });
    },
  };
}

const tooLong = (file: string, line: number) =>
  new Problem("TABLE_LINE_LONG", `the record that begins here is longer than ${mostRecord} characters`, {
    file,
    line,
    remedy: "Write one object a line, or an array of objects; each is a row of the table.",
  });

const trailing = (file: string, line: number) =>
  new Problem("TABLE_DAMAGED", "something follows the array of records", { file, line, remedy: "Write one array, or one object a line." });
