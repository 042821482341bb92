import type { OnnxBinding } from "../../../models/index.ts";
import { type Constant, floatOf, floatsOf, intOf, intsOf, type Node, type Program, textsOf } from "../../../onnx/index.ts";
import type { Rows } from "../tables/columns.ts";

/** What one number of the trees' input is: a column's number, or what stands for its text. */
export interface TreeInput {
  /** The column's place in a row. */
  readonly column: number;
  /** By the text's place; null for numbers. */
  readonly codes: Float64Array | null;
}

/** One place of a value inside the model, row by row; `texts`: still the column's text. */
interface Source extends TreeInput {
  readonly texts?: readonly string[];
}

type Sources = readonly Source[];
type Known = ReadonlyMap<string, Sources>;

/** Places of a value, at most: more are not followed. */
const mostPlaces = 100_000;

/** What each place of the value called `name` is, where only what exporters put before trees lies between it and the inputs: columns put together, and texts coded. Null where there is more. */
export function inputsAt({ graph }: Program, name: string, binding: OnnxBinding, rows: Rows): readonly TreeInput[] | null {
  const known = new Map<string, Sources>();
  for (const port of graph.inputs) {
    const bound = binding.inputs.find(({ input }) => input === port.name);
    const sources = bound?.columns.map((column) => (port.element === "string" ? textOf(column, rows) : numbersOf(column, rows, binding)));
    if (sources?.every((each) => each !== null)) known.set(port.name, sources.flat());
  }
  for (const node of graph.nodes) {
    if (known.has(name)) break;
    const made = Object.hasOwn(makers, node.op) ? makers[node.op]?.(node, known, graph.constants) : null;
    const [output] = node.outputs;
    if (made !== undefined && made !== null && output !== undefined && made.length <= mostPlaces) known.set(output, made);
  }
  const found = known.get(name);
  return found === undefined || found.some(({ texts }) => texts !== undefined) ? null : found;
}

function textOf(name: string, rows: Rows): Sources | null {
  const index = rows.indexOf(name);
  const column = rows.columns[index];
  return column === undefined || column.kind === "number" ? null : [{ column: index, codes: null, texts: column.texts }];
}

function numbersOf(name: string, rows: Rows, { encode, oneHot }: OnnxBinding): Sources | null {
  const index = rows.indexOf(name);
  const column = rows.columns[index];
  if (column === undefined) return null;
  if (column.kind === "number") return [{ column: index, codes: null }];
  const places = Object.hasOwn(oneHot, name) ? oneHot[name] : undefined;
  if (places !== undefined) return places.map((text) => coded(index, column.texts, (each) => Number(each === text)));
  const codes: Readonly<Record<string, number>> | undefined = Object.hasOwn(encode, name) ? encode[name] : { true: 1, false: 0 };
  return [coded(index, column.texts, (text) => codes?.[text] ?? 0)];
}

const coded = (column: number, texts: readonly string[], code: (text: string) => number): Source => ({
  column,
  codes: Float64Array.from(texts, code),
});

type Maker = (node: Node, known: Known, constants: ReadonlyMap<string, Constant>) => Sources | null;

const first: Maker = ({ inputs }, known) => known.get(inputs[0] ?? "") ?? null;

/** What may lie between inputs and trees. Reshaping keeps a row's places in their order; a row without missing values passes an imputer as it is. */
const makers: Readonly<Record<string, Maker>> = {
  Identity: first,
  Cast: (node, known, constants) => {
    const sources = first(node, known, constants);
    return sources?.some(({ texts }) => texts !== undefined) ? null : sources;
  },
  Reshape: first,
  Flatten: first,
  Imputer: first,
  FeatureVectorizer: joined,
  Concat: (node, known) => (intOf(node, "axis", 1) === 0 ? null : joined(node, known)),
  ArrayFeatureExtractor: ({ inputs }, known, constants) => {
    const sources = known.get(inputs[0] ?? "");
    const places = constants.get(inputs[1] ?? "");
    const chosen = Array.from((places?.values ?? []) as ArrayLike<number | bigint>, (place) => sources?.[Number(place)]);
    return places === undefined || !chosen.every((each) => each !== undefined) ? null : chosen;
  },
  OneHotEncoder: (node, known, constants) => {
    const categories = textsOf(node, "cats_strings");
    const sources = first(node, known, constants);
    if (categories === undefined || sources === null) return null;
    return each(sources, ({ column, texts }) => categories.map((category) => coded(column, texts, (text) => Number(text === category))));
  },
  LabelEncoder: (node, known, constants) => {
    const keys = textsOf(node, "keys_strings");
    const values = floatsOf(node, "values_floats") ?? intsOf(node, "values_int64s");
    const sources = first(node, known, constants);
    if (keys === undefined || values === undefined || sources === null) return null;
    const other = floatsOf(node, "values_floats") === undefined ? intOf(node, "default_int64", -1) : floatOf(node, "default_float", 0);
    return each(sources, ({ column, texts }) => [coded(column, texts, (text) => values[keys.indexOf(text)] ?? other)]);
  },
};

function joined({ inputs }: Node, known: Known): Sources | null {
  const parts = inputs.map((input) => known.get(input));
  return parts.every((part) => part !== undefined) ? parts.flat() : null;
}

/** Of texts alone. */
function each(sources: Sources, make: (source: Source & { readonly texts: readonly string[] }) => Sources): Sources | null {
  const made = sources.map((source) => (source.texts === undefined ? null : make({ ...source, texts: source.texts })));
  return made.every((part) => part !== null) ? made.flat() : null;
}
