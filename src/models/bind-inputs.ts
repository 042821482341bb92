import { closest } from "fastest-levenshtein";
import { quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import type { Binding } from "./bind.ts";
import { encodings } from "./bind-encode.ts";
import { listed } from "./labels.ts";
import type { OnnxBinding, Port } from "./model.ts";
import { own } from "./own.ts";

type Inputs = Pick<OnnxBinding, "inputs" | "encode" | "oneHot">;

/** Which columns fill which input, and how text becomes numbers. */
export function bindInputs(binding: Binding): Inputs {
  const { facts, declared, problem } = binding;
  const coded = encodings(binding);
  for (const name of Object.keys(declared.inputs ?? {})) {
    if (facts.inputs.some((port) => port.name === name)) continue;
    const names = facts.inputs.map((port) => port.name);
    problem(
      "MODEL_INPUT_MISMATCH",
      ["inputs", name],
      `model ${quoted(declared.model)} has no input ${quoted(name)}`,
      didYouMean(name, names),
    );
  }
  const match = matcher(declared.columns);
  const inputs = facts.inputs.flatMap((port) => {
    const columns = columnsFor(binding, port, match);
    if (columns === null) return [];
    checkPort(binding, port, columns, coded);
    return [{ input: port.name, columns: columns.map(({ name }) => name) }];
  });
  return { inputs, ...coded };
}

const didYouMean = (name: string, names: readonly string[]) =>
  names.length === 0 ? "None is left." : `Did you mean ${quoted(closest(name, [...names]))}? There is ${listed(names)}.`;

/** The declared columns of an input, else those that its name or the dataset's features give; null after a problem. */
function columnsFor(binding: Binding, port: Port, match: ReturnType<typeof matcher>): readonly ColumnFacts[] | null {
  const { facts, declared, problem } = binding;
  const named = own(declared.inputs ?? {}, port.name);
  if (named !== undefined)
    return known(binding, typeof named === "string" ? [named] : named, ["inputs", port.name], freeColumns(binding, match));
  const alone = facts.inputs.length === 1;
  if (alone && declared.features !== undefined) return known(binding, declared.features, ["features"], usable(declared, declared.features));
  if (!alone || widthOf(port) === 1) {
    const found = match(port.name);
    if (found !== undefined) return [found];
  }
  if (alone) return declared.columns.filter(({ name }) => name !== declared.label && !declared.unused?.includes(name));
  const names = freeColumns(binding, match);
  const what = `model ${quoted(declared.model)} has an input ${quoted(port.name)}; dataset ${quoted(declared.dataset)} has no column of that name`;
  problem(
    "MODEL_INPUT_MISMATCH",
    ["inputs"],
    what,
    names.length === 0
      ? "No column is left that could fill it: add it to the dataset, or export the model without this input."
      : `Say which column fills it: \`inputs: { ${JSON.stringify(port.name)}: ${JSON.stringify(closest(port.name, names))} }\`.`,
  );
  return null;
}

/** Columns that fill no input yet, by declaration or by name. */
function freeColumns({ facts, declared }: Binding, match: ReturnType<typeof matcher>): string[] {
  const taken = facts.inputs.flatMap(({ name }) => own(declared.inputs ?? {}, name) ?? match(name)?.name ?? []);
  return usable(declared, taken);
}

/** All columns but those taken already, the label and the unused ones. */
function usable(declared: Binding["declared"], taken: readonly string[]): string[] {
  const no = new Set([...taken, ...(declared.unused ?? []), declared.label]);
  return declared.columns.map(({ name }) => name).filter((name) => !no.has(name));
}

function known(
  { declared, problem }: Binding,
  names: readonly string[],
  path: readonly string[],
  free: readonly string[],
): readonly ColumnFacts[] | null {
  const columns = names.map((name) => declared.columns.find((column) => column.name === name));
  const unknown = names.filter((_, index) => columns[index] === undefined);
  for (const name of unknown) {
    problem("MODEL_INPUT_MISMATCH", path, `dataset ${quoted(declared.dataset)} has no column ${quoted(name)}`, didYouMean(name, free));
  }
  return unknown.length > 0 ? null : columns.filter((column) => column !== undefined);
}

/** By the exact name, else by the only one that is equal but for case and punctuation. */
function matcher(columns: readonly ColumnFacts[]): (name: string) => ColumnFacts | undefined {
  const exact = new Map(columns.map((column) => [column.name, column]));
  const alike = Map.groupBy(columns, ({ name }) => plain(name));
  return (name) => {
    const others = alike.get(plain(name));
    return exact.get(name) ?? (others?.length === 1 ? others[0] : undefined);
  };
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Values per row: null when the file leaves it open. */
function widthOf({ shape }: Port): number | null {
  if (shape.length === 0) return null;
  return shape.length === 1 ? 1 : (shape[1] ?? null);
}

function checkPort(binding: Binding, port: Port, columns: readonly ColumnFacts[], coded: Omit<Inputs, "inputs">) {
  const { declared, problem } = binding;
  const mismatch = (what: string, remedy: string) => problem("MODEL_INPUT_MISMATCH", ["inputs", port.name], what, remedy);
  const model = `model ${quoted(declared.model)}`;
  if (port.shape.length > 2 || port.type === "other" || port.type === "float16") {
    const what = port.shape.length > 2 ? `of ${port.shape.length} dimensions` : `of type ${port.type}`;
    return mismatch(
      `${model} takes an input ${quoted(port.name)} ${what}; a table fills inputs of numbers or texts, one row each`,
      "Export the model with inputs of shape [N, k] and type float32.",
    );
  }
  const rows = port.shape[0] ?? null;
  if (rows !== null && rows !== 1) {
    return mismatch(
      `${model} takes exactly ${rows} rows at a time in ${quoted(port.name)}`,
      "Export the model with a free first dimension (a dynamic axis).",
    );
  }
  const given = columns.reduce((sum, { name }) => sum + (own(coded.oneHot, name)?.length ?? 1), 0);
  if (port.type === "string") return checkTexts(binding, port, columns, given);
  const texts = columns.filter(
    ({ name, kind }) => isText(kind) && own(coded.encode, name) === undefined && own(coded.oneHot, name) === undefined,
  );
  const width = widthOf(port);
  if (texts.length > 0) return mismatch(...textWhereNumber(binding, port, texts, given - texts.length));
  if (width !== null && width !== given) return mismatch(...countMismatch(binding, width, given));
  if (port.type === "int64" || port.type === "int32" || port.type === "bool") checkWhole(binding, port, columns, coded);
}

const isText = (kind: ColumnFacts["kind"]) => kind === "text" || kind === "date";

function checkTexts({ declared, problem }: Binding, port: Port, columns: readonly ColumnFacts[], given: number) {
  const width = widthOf(port);
  if (width !== null && width !== given) {
    const what = `input ${quoted(port.name)} of model ${quoted(declared.model)} takes ${width} texts; ${given} columns are given`;
    problem(
      "MODEL_INPUT_MISMATCH",
      ["inputs", port.name],
      what,
      `Name its ${width} columns: \`inputs: { ${JSON.stringify(port.name)}: [...] }\`.`,
    );
  }
  for (const { name, kind, integer } of columns) {
    if (kind !== "number" || integer === true) continue;
    const what = `input ${quoted(port.name)} of model ${quoted(declared.model)} takes texts; column ${quoted(name)} holds fractions, whose text is not defined`;
    problem("MODEL_INPUT_MISMATCH", ["inputs", port.name], what, "Store the column as the texts that the model was trained on.");
  }
}

function textWhereNumber({ declared }: Binding, port: Port, texts: readonly ColumnFacts[], numbers: number): [string, string] {
  const dates = texts.filter(({ kind }) => kind === "date");
  const words = texts.filter(({ kind }) => kind !== "date");
  const [first, ...others] = [...words, ...dates];
  if (first === undefined) throw new Error("there is a text column");
  const values =
    first.values === undefined
      ? ""
      : ` (${listed(
          first.values.map(({ value }) => value),
          4,
        )})`;
  const kinds = dates.length === 0 ? ["is text", "are text"] : words.length === 0 ? ["is a date", "are dates"] : ["", "are text or dates"];
  const more = others.length === 0 ? kinds[0] : `and ${others.length} more ${kinds[1]}`;
  const width = widthOf(port);
  const takes = `model ${quoted(declared.model)} takes ${width ?? "any number of"} ${width === 1 ? "number" : "numbers"}${port.shape.length === 2 ? "" : ` in ${quoted(port.name)}`}`;
  return [
    `${takes}; dataset ${quoted(declared.dataset)} gives ${numbers}, and column ${quoted(first.name)}${values} ${more}`,
    [encodingRemedy(words, numbers), unusedRemedy(dates, words, numbers, width)].filter(Boolean).join(" "),
  ];
}

function encodingRemedy(words: readonly ColumnFacts[], numbers: number): string {
  const [first, ...others] = words;
  if (first === undefined) return "";
  const which = others.length === 0 ? quoted(first.name) : `all ${words.length}`;
  const oneHot = numbers + words.reduce((sum, { distinct }) => sum + distinct, 0);
  return `One-hot encoding ${which} gives ${oneHot}, an ordinal code gives ${numbers + words.length}: say which (\`encode: { ${JSON.stringify(first.name)}: ordinal }\`), as the model was trained.`;
}

const mostListed = 5;

/** Dates are left out first: hardly a model takes one. */
function unusedRemedy(dates: readonly ColumnFacts[], words: readonly ColumnFacts[], numbers: number, width: number | null): string {
  const names = (dates.length > 0 ? dates : words).map(({ name }) => (/^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name)));
  const list = [...names.slice(0, mostListed), ...(names.length > mostListed ? ["..."] : [])].join(", ");
  const fits = words.length === 0 && numbers === width ? `, which leaves ${numbers}, as many as it takes` : "";
  const either =
    dates.length > 0 && words.length === 0 ? "A date is no number. List what the model does not take" : "Or list what it does not take";
  return `${either} under the dataset's \`unused: [${list}]\`${fits}.`;
}

function countMismatch({ declared, facts }: Binding, width: number, given: number): [string, string] {
  const features = facts.inputs.length === 1 ? "`features: [...]`" : "`inputs: {...}`";
  return [
    `model ${quoted(declared.model)} takes ${width} ${width === 1 ? "number" : "numbers"}; dataset ${quoted(declared.dataset)} gives ${given}`,
    `Name the ${width} columns that it was trained on, in order (${features}), or list the columns that it does not use under the dataset's \`unused\`.`,
  ];
}

function checkWhole(
  { declared, problem }: Binding,
  port: Port,
  columns: readonly ColumnFacts[],
  { encode, oneHot }: Omit<Inputs, "inputs">,
) {
  for (const { name, kind, integer, missing } of columns) {
    if (own(oneHot, name) !== undefined) continue;
    const isWhole = kind === "boolean" || (kind === "number" && integer === true) || own(encode, name) !== undefined;
    const takes = `input ${quoted(port.name)} of model ${quoted(declared.model)} takes whole numbers; column ${quoted(name)}`;
    if (!isWhole)
      problem(
        "MODEL_INPUT_MISMATCH",
        ["inputs", port.name],
        `${takes} holds fractions`,
        "Export the model with a float input, or round the column as it was in training.",
      );
    else if (missing > 0)
      problem(
        "MODEL_INPUT_MISMATCH",
        ["inputs", port.name],
        `${takes} is empty in ${missing} rows`,
        "Fill them in as it was done in training: a whole number cannot say that it is missing.",
      );
  }
}
