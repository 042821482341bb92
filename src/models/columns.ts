import { Problem, quoted } from "../base/index.ts";
import type { Column, Table, TextColumn } from "../data/index.ts";
import type { ModelBinding } from "./model.ts";
import { own } from "./own.ts";

/** Writes a column's rows [start, start + count) as numbers into every `stride`-th place of `into`, from `offset` on. NaN where missing. */
export type NumberSource = (into: Float32Array | Float64Array, offset: number, stride: number, start: number, count: number) => void;

export function columnOf(table: Table, name: string): Column {
  const column = own(table.columns, name);
  if (column === undefined) throw new Error(`the table has no column ${name}`);
  return column;
}

/** A column as the numbers that the model takes: one for most, one per text when it is one-hot. */
export function numberSources(
  table: Table,
  name: string,
  { encode, oneHot }: Pick<ModelBinding, "encode" | "oneHot">,
): readonly NumberSource[] {
  const column = columnOf(table, name);
  if (column.kind === "number") return [numbers(column.values)];
  const texts = own(oneHot, name);
  if (texts !== undefined) return texts.map((text) => looked(column, oneHotTable(column, name, texts, text)));
  return [looked(column, codeTable(column, name, own(encode, name) ?? booleanCodes))];
}

const booleanCodes = { true: 1, false: 0 };

function numbers(values: Float64Array): NumberSource {
  return (into, offset, stride, start, count) => {
    if (stride === 1) return into.set(values.subarray(start, start + count), offset);
    for (let row = 0, at = offset; row < count; row++, at += stride) into[at] = values[start + row]!;
  };
}

/** `byCode` holds the number of each code, and last that of a missing text. */
function looked({ codes }: TextColumn, byCode: Float64Array): NumberSource {
  const missing = byCode.length - 1;
  return (into, offset, stride, start, count) => {
    for (let row = 0, at = offset; row < count; row++, at += stride) {
      const code = codes[start + row]!;
      into[at] = byCode[code < 0 ? missing : code]!;
    }
  };
}

function codeTable(column: TextColumn, name: string, codes: { readonly [text: string]: number }): Float64Array {
  const table = Float64Array.from([...column.categories.map((text) => own(codes, text) ?? Number.NaN), Number.NaN]);
  refuseUnknown(column, name, (text) => own(codes, text) !== undefined);
  return table;
}

/** A missing text is none of them: zeros. */
function oneHotTable(column: TextColumn, name: string, texts: readonly string[], text: string): Float64Array {
  refuseUnknown(column, name, (category) => texts.includes(category));
  return Float64Array.from([...column.categories.map((category) => (category === text ? 1 : 0)), 0]);
}

/** Categories that no row has do no harm. */
function refuseUnknown({ categories, codes }: TextColumn, name: string, isKnown: (text: string) => boolean) {
  const unknown = new Set(categories.flatMap((text, code) => (isKnown(text) ? [] : [code])));
  if (unknown.size === 0) return;
  const row = codes.findIndex((code) => unknown.has(code));
  if (row < 0) return;
  throw new Problem(
    "MODEL_INPUT_INVALID",
    `column ${quoted(name)} holds ${quoted(categories[codes[row] ?? 0] ?? "")}, for which the model has no number`,
    {
      at: `row ${row}`,
      remedy: "Give the text a code under the model's `encode`, as it had in training, or correct the value.",
    },
  );
}

/** Different numbers that may become texts; more are no categories. */
const mostTexts = 1_000_000;

/** A column as texts: numbers are written as whole numbers are in CSV; a missing value is -1. */
export function textColumn(table: Table, name: string): TextColumn {
  const column = columnOf(table, name);
  if (column.kind === "text") return column;
  const byValue = new Map<number, number>();
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    const code = byValue.get(value) ?? byValue.size;
    byValue.set(value, code);
    return code;
  });
  if (byValue.size > mostTexts) {
    throw new Problem("MODEL_INPUT_INVALID", `column ${quoted(name)} holds ${byValue.size} different numbers where the model takes texts`, {
      remedy: "Check which column fills this input.",
    });
  }
  return { kind: "text", codes, categories: [...byValue.keys()].map(String) };
}
