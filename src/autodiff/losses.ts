import { Problem, quoted } from "../base/index.ts";
import type { Draft } from "./draft.ts";
import { type Maths, mathsOf } from "./maths.ts";
import type { Value } from "./pullback.ts";
import { indicatorOf } from "./pullbacks/softmax.ts";

/** What a loss sees: logits [rows, classes], and labels and targets, int64 [rows]; of a regression, predictions [rows, 1] and labels of their type. */
interface Given {
  readonly draft: Draft;
  readonly m: Maths;
  readonly logits: Value;
  readonly labels: Value;
  /** Only for losses that have one. */
  readonly targets: Value;
  readonly classes: number;
}

interface Written {
  /** Fewer classes have no such loss. */
  readonly classes: number;
  readonly targeted: boolean;
  /** Of a number instead of a class. */
  readonly regression?: boolean;
  /** The loss of each row: [rows]. */
  readonly rule: (given: Given) => Value;
}

/** Losses of rows, all higher where the model errs more. */
const losses = {
  // By LogSoftmax, which takes the highest logit off first: exact to the last digits also where a model is sure.
  "cross-entropy": { classes: 2, targeted: false, rule: (given) => given.m.neg(chosen({ ...given, logits: given.draft.add("LogSoftmax", [given.logits], { axis: 1 }) }, given.labels)) },
  margin: { classes: 2, targeted: false, rule: (given) => given.m.sub(bestOther(given), chosen(given, given.labels)) },
  "targeted-margin": { classes: 2, targeted: true, rule: (given) => given.m.sub(chosen(given, given.targets), chosen(given, given.labels)) },
  // Croce & Hein 2020, eq. 6 and 7: the same for any scale and shift of the logits.
  dlr: { classes: 3, targeted: false, rule: (given) => {
    const [first = "", , third = ""] = highest(given, 3);
    return ratio(given, given.m.sub(bestOther(given), chosen(given, given.labels)), given.m.sub(first, third));
  } },
  "targeted-dlr": { classes: 4, targeted: true, rule: (given) => {
    const { m } = given;
    const [first = "", , third = "", fourth = ""] = highest(given, 4);
    const spread = m.sub(first, m.mul(m.add(third, fourth), 0.5));
    return ratio(given, m.sub(chosen(given, given.targets), chosen(given, given.labels)), spread);
  } },
  "squared-error": { classes: 1, targeted: false, regression: true, rule: ({ m, logits, labels }) => {
    const gap = m.sub(m.reshape(logits, m.dims(labels)), labels);
    return m.mul(gap, gap);
  } },
} as const satisfies Record<string, Written>; // biome-ignore format: a table

/** The losses by which a model can be differentiated. */
export type LossName = keyof typeof losses;

/** Their names. */
export const lossNames = Object.keys(losses) as readonly LossName[];

/** Whether a loss needs targets beside labels. */
export const isTargeted = (loss: LossName): boolean => losses[loss].targeted;

/** Whether a loss is of a number that is predicted, and labels are numbers. */
export const isRegression = (loss: LossName): boolean => (losses[loss] as Written).regression === true;

/** Adds a loss of each row, [rows], of the logits' type. Throws GRADIENT_LOSS when the model has too few classes for it. */
export function addLoss(
  draft: Draft,
  loss: LossName,
  { logits, labels, targets, file }: { readonly logits: Value; readonly labels: Value; readonly targets: Value; readonly file: string },
): Value {
  const classes = draft.known(logits).dims[1] ?? 0;
  const written: Written = losses[loss];
  if (classes < written.classes) {
    const what = `the loss ${quoted(loss)} needs ${written.classes} classes or more; the model has ${classes}`;
    throw new Problem("GRADIENT_LOSS", what, { file, remedy: "Use the margin or the cross-entropy." });
  }
  if (isRegression(loss) && classes !== 1) {
    const what = `the loss ${quoted(loss)} is of one number a row; the model gives ${classes}`;
    throw new Problem("GRADIENT_LOSS", what, { file, remedy: "Use a loss of classes, or a model that predicts one number." });
  }
  return written.rule({ draft, m: mathsOf(draft), logits, labels, targets, classes });
}

const tiny = 1e-12;

const ratio = ({ m }: Given, difference: Value, spread: Value) => m.div(difference, m.add(spread, tiny));

/** 1 at a class of each row, else 0. */
const indicator = ({ draft, logits, classes }: Given, at: Value) => indicatorOf(draft, at, classes, logits);

/** The logit of a class of each row. */
function chosen({ draft, m, logits }: Given, at: Value): Value {
  const [rows = 0] = m.dims(logits);
  return m.reshape(draft.add("GatherElements", [logits, m.reshape(at, [rows, 1])], { axis: 1 }), [rows]);
}

/** The highest logit of another class than the label. */
function bestOther(given: Given): Value {
  const { m, draft, logits, labels } = given;
  const isLabel = draft.add("Cast", [indicator(given, labels)], { to: 9 });
  const others = m.where(isLabel, -m.largest(logits), logits);
  return draft.add("ReduceMax", [others, draft.ints(1)], { keepdims: 0 });
}

/** The `count` highest logits, falling, each [rows]. */
function highest({ m, draft, logits }: Given, count: number): readonly Value[] {
  const [values = ""] = draft.addMany("TopK", [logits, draft.ints(count)], 2, { axis: 1 });
  const [rows = 0] = m.dims(logits);
  return draft
    .addMany("Split", [values, draft.ints(...Array.from({ length: count }, () => 1))], count, { axis: 1 })
    .map((each) => m.reshape(each, [rows]));
}
