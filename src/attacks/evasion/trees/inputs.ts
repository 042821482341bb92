import type { OnnxBinding } from "../../../models/index.ts";
import type { Node, Program } from "../../../onnx/index.ts";
import type { Rows } from "../tables/columns.ts";
import type { Ensemble } from "./ensemble.ts";
import { readEnsemble, treeNodesOf } from "./read-ensemble.ts";

/** What one number of the trees' input is: a column's number, or what stands for its text. */
export interface TreeInput {
  /** The column's place in a row. */
  readonly column: number;
  /** By the text's place; null for numbers. */
  readonly codes: Float64Array | null;
}

/** A model that is trees over the columns of a table. */
export interface TreeModel {
  readonly ensemble: Ensemble;
  readonly inputs: readonly TreeInput[];
}

/** Nodes that leave numbers as they are. */
const passing = new Set(["Identity", "Cast"]);

/** Null where the model is something else: several ensembles, a preparation before the trees, a calibration that follows them. Throws MODEL_INVALID for trees that are none. */
export function treeModelOf(program: Program, binding: OnnxBinding, rows: Rows): TreeModel | null {
  const trees = treeNodesOf(program);
  const [node] = trees;
  const [port] = program.graph.inputs;
  if (node === undefined || trees.length > 1 || port === undefined || program.graph.inputs.length > 1) return null;
  if (sourceOf(node.inputs[0] ?? "", program.graph.nodes) !== port.name) return null;
  const bound = binding.inputs.find(({ input }) => input === port.name);
  const inputs = bound?.columns.map((name) => inputsOf(name, rows, binding)) ?? [];
  if (inputs.length === 0 || inputs.includes(null)) return null;
  const ensemble = readEnsemble(node, program.file);
  const all = inputs.flatMap((each) => each ?? []);
  return ensemble.width > all.length ? null : { ensemble, inputs: all };
}

function sourceOf(name: string, nodes: readonly Node[]): string {
  const maker = nodes.find(({ outputs }) => outputs.includes(name));
  if (maker === undefined) return name;
  return passing.has(maker.op) ? sourceOf(maker.inputs[0] ?? "", nodes) : "";
}

function inputsOf(name: string, rows: Rows, { encode, oneHot }: OnnxBinding): readonly TreeInput[] | null {
  const index = rows.indexOf(name);
  const column = rows.columns[index];
  if (column === undefined) return null;
  if (column.kind === "number") return [{ column: index, codes: null }];
  const places = Object.hasOwn(oneHot, name) ? oneHot[name] : undefined;
  if (places !== undefined)
    return places.map((text) => ({ column: index, codes: Float64Array.from(column.texts, (each) => Number(each === text)) }));
  const codes: Readonly<Record<string, number>> | undefined = Object.hasOwn(encode, name) ? encode[name] : { true: 1, false: 0 };
  return [{ column: index, codes: Float64Array.from(column.texts, (text) => codes?.[text] ?? 0) }];
}

/** What the trees are given for a row, in float32. */
export function inputOf({ inputs, ensemble: { isFloat32 } }: TreeModel, row: ArrayLike<number>): Float64Array {
  return Float64Array.from(inputs, ({ column, codes }) => {
    const value = codes === null ? row[column]! : codes[row[column]!]!;
    return isFloat32 ? Math.fround(value) : value;
  });
}
