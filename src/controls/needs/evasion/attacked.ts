import {
  type Attack,
  apgd,
  counter,
  fabTargeted,
  fmn,
  inTurn,
  measureRobustness,
  modelVictim,
  type Norm,
  onnxVictim,
  type Robustness,
  square,
  type Victim,
} from "../../../attacks/index.ts";
import { type OnnxBinding, openModel } from "../../../models/index.ts";
import { type Budget, defineRecipe, type Making, type Missing, type Need, type Node, type Scope } from "../../define.ts";
import type { Picture } from "../../measured.ts";
import { modelNode } from "../model.ts";
import { derive, labelNode, splitNode } from "../splits.ts";
import { saysNoGradient } from "./gradients.ts";
import { panelsOf } from "./panels.ts";
import { asWritten, isHeld, type Start, type StartInputs, shownOf, startOf } from "./points.ts";
import { frozenNode, type Size, sizeNode, wholeNode } from "./size.ts";

/** What attacks achieved against a model. */
export interface Attacked extends Size {
  readonly classes: readonly string[];
  /** Places in the test split of the rows that were attacked, ascending. */
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  /** Null where attacks of this kind find no hold on the model: then `why` says so. */
  readonly found: (Omit<Robustness, "values" | "rows" | "signs"> & { readonly signs: Robustness["signs"] | null }) | null;
  readonly why: { readonly says: string; readonly remedy: string } | null;
  /** What was tried, in words. */
  readonly tried: string;
  readonly queries: number;
  /** Whether some columns stayed as they are: then even a change without bound need not turn an answer. */
  readonly isHeld: boolean;
  readonly pictures: readonly Picture[];
}

interface AttackedInputs extends StartInputs, Spend {
  readonly model: OnnxBinding;
  readonly size: Size;
}

/** What is spent: rows, and on each of them steps, other classes that are aimed at, and steps of the attack that seeks the shortest change. */
interface Spend {
  readonly most: number;
  readonly steps: number;
  readonly targets: number;
  readonly shortest: number;
  /** Queries of the attack without gradients, which should win nothing. */
  readonly blind: number;
}

const spends: { readonly [B in Budget]: Spend } = {
  quick: { most: 128, steps: 10, targets: 3, shortest: 0, blind: 100 },
  standard: { most: 500, steps: 50, targets: 9, shortest: 50, blind: 1000 },
  thorough: { most: 1000, steps: 100, targets: 9, shortest: 100, blind: 5000 },
};

export const attackedRecipe = defineRecipe<AttackedInputs, Attacked>({
  id: "attacked",
  module: import.meta.url,
  async make(inputs, making) {
    const start = await startOf(inputs, making);
    const { model: binding, size } = inputs;
    const about = { ...size, classes: binding.classes, rows: start.rows, labels: start.labels, isHeld: isHeld(start) };
    const queries = counter();
    const none = { found: null, tried: "", queries: 0, pictures: [] };
    try {
      await using victim = await onnxVictim(binding, start.space, { queries });
      const { found, tried } = await attack(inputs, { start, victim }, making);
      const { values, rows: _, ...rest } = found;
      const pictures = await panelsOf(start.space, start.points.values, values, shownOf(start, found, binding.classes));
      return { ...about, found: rest, why: null, tried, queries: queries.asked(), pictures };
    } catch (error) {
      if (!saysNoGradient(error)) throw error;
      return { ...about, ...none, why: { says: error.message, remedy: error.remedy } };
    }
  },
});

async function attack(
  { model: binding, size: { norm, eps }, random, ...spend }: AttackedInputs,
  { start: { space, points, labels }, victim }: { start: Start; victim: Victim },
  making: Making,
) {
  await using model = await openModel(binding);
  const attack = worstCase(norm, victim.classes, spend);
  const found = await measureRobustness({
    victim,
    judge: modelVictim(model, space, binding.classes.length),
    points,
    labels,
    norm,
    eps,
    attack: asWritten(attack, space),
    longer: asWritten(worstCase(norm, victim.classes, { ...spend, steps: 2 * spend.steps, shortest: 0 }), space),
    blind: norm === "l0" ? null : asWritten(square({ queries: spend.blind }), space),
    queries: Number.POSITIVE_INFINITY,
    random: random.fork("attacks"),
    progress: making.progress,
  });
  return { found, tried: attack.id };
}

/** APGD on cross-entropy, then towards the nearest other classes, then what seeks the shortest change (after AutoAttack, Croce and Hein 2020); in L1 and L0 the fast minimum-norm attack. */
function worstCase(norm: Norm, classes: number, { steps, targets, shortest }: Spend): Attack {
  if (norm === "l1" || norm === "l0") return fmn({ iterations: 2 * steps });
  const towards = apgd({ loss: classes > 3 ? "targeted-dlr" : "targeted-margin", iterations: steps, targets });
  const nearest = shortest === 0 ? [] : [fabTargeted({ iterations: shortest, targets })];
  const each = [apgd({ loss: "cross-entropy", iterations: steps }), towards, ...nearest];
  return inTurn(each.map(({ id }) => id).join(", "), each);
}

/** Each amount as one that grows with the budget. */
const byBudget = (spend: Spend): { readonly [name: string]: Node } =>
  Object.fromEntries(Object.entries(spend).map(([name, amount]) => [name, { kind: "budget", value: amount as number }]));

/** What attacks that know the model's gradients achieve on a part of the test split at the declared size of change. */
export const attacked = (): Need<Attacked> => ({
  per: "model",
  plan: (scope) => attackedNode(scope),
  view: (seen) => seen as Attacked,
});

function attackedNode(scope: Scope): Node | Missing {
  return derive(attackedRecipe, {
    model: modelNode(scope, "newRows", "gradients"),
    size: sizeNode(scope),
    train: splitNode(scope.dataset, "train"),
    test: splitNode(scope.dataset, "test"),
    label: labelNode(scope.dataset),
    frozen: frozenNode(scope),
    whole: wholeNode(scope),
    random: { kind: "random", label: "adversarial-attack/white-box" },
    ...byBudget(spends[scope.budget]),
  });
}
