import { quoted } from "../../base/index.ts";
import type { ColumnFacts } from "../../data/index.ts";
import type { Bindable, Binding, DeclaredBinding } from "../bind.ts";
import { bindClasses } from "../bind-classes.ts";
import { encodings } from "../bind-encode.ts";
import { bindInputs } from "../bind-inputs.ts";
import { own } from "../own.ts";
import type { Address, EndpointBinding, EndpointInput } from "./binding.ts";
import { type Chosen, classesIn, type OutputFacts } from "./outputs.ts";
import type { Probe } from "./probe.ts";
import { protocols } from "./protocols/all.ts";
import type { Described, Outputs, TypedPort } from "./protocols/protocol.ts";

type Inputs = Pick<EndpointBinding, "inputs" | "encode" | "oneHot">;

const nothing: Bindable = { inputs: [], outputs: [], classes: null, labelOutput: null, scoreOutput: null, scores: null, scoreCount: null };

type Note = Binding["problem"];

/** Which columns fill which part of a request. Servers that describe their inputs are held to that; the others take columns by their names. */
export function bindEndpointInputs(declared: DeclaredBinding, address: Address, described: Described, problem: Note): Inputs {
  const isDescribed = protocols[address.protocol].describedAt(address) !== null;
  if (!isDescribed) return inputsByName(declared, address, problem);
  const ports = described.inputs.length > 0 ? described.inputs : undescribed(declared);
  if (ports.length === 0) {
    const what = `the server does not say what model ${quoted(declared.model)} takes`;
    problem("MODEL_INPUT_MISMATCH", ["inputs"], what, "Say which columns fill which of its inputs, in order: `inputs: { NAME: [...] }`.");
    return { inputs: [], encode: {}, oneHot: {} };
  }
  const { inputs, encode, oneHot } = bindInputs({ facts: { ...nothing, inputs: ports }, declared, problem });
  return { inputs: inputs.map(({ input, columns }) => inputOf(input, columns, portNamed(ports, input))), encode, oneHot };
}

const portNamed = (ports: readonly TypedPort[], name: string) => ports.find((port) => port.name === name);

/** Where a server leaves its inputs out, what is declared stands for them: numbers, as many as there are columns. */
const undescribed = ({ inputs = {} }: DeclaredBinding): TypedPort[] =>
  Object.keys(inputs).map((name) => ({ name, datatype: "FP64", type: "float64", shape: [null, null] }));

function inputOf(input: string, columns: readonly string[], port: TypedPort | undefined): EndpointInput {
  const { datatype = "", type = "other", shape = [null, null] } = port ?? {};
  const holds = type === "string" ? "texts" : type === "bool" ? "booleans" : /float/.test(type) ? "numbers" : "wholes";
  return { input, columns, datatype, holds, isList: shape.length !== 1 };
}

/** Each column under its own name, or the one that `inputs` gives it; as one list where the request takes lists. */
function inputsByName(declared: DeclaredBinding, { mapping }: Address, problem: Note): Inputs {
  const { encode, oneHot } = encodings({ facts: nothing, declared, problem });
  const named = declared.inputs === undefined ? null : Object.entries(declared.inputs);
  const free = declared.features ?? declared.columns.map(({ name }) => name).filter((name) => isFeature(declared, name));
  const pairs = named ?? free.map((name) => [name, name] as const);
  const inputs = pairs.flatMap(([input, column]): EndpointInput[] => {
    const names = typeof column === "string" ? [column] : column;
    const facts = names.map((name) => factsOf(declared, name, named === null ? ["features"] : ["inputs", input], problem));
    const holds = new Set(facts.map((each) => holdsOf(each, encode, oneHot)));
    return [
      {
        input,
        columns: names,
        datatype: "",
        holds: holds.size === 1 ? ([...holds][0] ?? "numbers") : "numbers",
        isList: typeof column !== "string",
      },
    ];
  });
  for (const name of mapping?.rows === "arrays" ? [] : Object.keys(oneHot)) {
    const what = `column ${quoted(name)} would be several values, and the endpoint takes one for each column`;
    problem(
      "MODEL_INPUT_MISMATCH",
      ["encode", name],
      what,
      "Give each text a number instead, or leave `encode` out if the service takes texts.",
    );
  }
  return { inputs, encode, oneHot };
}

const isFeature = ({ label, unused }: DeclaredBinding, name: string) => name !== label && !unused?.includes(name);

function factsOf({ columns, dataset }: DeclaredBinding, name: string, path: readonly string[], problem: Note): ColumnFacts | null {
  const found = columns.find((column) => column.name === name);
  if (found === undefined)
    problem("MODEL_INPUT_MISMATCH", path, `dataset ${quoted(dataset)} has no column ${quoted(name)}`, "Correct the name.");
  return found ?? null;
}

function holdsOf(column: ColumnFacts | null, encode: Inputs["encode"], oneHot: Inputs["oneHot"]): EndpointInput["holds"] {
  if (column === null || column.kind === "number") return "numbers";
  if (own(encode, column.name) !== undefined || own(oneHot, column.name) !== undefined) return "numbers";
  return column.kind === "boolean" ? "booleans" : "texts";
}

/** How the classes are called, once it is known what is answered. */
export function bindEndpointClasses(
  declared: DeclaredBinding,
  chosen: Chosen,
  { outputs, sample }: Pick<Probe, "outputs" | "sample">,
  problem: Note,
) {
  const score = outputs.find(({ name }) => name === chosen.scoreOutput);
  const texts = declared.columns.find(({ name }) => name === declared.label)?.values?.map(({ value }) => value) ?? null;
  const facts: Bindable = {
    ...nothing,
    ...chosen,
    classes: classesIn(sample, chosen, texts),
    scoreCount: score?.width ?? null,
    outputs: outputs.map((output) => portOf(output, sample)),
  };
  const kind = declared.output?.kind ?? "probabilities";
  return { ...bindClasses({ facts, declared: { ...declared, output: undefined }, problem }), scores: kind } as const;
}

/** Labels that are numbers count the classes up, unless these are numbers too. */
const portOf = ({ name, holds, width }: OutputFacts, sample: Outputs) =>
  ({
    name,
    type: holds !== "labels" ? "float64" : sample[name]?.every((label) => typeof label === "number") ? "int64" : "string",
    shape: [null, width],
  }) as const;
