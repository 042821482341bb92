import { type Place, Problem, type ProblemCode, Problems } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import { bindClasses } from "./bind-classes.ts";
import { bindInputs } from "./bind-inputs.ts";
import { bindOutputs } from "./bind-outputs.ts";
import type { DeclaredPreparation } from "./images/index.ts";
import type { ModelFacts, OnnxBinding } from "./model.ts";

/** What a person declares of how a dataset fills a model, beside the dataset's own columns. */
export interface DeclaredBinding {
  /** Ids, for messages. */
  readonly model: string;
  readonly dataset: string;
  readonly columns: readonly ColumnFacts[];
  readonly label: string;
  /** Columns that fill a single numeric input, in order. Left out: all but the label and `unused`, in the file's order. */
  readonly features?: readonly string[] | undefined;
  readonly unused?: readonly string[] | undefined;
  readonly inputs?: { readonly [input: string]: string | readonly string[] } | undefined;
  /** The shape of one row in an input of more than two dimensions, where the file leaves it open: `series: [20, 3]`. */
  readonly shapes?: { readonly [input: string]: readonly number[] } | undefined;
  /** How text becomes numbers: one code per text, its rank among the sorted texts (`ordinal`), or a 0 or 1 per sorted text (`one-hot`). */
  readonly encode?: { readonly [column: string]: "ordinal" | "one-hot" | { readonly [text: string]: number } } | undefined;
  /** How pictures were prepared in training: what the file does not tell. */
  readonly image?: DeclaredPreparation | undefined;
  /** As the label column writes them, in the order of the model's scores. */
  readonly classes?: readonly string[] | undefined;
  readonly output?:
    | { readonly scores?: string | undefined; readonly labels?: string | undefined; readonly kind?: "probabilities" | "logits" | undefined }
    | undefined;
}

/** What a model tells of itself that decides how it is bound, whatever kind it is of. */
export type Bindable = Pick<
  ModelFacts,
  "metadata" | "inputs" | "outputs" | "classes" | "labelOutput" | "scoreOutput" | "scores" | "scoreCount"
>;

/** What the parts of a binding are made from. */
export interface Binding {
  readonly facts: Bindable;
  readonly declared: DeclaredBinding;
  /** Notes a problem at a path inside the model's declaration, such as ["inputs", "age"]. */
  problem(code: ProblemCode, path: readonly (string | number)[], what: string, remedy: string): void;
}

/**
 * Checks how a dataset's columns fill a model's inputs, what its outputs mean and how its classes are called.
 * `where` gives the place of a path inside the model's declaration (["encode", "housing"]; [] is the model itself).
 * Throws Problems with all that does not fit: MODEL_INPUT_MISMATCH, MODEL_OUTPUT_MISMATCH, MODEL_CLASSES_MISMATCH.
 */
export function bindModel(
  { path, root, facts }: { readonly path: string; readonly root: string; readonly facts: ModelFacts },
  declared: DeclaredBinding,
  where: (path: readonly (string | number)[]) => Place = () => ({}),
): OnnxBinding {
  const problems: Problem[] = [];
  const binding: Binding = {
    facts,
    declared,
    problem: (code, at, what, remedy) => problems.push(new Problem(code, what, { ...where(at), remedy })),
  };
  const made: OnnxBinding = { kind: "onnx", path, root, ...bindInputs(binding), ...bindOutputs(binding), ...bindClasses(binding) };
  if (problems.length > 0) throw new Problems(problems);
  return made;
}
