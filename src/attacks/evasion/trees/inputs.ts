import type { OnnxBinding } from "../../../models/index.ts";
import type { Program } from "../../../onnx/index.ts";
import type { Rows } from "../tables/columns.ts";
import type { Ensemble } from "./ensemble.ts";
import { readEnsemble, treeNodesOf } from "./read-ensemble.ts";
import { inputsAt, type TreeInput } from "./trace.ts";

/** A model that is trees over the columns of a table. */
export interface TreeModel {
  readonly ensemble: Ensemble;
  readonly inputs: readonly TreeInput[];
}

/** Null where the model is something else: several ensembles, or a preparation before the trees that changes numbers. Throws MODEL_INVALID for trees that are none. */
export function treeModelOf(program: Program, binding: OnnxBinding, rows: Rows): TreeModel | null {
  const [node, other] = treeNodesOf(program);
  if (node === undefined || other !== undefined) return null;
  const inputs = inputsAt(program, node.inputs[0] ?? "", binding, rows);
  if (inputs === null) return null;
  const ensemble = readEnsemble(node, program.file);
  return ensemble.width > inputs.length ? null : { ensemble, inputs };
}

/** What the trees are given for a row, in float32. */
export function inputOf({ inputs, ensemble: { isFloat32 } }: TreeModel, row: ArrayLike<number>): Float64Array {
  return Float64Array.from(inputs, ({ column, codes }) => {
    const value = codes === null ? row[column]! : codes[row[column]!]!;
    return isFloat32 ? Math.fround(value) : value;
  });
}
