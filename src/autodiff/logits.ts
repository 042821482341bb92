import { Problem, quoted } from "../base/index.ts";
import type { Draft } from "./draft.ts";
import { mathsOf } from "./maths.ts";
import { isReal, repeated } from "./numbers.ts";
import type { Value } from "./pullback.ts";

/** What stood between the logits and the scores, and was cut off. */
export type CutAt = "nothing" | "softmax" | "sigmoid" | "exp" | "probabilities";

/** One score for each class, before they become probabilities: of shape [rows, classes]. */
export interface Logits {
  readonly value: Value;
  readonly rows: number;
  readonly classes: number;
  readonly cut: CutAt;
}

/** Operators that pass every score on by itself, if the number of them stays. */
const passing = new Set(["Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Clip", "Log"]);

/** What makes probabilities, and of what. LogSoftmax gives logits itself, but those before it are as good and cheaper. */
const makers: Readonly<Record<string, CutAt>> = { Softmax: "softmax", LogSoftmax: "softmax", Sigmoid: "sigmoid", Exp: "exp" };

/**
 * The logits behind scores. Probabilities are followed back to what they are made of (through casts, clips, logarithms, changes of shape, and a division by their sum that
 * Normalizer makes): Softmax and Sigmoid have next to no gradient where a model is sure. One logit z for two classes becomes (0, z), the softmax of which is the
 * sigmoid of z; of several sigmoids the logits order the classes alike, and have other probabilities. Scores that are declared as probabilities, and not made by any of these, give their logarithms. Throws GRADIENT_SCORES.
 */
export function logitsOf(draft: Draft, scores: Value, as: "logits" | "probabilities" | undefined, file: string): Logits {
  const { value, cut } = behind(draft, scores);
  const rows = inRows(draft, value, isSameCount(draft, value, scores) ? scores : value, file);
  const isLogarithm = cut === "nothing" && as === "probabilities";
  const columns = isLogarithm ? logarithm(draft, rows) : rows;
  const [count = 0, width = 0] = draft.known(columns).dims;
  const all = isLogarithm ? "probabilities" : cut;
  if (width > 1) return { value: columns, rows: count, classes: width, cut: all };
  const m = mathsOf(draft);
  // A probability alone, of which the other class has the rest.
  const one = isLogarithm ? m.sub(columns, logarithm(draft, m.sub(1, rows))) : columns;
  return { value: draft.add("Concat", [m.zeros([count, 1], one), one], { axis: 1 }), rows: count, classes: 2, cut: all };
}

function logarithm(draft: Draft, probabilities: Value): Value {
  const m = mathsOf(draft);
  return m.of("Log", m.of2("Max", probabilities, m.tiny(probabilities)));
}

/** Follows a value back to the one that becomes probabilities; itself when nothing is known to do that. */
function behind(draft: Draft, scores: Value): { value: Value; cut: CutAt } {
  let value = scores;
  for (;;) {
    const maker = draft.maker(value);
    if (maker === undefined || maker.domain !== "") break;
    const [input = ""] = maker.inputs;
    const cut = makers[maker.op];
    if (cut !== undefined) return { value: input, cut };
    const next = twoColumns(draft, value) ?? (passing.has(maker.op) && isSameCount(draft, input, value) ? input : divided(draft, value));
    if (next === null) break;
    value = next;
  }
  return { value: scores, cut: "nothing" };
}

function isSameCount(draft: Draft, a: Value, b: Value): boolean {
  const count = (value: Value) => draft.known(value).dims.reduce((product, dim) => product * dim, 1);
  return isReal(draft.known(a).element) && count(a) === count(b);
}

/** The second column p of (1 - p, p). */
function twoColumns(draft: Draft, value: Value): Value | null {
  const maker = draft.maker(value);
  const [rest = "", column = ""] = maker?.inputs ?? [];
  if (maker?.op !== "Concat" || maker.inputs.length !== 2 || draft.known(value).dims[1] !== 2) return null;
  const minus = draft.maker(plain(draft, rest));
  const [one = "", taken = ""] = minus?.inputs ?? [];
  const isRest = minus?.op === "Sub" && plain(draft, taken) === plain(draft, column) && repeated(draft.known(one).constant) === 1;
  return isRest ? column : null;
}

/** Behind changes of shape and type. */
function plain(draft: Draft, value: Value): Value {
  let inner = value;
  for (;;) {
    const maker = draft.maker(inner);
    if (maker === undefined || !/^(Identity|Cast|Reshape)$/.test(maker.op)) return inner;
    inner = maker.inputs[0] ?? "";
  }
}

/** What is divided by its own sum over the classes; the order of the classes stays. */
function divided(draft: Draft, value: Value): Value | null {
  const maker = draft.maker(value);
  const [whole = "", sum = ""] = maker?.op === "Div" ? maker.inputs : [];
  return whole !== "" && isSumOf(draft, sum, whole) ? whole : null;
}

/** Whether a value is the sum of `whole`, or of its absolute values; with zeros replaced by ones. */
function isSumOf(draft: Draft, value: Value, whole: Value, depth = 4): boolean {
  const maker = draft.maker(value);
  if (value === whole) return depth < 4;
  if (maker === undefined || depth === 0 || !/^(Add|Reshape|Identity|ReduceSum|Abs|ReduceL1)$/.test(maker.op)) return false;
  return isSumOf(draft, maker.inputs[0] ?? "", whole, depth - 1);
}

/** The numbers that a regression predicts, as they are: of shape [rows, 1]. Throws GRADIENT_SCORES. */
export function predictionsOf(draft: Draft, scores: Value, file: string): Logits {
  const value = inRows(draft, scores, scores, file);
  const [rows = 0, classes = 0] = draft.known(value).dims;
  return { value, rows, classes, cut: "nothing" };
}

/** As [rows, classes]: axes of length 1 after the classes are dropped, a single list is one column. */
function inRows(draft: Draft, value: Value, like: Value, file: string): Value {
  const shape = draft.known(like).dims;
  const [rows, ...rest] = shape;
  const wide = rest.filter((dim) => dim !== 1);
  const remedy = "Name an output of shape [rows, classes].";
  if (rows === undefined || wide.length > 1 || !isReal(draft.known(value).element))
    throw new Problem("GRADIENT_SCORES", `the output ${quoted(like)} of shape [${shape}] does not hold scores of classes`, {
      file,
      remedy,
    });
  return mathsOf(draft).reshape(value, [rows, wide[0] ?? 1]);
}
