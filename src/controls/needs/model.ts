import { type Json, quoted } from "../../base/index.ts";
import { type Gives, givesOf } from "../../models/index.ts";
import type { Missing, Node, Scope } from "../define.ts";

/** What a control may want of a model beside its labels. */
export type Wanted = Exclude<keyof Gives, "counted">;

/** What is missing where a model does not give what is wanted: said before anything runs. */
const lacking: Readonly<Record<Wanted, (model: string) => Missing>> = {
  scores: (model) => ({
    missing: `model ${quoted(model)} answers labels alone, no scores`,
    remedy: "Export it with its probability output, or declare the columns or the part of the answer that hold its scores.",
  }),
  newRows: (model) => ({
    missing: `model ${quoted(model)} is a table of predictions: it cannot answer rows that are not in it`,
    remedy: "Declare the model's ONNX file (`file`) or the endpoint that answers with it (`endpoint`).",
  }),
  gradients: (model) => ({
    missing: `the operators of model ${quoted(model)} cannot be read, so it has no gradients`,
    remedy: "Declare the model's ONNX file: `file: ...`.",
  }),
};

/** What keeps the scope's model from giving what is wanted; null where nothing does, or where there is no model to ask. */
export function lackOf({ model, dataset }: Scope, wanted: readonly Wanted[]): Missing | null {
  const binding = model === undefined || dataset === undefined ? undefined : model.bindings[dataset.id];
  if (model === undefined || binding === undefined) return null;
  const gives = givesOf(binding);
  const first = wanted.find((each) => !gives[each]);
  return first === undefined ? null : lacking[first](model.id);
}

/** The model, and how this dataset's columns are put to it. */
export function modelNode(scope: Scope, ...wanted: readonly Wanted[]): Node | Missing {
  const { model, dataset } = scope;
  if (model === undefined)
    return { missing: "no model is declared", remedy: "Declare it under `models`, with the datasets that trained it." };
  const binding = dataset === undefined ? undefined : model.bindings[dataset.id];
  if (binding === undefined)
    return { missing: `model ${quoted(model.id)} is measured on no dataset`, remedy: "Name it: `trainedOn` or `testedOn`." };
  const lack = lackOf(scope, wanted);
  if (lack !== null) return lack;
  return { kind: "artefact", id: model.artefact, digest: model.digest, reading: readingOf(binding), open: binding };
}

/** How it is read, without where it lies and how it is reached: a table of answers is an artefact of its own. */
export function readingOf(binding: object): Json {
  const { path: _, root: __, files: ___, access: ____, ...reading } = binding as { readonly [key: string]: Json };
  return reading;
}
