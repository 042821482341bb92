import { Problem, problemsOf, quoted } from "../base/index.ts";
import { bindModel, type ModelFacts, type OnnxBinding } from "../models/index.ts";
import { columnOf, type Found, listed, type Where } from "./found.ts";
import type { Resolving } from "./inspect.ts";
import { answersBeside } from "./resolve-predictions.ts";
import type { ModelDeclaration } from "./schema.ts";
import type { Dataset } from "./system.ts";
import type { Path } from "./yaml.ts";

/** How a dataset fills a model's inputs. Null when it does not (its problems are noted), or when nothing can be measured because no label is declared. */
export function bindingOf(
  model: { readonly path: string; readonly root: string; readonly facts: ModelFacts },
  declared: ModelDeclaration,
  { id, columns, declared: dataset }: Dataset,
  path: Path,
  { read, problems }: Pick<Resolving, "read" | "problems">,
): OnnxBinding | null {
  try {
    return bindModel(
      model,
      {
        model: declared.id,
        dataset: id,
        columns,
        label: dataset.label ?? "",
        features: declared.features,
        unused: [...(dataset.unused ?? []), ...(dataset.identifying ?? []), ...answersBeside(read.declaration, id)],
        inputs: declared.inputs,
        shapes: declared.shapes,
        encode: declared.encode,
        image: declared.image,
        classes: (declared.classes ?? dataset.images?.names)?.map(String),
        output: declared.output,
      },
      (inside) => read.place([...path, ...inside]),
    );
  } catch (error) {
    const found = problemsOf(error);
    if (found.length === 0) throw error;
    if (dataset.label !== undefined) problems.push(...found);
    return null;
  }
}

/** Whether each text that a model takes as a number has one in every split: the codes were checked against the first alone. */
export function checkCodes({ encode, oneHot }: OnnxBinding, [, ...others]: readonly Found[], where: Where): Problem[] {
  const known = [...Object.entries(encode).map(([name, codes]) => [name, Object.keys(codes)] as const), ...Object.entries(oneHot)];
  return known.flatMap(([name, texts]) =>
    others.flatMap(({ columns, shown }) => {
      const without = (columnOf(columns, name)?.values ?? []).map(({ value }) => value).filter((value) => !texts.includes(value));
      if (without.length === 0) return [];
      return [
        new Problem(
          "MODEL_INPUT_MISMATCH",
          `column ${quoted(name)} of ${quoted(shown)} holds ${listed(without)}, for which the model has no number`,
          {
            ...where(["encode", name]),
            remedy: "Write the code that each text had in training: `encode: { COLUMN: { TEXT: NUMBER } }`; or leave such rows out.",
          },
        ),
      ];
    }),
  );
}
