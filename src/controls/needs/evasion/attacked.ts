import {
  type Attack,
  apgd,
  type Counter,
  constraintsOf,
  counter,
  fabTargeted,
  fmn,
  inTurn,
  leafTuples,
  measureRobustness,
  modelVictim,
  type Norm,
  onnxVictim,
  type Robustness,
  square,
  treeModelOf,
  type Victim,
} from "../../../attacks/index.ts";
import { givesOf, type Model, type OnnxBinding, openModel } from "../../../models/index.ts";
import { readModel, readProgram } from "../../../onnx/index.ts";
import { type Budget, defineRecipe, type Making, type Missing, type Need, type Node, type Scope } from "../../define.ts";
import type { Picture } from "../../measured.ts";
import { modelNode } from "../model.ts";
import { derive, labelNode, splitNode } from "../splits.ts";
import { saysNoGradient, withGradients } from "./gradients.ts";
import { panelsOf } from "./panels.ts";
import { asWritten, isHeld, type Start, type StartInputs, shownOf, startOf } from "./points.ts";
import { frozenNode, type Size, sizeNode, wholeNode } from "./size.ts";
import { steadyOf } from "./steady.ts";

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
  /** Queries of Square in the end; and beside the others, where it should win nothing. */
  readonly guesses: number;
  readonly blind: number;
}

/** The last is the standard version of AutoAttack. */
const spends: { readonly [B in Budget]: Spend } = {
  quick: { most: 128, steps: 10, targets: 3, shortest: 0, guesses: 0, blind: 100 },
  standard: { most: 500, steps: 50, targets: 9, shortest: 50, guesses: 0, blind: 1000 },
  thorough: { most: 1000, steps: 100, targets: 9, shortest: 100, guesses: 5000, blind: 5000 },
};

export const attackedRecipe = defineRecipe<AttackedInputs, Attacked>({
  id: "attacked",
  module: import.meta.url,
  async make(inputs, making) {
    const start = await startOf(inputs, making);
    const { model: binding, size } = inputs;
    const about = { ...size, classes: binding.classes, rows: start.rows, labels: start.labels, isHeld: isHeld(start) };
    const queries = counter();
    await using model = await openModel(binding);
    try {
      await using way = await wayInto(inputs, start, model, queries);
      const { values, rows: _, ...found } = await attack(inputs, { start, model, way }, making);
      const pictures = await panelsOf(start.space, start.points.values, values, shownOf(start, found, binding.classes));
      return { ...about, found, why: null, tried: way.attack.id, queries: queries.asked(), pictures };
    } catch (error) {
      if (!saysNoGradient(error)) throw error;
      const why = { says: error.message, remedy: error.remedy };
      return { ...about, found: null, why, tried: "", queries: 0, pictures: [] };
    }
  },
});

/** Attacks that know the model, and the victim that they go by. */
interface Way extends AsyncDisposable {
  readonly victim: Victim;
  readonly attack: Attack;
  readonly longer: Attack;
}

/** By gradients; of trees over a table's columns by their leaves. Throws what says that there is neither. */
async function wayInto({ model: binding, size, ...spend }: AttackedInputs, { space }: Start, model: Model, queries: Counter): Promise<Way> {
  try {
    const victim = await withGradients(() => onnxVictim(binding, space, { queries }), space.width);
    const by = (more: Spend) => asWritten(worstCase(size.norm, victim.classes, more), space);
    return {
      victim,
      attack: by(spend),
      longer: by({ ...spend, steps: 2 * spend.steps, shortest: 0, guesses: 0 }),
      [Symbol.asyncDispose]: () => victim[Symbol.asyncDispose](),
    };
  } catch (error) {
    const constraints = space.shape === null && saysNoGradient(error) ? constraintsOf(space) : null;
    const tree =
      constraints && treeModelOf(await readProgram(await readModel(binding.path, { root: binding.root })), binding, constraints.rows);
    if (constraints === null || tree === null) throw error;
    const victim = modelVictim(model, space, binding.classes.length, queries);
    const attack = asWritten(leafTuples(tree, constraints), space);
    return { victim, attack, longer: attack, [Symbol.asyncDispose]: async () => undefined };
  }
}

async function attack(
  { model: binding, size: { norm, eps }, random, blind }: AttackedInputs,
  { start: { space, points, labels }, model, way }: { start: Start; model: Model; way: Way },
  { progress }: Making,
): Promise<Robustness> {
  const steady = await steadyOf(way.victim, points);
  const question = { points, labels, norm, eps, ...way, random: random.fork("attacks"), progress };
  return measureRobustness({
    ...question,
    victim: steady(way.victim),
    judge: steady(modelVictim(model, space, binding.classes.length)),
    blind: norm === "l0" || !givesOf(binding).scores ? null : asWritten(square({ queries: blind }), space),
    queries: Number.POSITIVE_INFINITY,
  });
}

/** APGD on cross-entropy, then towards the nearest other classes, then what seeks the shortest change (after AutoAttack, Croce and Hein 2020); in L0 the fast minimum-norm attack. */
function worstCase(norm: Norm, classes: number, { steps, targets, shortest, guesses }: Spend): Attack {
  if (norm === "l0") return fmn({ iterations: 2 * steps });
  const towards = apgd({ loss: classes > 3 ? "targeted-dlr" : "targeted-margin", iterations: steps, targets });
  const nearest = shortest === 0 ? [] : [fabTargeted({ iterations: shortest, targets })];
  const guessing = guesses === 0 ? [] : [square({ queries: guesses })];
  const each = [apgd({ loss: "cross-entropy", iterations: steps }), towards, ...nearest, ...guessing];
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
