import { quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import type { Binding } from "./bind.ts";
import { listed } from "./labels.ts";
import { type OnnxBinding, type Port, wholeTypes } from "./model.ts";
import { own } from "./own.ts";
import { product, shapeText } from "./row-shape.ts";

type Encodings = Pick<OnnxBinding, "encode" | "oneHot">;

/** Values that the columns give for one row. */
export const valuesOf = (columns: readonly ColumnFacts[], { oneHot }: Encodings) =>
  columns.reduce((sum, { name }) => sum + (own(oneHot, name)?.length ?? 1), 0);

/** Values per row: null when the file leaves it open. */
export function widthOf({ shape }: Port): number | null {
  const sizes = shape.slice(1);
  return shape.length === 0 || sizes.includes(null) ? null : product(sizes);
}

/** Checks that columns fill an input: in number, in kind, and row by row. */
export function checkPort(binding: Binding, port: Port, columns: readonly ColumnFacts[], coded: Encodings) {
  const { declared, problem } = binding;
  const mismatch = (what: string, remedy: string) => problem("MODEL_INPUT_MISMATCH", ["inputs", port.name], what, remedy);
  const model = `model ${quoted(declared.model)}`;
  if (port.type === "other") return mismatch(...otherThanTensors(model, port));
  const rows = port.shape[0] ?? null;
  if (rows !== null && rows !== 1 && !isOfAll(binding, rows)) {
    const isSeries = port.shape.length > 2 && port.shape[1] === null;
    const batchFirst = isSeries ? "; a recurrent layer of PyTorch has it with `batch_first=True`" : "";
    const timeMajor = isSeries ? `, or its steps come before its rows (time-major): the shape is ${shapeText(port.shape)}` : "";
    return mismatch(
      `${model} takes exactly ${rows} rows at a time in ${quoted(port.name)}${timeMajor}`,
      `Export the model with its rows along the first dimension, left free (a dynamic axis${batchFirst}).`,
    );
  }
  const given = valuesOf(columns, coded);
  if (port.type === "string") return checkTexts(binding, port, columns, given);
  const texts = columns.filter(
    ({ name, kind }) => isText(kind) && own(coded.encode, name) === undefined && own(coded.oneHot, name) === undefined,
  );
  const width = widthOf(port);
  if (texts.length > 0) return mismatch(...textWhereNumber(binding, port, texts, given - texts.length));
  if (width !== null && width !== given) return mismatch(...countMismatch(binding, port, width, given));
  if (wholeTypes.some((type) => type === port.type)) checkWhole(binding, port, columns, coded);
}

/** Containers of tensors that ONNX knows, with what stands before them and what they hold. */
const containers: Readonly<Record<string, readonly [called: string, holds: string]>> = {
  sequence: ["a sequence", "a list of tensors of any length"],
  map: ["a map", "values by key"],
  optional: ["an optional", "a tensor that may be absent"],
};

/** What no column fills: containers of tensors, and kinds of numbers that no table holds. */
function otherThanTensors(model: string, { name, other = "" }: Port): [string, string] {
  const container = containers[other];
  if (container === undefined)
    return [
      `${model} takes an input ${quoted(name)} of type ${other}; a table fills inputs of numbers or texts`,
      "Export the model with inputs of float32.",
    ];
  const [called, holds] = container;
  return [
    `${model} takes ${called} in ${quoted(name)} (${holds}), and a row of a table fills one tensor`,
    `Export it with one tensor of shape [rows, steps, values] in its place, the rows left free (a dynamic axis); then name its columns step by step, and the shape of one row: \`shapes: { ${JSON.stringify(name)}: [STEPS, VALUES] }\`.`,
  ];
}

/** A size that all inputs and the answers begin with is that of the rows; one of an input alone may be anything: steps of a series, say. */
function isOfAll({ facts, declared }: Binding, rows: number): boolean {
  const answers = [declared.output?.scores ?? facts.scoreOutput, declared.output?.labels ?? facts.labelOutput];
  const outputs = facts.outputs.filter(({ name }) => answers.includes(name));
  return [...facts.inputs, ...outputs].every(({ shape }) => shape[0] === rows);
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

function countMismatch({ declared, facts }: Binding, { shape }: Port, width: number, given: number): [string, string] {
  const features = facts.inputs.length === 1 ? "`features: [...]`" : "`inputs: {...}`";
  return [
    `model ${quoted(declared.model)} takes ${width} ${width === 1 ? "number" : "numbers"}${shape.length > 2 ? ` (${shapeText(shape.slice(1))})` : ""}; dataset ${quoted(declared.dataset)} gives ${given}`,
    `Name the ${width} columns that it was trained on, in order (${features}), or list the columns that it does not use under the dataset's \`unused\`.`,
  ];
}

function checkWhole({ declared, problem }: Binding, port: Port, columns: readonly ColumnFacts[], { encode, oneHot }: Encodings) {
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
