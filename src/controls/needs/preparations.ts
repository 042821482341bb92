import { type ImageColumn, selectRows, type Table, type TableSource } from "../../data/index.ts";
import {
  type Alternative,
  alternativesTo,
  asPreparedBy,
  columnsOf,
  labelIndices,
  type ModelBinding,
  openModel,
} from "../../models/index.ts";
import { defineRecipe, type Need, type Scope } from "../define.ts";
import { evenRows } from "../shared/scores/rows.ts";
import { engineOf } from "./engine.ts";
import { modelNode } from "./model.ts";
import type { Predictions } from "./predictions.ts";
import { ask, rowsToAsk } from "./questions.ts";
import { derive, labelNode, splitNode, value } from "./splits.ts";

/** What a model of pictures answers when they are prepared as declared, and in the other usual ways. */
export interface Prepared {
  readonly declared: Predictions;
  readonly others: readonly { readonly name: string; readonly declare: string | null; readonly answers: Int32Array }[];
}

export const preparationsRecipe = defineRecipe<{ split: TableSource; model: ModelBinding; label: string; most: number }, Prepared>({
  id: "preparations",
  module: import.meta.url,
  async make({ split, model: binding, label, most }, making) {
    const table = await (await engineOf(making)).read(split, [...new Set([...columnsOf(binding), label])]);
    const some = selectRows(table, evenRows(table.rows, most));
    const input = pictureInputOf(binding);
    if (input === null) throw new Error("the model takes no pictures");
    const { column, image, isBytes } = input;
    const pictures = some.images?.[column];
    if (pictures === undefined) throw new Error(`the table has no pictures ${column}`);
    const sized = image.resize === null ? pictures : pictures.resized(image.resize);
    await using model = await openModel(binding);
    const { labels, probabilities, classes, rows } = await model.predict(some);
    const declared = { rows, classes, truth: labelIndices(some, label, classes), answers: labels, probabilities };
    const others: Prepared["others"][number][] = [];
    const ways = alternativesTo(image, await shadesOf(sized, rows, image.mean.length), isBytes);
    for (const way of ways) {
      making.progress(others.length, ways.length, "ways of preparing pictures");
      const reply = await ask(model, withPictures(some, column, way, image));
      if ("answers" in reply) others.push({ name: way.name, declare: way.declare, answers: reply.answers });
    }
    return { declared, others };
  },
});

type Image = NonNullable<Extract<ModelBinding, { kind: "onnx" }>["inputs"][number]["image"]>;

function pictureInputOf(
  binding: ModelBinding | undefined,
): { readonly column: string; readonly image: Image; readonly isBytes: boolean } | null {
  if (binding?.kind !== "onnx") return null;
  const [input, ...more] = binding.inputs.filter(({ image }) => image !== undefined);
  const column = input?.columns[0];
  if (input?.image === undefined || column === undefined || more.length > 0) return null;
  return { column, image: input.image, isBytes: input.image.told.range === "type" };
}

const withPictures = (table: Table, name: string, way: Alternative, image: Image): Table => {
  const pictures = table.images?.[name];
  return pictures === undefined
    ? table
    : { ...table, images: Object.assign(Object.create(null), { ...table.images, [name]: asPreparedBy(pictures, way, image) }) };
};

const mostShades = 500;

/** Mean and standard deviation of each channel, black being 0 and white 1. */
async function shadesOf(column: ImageColumn, rows: number, channels: number): Promise<{ mean: number[]; std: number[] }> {
  const values = await column.read(evenRows(rows, mostShades));
  const [black, white] = column.range;
  const light = (at: number) => (values[at]! - black) / (white - black || 1);
  const of = (channel: number) => {
    let [sum, squares] = [0, 0];
    for (let at = channel; at < values.length; at += channels) {
      sum += light(at);
      squares += light(at) ** 2;
    }
    const count = values.length / channels;
    return { mean: sum / count, std: Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) };
  };
  const each = Array.from({ length: channels }, (_, channel) => of(channel));
  return { mean: each.map(({ mean }) => mean), std: each.map(({ std }) => std) };
}

const takesNone = ({ model, dataset }: Scope) =>
  model !== undefined && dataset !== undefined && pictureInputOf(model.bindings[dataset.id]) === null;

/** Answers to some test pictures, prepared as declared and otherwise; null of a model that takes no pictures. */
export const preparations = (): Need<Prepared | null> => ({
  per: "model",
  plan: (scope) =>
    takesNone(scope)
      ? value(null)
      : derive(preparationsRecipe, {
          model: modelNode(scope, "newRows"),
          split: splitNode(scope.dataset, "test"),
          label: labelNode(scope.dataset),
          most: rowsToAsk(scope, { quick: 1000, standard: 2000, thorough: 5000 }),
        }),
  view: (seen) => seen as Prepared | null,
});
