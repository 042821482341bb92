import { hash } from "node:crypto";
import { Problem, quoted } from "../../base/index.ts";
import type { Table } from "../../data/index.ts";
import { numberSources, textColumn } from "../columns.ts";
import { own } from "../own.ts";
import type { EndpointBinding, EndpointInput } from "./binding.ts";
import { keyLength } from "./key-index.ts";

/** A row as JSON, one piece for each input: what is sent, and what its key is made of. */
export type RowTexts = readonly string[];

/** How a protocol writes a value that is missing, or infinite; null where it cannot. */
export interface Blanks {
  readonly number: ((value: number) => string) | null;
  readonly text: string | null;
}

type Write = (row: number) => string;

/** Writes rows of a table. Throws MODEL_INPUT_INVALID, with the row, for a value that the protocol cannot say. */
export function rowWriter(
  table: Table,
  binding: Pick<EndpointBinding, "inputs" | "encode" | "oneHot">,
  blanks: Blanks,
  start = 0,
): (row: number) => RowTexts {
  const inputs = binding.inputs.map((input) => inputWriter(table, input, binding, blanks, start));
  if (inputs.length === 1 && inputs[0] !== undefined) {
    const [only] = inputs;
    return (row) => [only(row)];
  }
  return (row) => inputs.map((write) => write(row));
}

function inputWriter(
  table: Table,
  input: EndpointInput,
  binding: Pick<EndpointBinding, "encode" | "oneHot">,
  blanks: Blanks,
  start: number,
): Write {
  const parts = input.columns.flatMap((name) => columnWriters(table, name, input, binding, blanks, start));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return input.isList ? (row) => `[${only(row)}]` : only;
  return (row) => {
    let text = "[";
    for (let at = 0; at < parts.length; at++) text += at === 0 ? parts[at]!(row) : `,${parts[at]!(row)}`;
    return `${text}]`;
  };
}

function columnWriters(
  table: Table,
  name: string,
  { holds, input }: EndpointInput,
  binding: Pick<EndpointBinding, "encode" | "oneHot">,
  blanks: Blanks,
  start: number,
): readonly Write[] {
  if (holds === "texts") return [textWriter(table, name, blanks, start)];
  const isCoded = own(binding.encode, name) !== undefined || own(binding.oneHot, name) !== undefined;
  const sources = numberSources(table, name, binding);
  const value = isCoded || holds !== "booleans" ? numberText : (number: number) => (number === 0 ? "false" : "true");
  return sources.map((source) => {
    const checked = (number: number, row: number) => {
      if (Number.isFinite(number) && (holds !== "wholes" || Number.isSafeInteger(number))) return value(number);
      if (holds !== "wholes" && blanks.number !== null) return blanks.number(number);
      throw unsayable(name, input, number, start + row);
    };
    if ("values" in source) return (row) => checked(source.values[row]!, row);
    const texts = Array.from(source.byCode, (number) => (Number.isFinite(number) ? checked(number, 0) : null));
    const missing = source.byCode.length - 1;
    return (row) => {
      const code = source.codes[row]!;
      return texts[code < 0 ? missing : code] ?? checked(Number.NaN, row);
    };
  });
}

/** -0 is written as 0: no server tells them apart, and one row is one question. */
const numberText = (number: number) => String(number === 0 ? 0 : number);

function textWriter(table: Table, name: string, { text: blank }: Blanks, start: number): Write {
  const { codes, categories } = textColumn(table, name);
  const texts = categories.map((text) => JSON.stringify(text));
  return (row) => {
    const code = codes[row]!;
    if (code >= 0) return texts[code]!;
    if (blank !== null) return blank;
    throw unsayable(name, name, Number.NaN, start + row);
  };
}

function unsayable(column: string, input: string, value: number, row: number): Problem {
  const what = Number.isNaN(value) ? "is empty" : `holds ${value}`;
  return new Problem(
    "MODEL_INPUT_INVALID",
    `column ${quoted(column)} ${what}, which input ${quoted(input)} of the endpoint cannot be given`,
    {
      at: `row ${row}`,
      remedy: "Fill in or correct the value as it was done in training.",
    },
  );
}

/** What a row is known by: its bytes, and whom they are put to. */
export const keyOf = (scope: string, row: RowTexts): string =>
  hash("sha256", row.length === 1 ? `${scope}\n${row[0]}` : `${scope}\n${row.join("\n")}`, "binary").slice(0, keyLength);
