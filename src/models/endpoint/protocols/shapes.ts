import { quoted } from "../../../base/index.ts";
import { answerInvalid } from "../failures.ts";

/** An object of the answer, or ENDPOINT_ANSWER_INVALID. */
export function objectOf(value: unknown, what: string): { readonly [key: string]: unknown } {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as { readonly [key: string]: unknown };
  throw answerInvalid(`${what} is ${described(value)}, not an object`);
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw answerInvalid(`${what} is ${described(value)}, not a list`);
}

/** A list of one entry a row. */
export function rowsOf(value: unknown, rows: number, what: string): readonly unknown[] {
  const list = listOf(value, what);
  if (list.length === rows) return list;
  throw answerInvalid(
    `${what} holds ${list.length} ${list.length === 1 ? "answer" : "answers"} to ${rows} ${rows === 1 ? "row" : "rows"}`,
    "Lower `batch` to 1; if it stays, the service does not answer each row.",
  );
}

export function described(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : quoted(String(value), 40);
}

/** Rows that are objects, as columns; a row that lacks what the first one has is told. */
export function byName(rows: readonly unknown[], what: string): { [name: string]: unknown[] } {
  const names = Object.keys(objectOf(rows[0], what));
  const columns: { [name: string]: unknown[] } = Object.create(null);
  for (const name of names) {
    columns[name] = rows.map((row, at) => {
      const object = objectOf(row, `answer ${at} of ${what}`);
      if (!Object.hasOwn(object, name)) throw answerInvalid(`answer ${at} of ${what} has no ${quoted(name, 40)}, which the first one has`);
      return object[name];
    });
  }
  return columns;
}

export const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
