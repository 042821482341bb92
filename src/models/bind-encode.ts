import { closest } from "fastest-levenshtein";
import { quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import type { Binding } from "./bind.ts";
import { listed } from "./labels.ts";
import type { OnnxBinding } from "./model.ts";

/** The declared encodings with their texts spelt out: sorted by code unit, as scikit-learn and pandas sort. */
export function encodings(binding: Binding): Pick<OnnxBinding, "encode" | "oneHot"> {
  const { declared } = binding;
  const encode: Record<string, Record<string, number>> = Object.create(null);
  const oneHot: Record<string, readonly string[]> = Object.create(null);
  for (const [name, how] of Object.entries(declared.encode ?? {})) {
    const column = textColumn(binding, name);
    if (column === undefined) continue;
    if (typeof how === "object") {
      checkCodes(binding, column, how);
      encode[name] = { ...how };
      continue;
    }
    const texts = sortedTexts(binding, column, how);
    if (how === "one-hot") oneHot[name] = texts;
    else encode[name] = Object.fromEntries(texts.map((text, code) => [text, code]));
  }
  return { encode: { ...encode }, oneHot: { ...oneHot } };
}

function textColumn({ declared, problem }: Binding, name: string): ColumnFacts | undefined {
  const column = declared.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const names = declared.columns.map((candidate) => candidate.name);
    const hint = names.length > 0 ? `Did you mean ${quoted(closest(name, names))}?` : "It has none.";
    problem("MODEL_INPUT_MISMATCH", ["encode", name], `dataset ${quoted(declared.dataset)} has no column ${quoted(name)}`, hint);
  } else if (column.kind === "number") {
    problem(
      "MODEL_INPUT_MISMATCH",
      ["encode", name],
      `column ${quoted(name)} holds numbers: there is nothing to encode`,
      "Remove this line.",
    );
    return undefined;
  }
  return column;
}

const isComplete = ({ values, distinct }: ColumnFacts) => values !== undefined && values.length === distinct;

function checkCodes({ problem }: Binding, { name, values }: ColumnFacts, codes: { readonly [text: string]: number }) {
  const without = (values ?? []).map(({ value }) => value).filter((text) => !Object.hasOwn(codes, text));
  if (without.length > 0)
    problem(
      "MODEL_INPUT_MISMATCH",
      ["encode", name],
      `column ${quoted(name)} holds ${listed(without)}, without a code`,
      "Give each text the code that it had in training.",
    );
}

function sortedTexts({ problem }: Binding, column: ColumnFacts, how: string): readonly string[] {
  if (!isComplete(column)) {
    const what = `column ${quoted(column.name)} has ${column.distinct} different texts, too many to guess the order of training`;
    problem(
      "MODEL_INPUT_MISMATCH",
      ["encode", column.name],
      what,
      `Write the code of each text instead of \`${how}\`: \`encode: { ${JSON.stringify(column.name)}: { ... } }\`.`,
    );
  }
  return (column.values ?? []).map(({ value }) => value).sort();
}
