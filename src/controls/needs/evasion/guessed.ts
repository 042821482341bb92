import { type Attack, counter, hopSkipJump, modelVictim, square, strike } from "../../../attacks/index.ts";
import { Problem } from "../../../base/index.ts";
import { givesOf, type ModelBinding, openModel } from "../../../models/index.ts";
import { defineRecipe, type Missing, type Need, type Node, type Scope } from "../../define.ts";
import { amountOf, askingUpTo } from "../endpoint.ts";
import { modelNode } from "../model.ts";
import { derive, labelNode, splitNode } from "../splits.ts";
import type { Attacked } from "./attacked.ts";
import { judged, questionsBy } from "./effort.ts";
import { panelsOf } from "./panels.ts";
import { asWritten, isHeld, type StartInputs, shownOf, startOf } from "./points.ts";
import { frozenNode, type Size, sizeNode, wholeNode } from "./size.ts";

interface GuessedInputs extends StartInputs {
  readonly model: ModelBinding;
  readonly size: Size;
  /** For each row, at most. */
  readonly queries: number;
}

export const guessedRecipe = defineRecipe<GuessedInputs, Attacked>({
  id: "guessed",
  module: import.meta.url,
  async make(inputs, making) {
    const { model: binding, size } = inputs;
    const start = await startOf(inputs, making);
    const { space, points, labels, rows } = start;
    const about = { ...size, classes: binding.classes, rows, labels, isHeld: isHeld(start) };
    await using model = await openModel(binding);
    const asked = counter(rows.length * inputs.queries);
    const judging = counter(judged * rows.length);
    const attack = asWritten(byAnswers(givesOf(binding).scores), space);
    try {
      const struck = await strike(
        attack,
        {
          victim: modelVictim(model, space, binding.classes.length, asked),
          judge: modelVictim(model, space, binding.classes.length, judging),
        },
        points,
        labels,
        { ...size, queries: inputs.queries, random: inputs.random.fork("attacks"), progress: making.progress },
      );
      const wrong = struck.distances.reduce((sum, each) => sum + Number(each === 0), 0);
      const found = {
        wrong,
        epsilons: [size.eps],
        fooled: [struck.fooled],
        answers: struck.answers,
        distances: struck.distances,
        signs: null,
      };
      const pictures = await panelsOf(space, points.values, struck.values, shownOf(start, struck, binding.classes));
      return { ...about, found, why: null, tried: attack.id, queries: asked.asked() + judging.asked(), pictures };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "ATTACK_UNFIT") throw error;
      const why = { says: error.message, remedy: error.remedy };
      return { ...about, found: null, why, tried: "", queries: 0, pictures: [] };
    }
  },
});

/** Square where scores are seen, HopSkipJump where labels are all there is. */
const byAnswers = (hasScores: boolean): Attack => (hasScores ? square() : hopSkipJump());

function guessedNode(scope: Scope): Node | Missing {
  const { most, queries } = questionsBy(scope);
  const endpoint = scope.model?.endpoint;
  const planned = derive(guessedRecipe, {
    model: modelNode(scope, "newRows"),
    size: sizeNode(scope),
    train: splitNode(scope.dataset, "train"),
    test: splitNode(scope.dataset, "test"),
    label: labelNode(scope.dataset),
    frozen: frozenNode(scope),
    whole: wholeNode(scope),
    random: { kind: "random", label: "adversarial-attack/black-box" },
    most,
    queries,
  });
  return askingUpTo(planned, endpoint, amountOf(most) * (amountOf(queries) + judged));
}

/** What attacks that see answers alone achieve on a part of the test split at the declared size of change. */
export const guessed = (): Need<Attacked> => ({
  per: "model",
  plan: (scope) => guessedNode(scope),
  view: (seen) => seen as Attacked,
});
