import { type Attack, counter, fmn, hopSkipJump, modelVictim, onnxVictim, square, strike, type Victim } from "../../../attacks/index.ts";
import { givesOf, type ModelBinding, openModel } from "../../../models/index.ts";
import { defineRecipe, type Missing, type Need, type Node, type Scope } from "../../define.ts";
import { amountOf, askingUpTo } from "../endpoint.ts";
import { modelNode } from "../model.ts";
import { derive, labelNode, splitNode } from "../splits.ts";
import { judged, questionsBy } from "./effort.ts";
import { orNone } from "./gradients.ts";
import { asWritten, type StartInputs, startOf } from "./points.ts";
import { frozenNode, type Size, sizeNode, wholeNode } from "./size.ts";

/** How near rows of the training split lie to where the model's answer changes. */
export interface Near {
  readonly size: Size;
  readonly classes: readonly string[];
  /** Places in the training split of the rows that were looked at, ascending. */
  readonly rows: Int32Array;
  /** What the model answers there, and beyond the boundary. */
  readonly answers: Int32Array;
  readonly becomes: Int32Array;
  /** To the nearest changed answer that was found, in the declared norm; Infinity: none was. */
  readonly distances: Float64Array;
  /** Whether changes beyond the declared size were looked for as well. */
  readonly isFree: boolean;
  readonly tried: string;
  readonly queries: number;
}

interface NearInputs extends StartInputs {
  readonly model: ModelBinding;
  readonly size: Size;
  readonly steps: number;
  readonly queries: number;
}

const stepsBy = { quick: 40, standard: 100, thorough: 300 };

export const nearRecipe = defineRecipe<NearInputs, Near>({
  id: "near-boundary",
  module: import.meta.url,
  async make(inputs, { progress, ...making }) {
    const { model: binding, size, random } = inputs;
    const start = await startOf(inputs, { progress, ...making });
    const { space, points, rows } = start;
    await using model = await openModel(binding);
    const [asked, judging] = [counter(), counter()];
    const victimBy = (count: typeof asked) => modelVictim(model, space, binding.classes.length, count);
    const judge = victimBy(judging);
    const answers = await judge.labels(points);
    await using climbing = binding.kind === "onnx" ? await orNone(() => onnxVictim(binding, space, { queries: asked }), space.width) : null;
    const { attack, victim, ...within } = wayOf(climbing, victimBy(asked), givesOf(binding).scores, inputs);
    const goal = { norm: size.norm, ...within, random: random.fork("attacks"), progress };
    const { distances, answers: becomes } = await strike(asWritten(attack, space), { victim, judge }, points, answers, goal);
    const queries = asked.asked() + judging.asked();
    return { size, classes: binding.classes, rows, answers, becomes, distances, isFree: within.eps === null, tried: attack.id, queries };
  },
});

/** The shortest change where gradients lead there; else whether there is one within the declared size. */
function wayOf(
  climbing: Victim | null,
  plain: Victim,
  hasScores: boolean,
  { steps, queries, size }: NearInputs,
): { readonly attack: Attack; readonly victim: Victim; readonly eps: number | null; readonly queries: number } {
  if (climbing !== null) return { attack: fmn({ iterations: steps }), victim: climbing, eps: null, queries: Number.POSITIVE_INFINITY };
  return { attack: hasScores ? square() : hopSkipJump(), victim: plain, eps: size.eps, queries };
}

function nearNode(scope: Scope): Node | Missing {
  const effort = questionsBy(scope);
  const planned = derive(nearRecipe, {
    model: modelNode(scope, "newRows"),
    size: sizeNode(scope),
    train: splitNode(scope.dataset, "train"),
    test: splitNode(scope.dataset, "train"),
    label: labelNode(scope.dataset),
    frozen: frozenNode(scope),
    whole: wholeNode(scope),
    steps: { kind: "budget", value: stepsBy[scope.budget] },
    random: { kind: "random", label: "evasion/boundary-distance" },
    ...effort,
  });
  return askingUpTo(planned, scope.model?.endpoint, amountOf(effort.most) * (amountOf(effort.queries) + judged));
}

/** How near a part of the training rows lies to the model's boundary. */
export const near = (): Need<Near> => ({
  per: "model",
  plan: nearNode,
  view: (seen) => seen as Near,
});
