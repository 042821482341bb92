import { Problem, quoted } from "../base/index.ts";
import type { Column, Table, TextColumn } from "../data/index.ts";
import type { OnnxBinding } from "./model.ts";
import { own } from "./own.ts";

/** A column as numbers: its values, NaN where missing, or a number for each code and last for a missing text. */
export type NumberSource = { readonly values: Float64Array } | { readonly codes: Int32Array; readonly byCode: Float64Array };

export function columnOf(table: Table, name: string): Column {
  const column = own(table.columns, name);
  if (column === undefined) throw new Error(`the table has no column ${name}`);
  return column;
}

/** A column as the numbers that the model takes: one for most, one per text when it is one-hot. */
export function numberSources(
  table: Table,
  name: string,
  { encode, oneHot }: Pick<OnnxBinding, "encode" | "oneHot">,
): readonly NumberSource[] {
  const column = columnOf(table, name);
  if (column.kind === "number") return [{ values: column.values }];
  const texts = own(oneHot, name);
  if (texts !== undefined) return texts.map((text) => ({ codes: column.codes, byCode: oneHotTable(column, name, texts, text) }));
  return [{ codes: column.codes, byCode: codeTable(column, name, own(encode, name) ?? booleanCodes) }];
}

const booleanCodes = { true: 1, false: 0 };

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
