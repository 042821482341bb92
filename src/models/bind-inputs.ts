import { closest } from "fastest-levenshtein";
import { quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import type { Binding } from "./bind.ts";
import { encodings } from "./bind-encode.ts";
import { checkPort, valuesOf, widthOf } from "./bind-port.ts";
import { bindPicture } from "./images/index.ts";
import { listed } from "./labels.ts";
import type { OnnxBinding, Port } from "./model.ts";
import { own } from "./own.ts";
import { rowShape } from "./row-shape.ts";

type Inputs = Pick<OnnxBinding, "inputs" | "encode" | "oneHot">;

/** Which columns fill which input, and how text becomes numbers. */
export function bindInputs(binding: Binding): Inputs {
  const { facts, declared } = binding;
  const coded = encodings(binding);
  checkNames(binding, "inputs");
  checkNames(binding, "shapes");
  const match = matcher(declared.columns);
  const inputs = facts.inputs.flatMap((port): OnnxBinding["inputs"] => {
    const picture = bindPicture(binding, port);
    if (picture !== null) return picture === undefined ? [] : [picture];
    const columns = columnsFor(binding, port, match);
    if (columns === null) return [];
    checkPort(binding, port, columns, coded);
    const shape = rowShape(binding, port, valuesOf(columns, coded));
    return [{ input: port.name, columns: columns.map(({ name }) => name), ...(shape === null ? {} : { shape }) }];
  });
  return { inputs, ...coded };
}

function checkNames({ facts, declared, problem }: Binding, part: "inputs" | "shapes") {
  for (const name of Object.keys(declared[part] ?? {})) {
    if (facts.inputs.some((port) => port.name === name)) continue;
    const names = facts.inputs.map((port) => port.name);
    problem("MODEL_INPUT_MISMATCH", [part, name], `model ${quoted(declared.model)} has no input ${quoted(name)}`, didYouMean(name, names));
  }
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
