import { Problem } from "../../../base/index.ts";
import type { OnnxBinding } from "../../../models/index.ts";
import { readModel, readProgram } from "../../../onnx/index.ts";
import type { Attack } from "../attack.ts";
import type { Constraints } from "../tables/constraints.ts";
import { leafTuples } from "./attack.ts";
import { cutsOf, rivalsOf } from "./boxes.ts";
import { treeModelOf } from "./inputs.ts";

/**
 * The attack through the leaves of a model's trees; null for a file that is something else, or trees that branch by more than thresholds. Call it in an isolated
 * process. Throws what `readModel` throws, and MODEL_INVALID.
 */
export async function treeAttack(binding: OnnxBinding, constraints: Constraints): Promise<Attack | null> {
  const program = await readProgram(await readModel(binding.path, { root: binding.root }));
  const tree = treeModelOf(program, binding, constraints.rows);
  if (tree === null) return null;
  try {
    cutsOf(tree.ensemble, new Uint8Array(tree.ensemble.width));
    rivalsOf(tree.ensemble, 0);
  } catch (error) {
    if (error instanceof Problem && error.code === "ATTACK_UNFIT") return null;
    throw error;
  }
  return leafTuples(tree, constraints);
}
