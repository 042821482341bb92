import type { Constant, Program, Specialised } from "../onnx/index.ts";
import { gradientName, noInput } from "./differentiate.ts";
import { Draft, drawsRandom } from "./draft.ts";
import type { Port } from "./feed.ts";
import { type CutAt, logitsOf, predictionsOf } from "./logits.ts";
import { addLoss, isRegression, isTargeted, type LossName } from "./losses.ts";
import { withinMemory } from "./memory.ts";
import { isReal } from "./numbers.ts";
import { type Prepared, prepared } from "./prepare.ts";
import type { Value } from "./pullback.ts";
import { all, backpropagate, type StraightThrough } from "./reverse.ts";

/** Which loss of which scores is to be differentiated, and by what. */
export interface LossQuestion extends StraightThrough {
  readonly loss: LossName;
  /** Rows that one run takes. A model that fixes its number of rows keeps its own, unless that is one and its shapes follow from more. */
  readonly batch: number;
  /** The output with a score for each class; left out: the only one that can be it. */
  readonly scores?: string;
  /** What those scores are where the model's graph does not show it; left out: logits. */
  readonly as?: "logits" | "probabilities";
  /** Inputs (or weights) by which to differentiate; left out: every input of real numbers that changes the scores. */
  readonly wrt?: readonly string[];
  /** Shapes of inputs that the file leaves open in more than the rows, rows included. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /**
   * The most that the tensors of one run may take, weights aside: where they take more, parts of the model are computed once more on the way back instead of being kept.
   * Left out: everything is kept, the fastest.
   */
  readonly memoryBytes?: number;
}

/** A program that gives logits, losses and gradients in one run. */
export interface LossGraph {
  /** @internal */
  readonly program: Specialised;
  readonly rows: number;
  /** 1 for a loss of a number that is predicted. */
  readonly classes: number;
  readonly cut: CutAt;
  /** Inputs of the model that are needed, with shapes. */
  readonly inputs: readonly Port[];
  /** What those of the inputs hold that are weights of the model: feed them too. */
  readonly weights: ReadonlyMap<string, Constant>;
  /** Names of what was added: inputs int64 [rows] (labels of a regression: of its own type), and outputs [rows, classes], [rows], and one gradient for each of what it is by, of its shape. */
  readonly labels: string;
  readonly targets: string | null;
  /** Whether the model draws random numbers: each run has its own loss and gradient then, and the mean of several is what counts (EOT). */
  readonly random: boolean;
  readonly logits: string;
  readonly losses: string;
  readonly gradients: Readonly<Record<string, string>>;
}

/**
 * The program that runs a model on a batch and differentiates a loss of it. The sum over the rows is what is differentiated, so that each row gets its own gradient.
 * The model is brought to one opset, cut to its logits and to what they need, and to fixed shapes. Throws Problems: GRADIENT_MISSING, GRADIENT_BLOCKED,
 * GRADIENT_INPUT, GRADIENT_SCORES, GRADIENT_LOSS, GRADIENT_MEMORY, and those of `specialise`.
 */
export function lossGradient(program: Program, question: LossQuestion): LossGraph {
  const model = prepared(program, question);
  return withinMemory(question.memoryBytes, model.plain, (segments) => built(model, question, segments));
}

function built({ plain, weights, scores }: Prepared, question: LossQuestion, segments: number): LossGraph {
  const { file } = plain;
  const wrt = question.wrt ?? realInputs(plain);
  if (wrt.length === 0) throw noInput("", plain, "none of the inputs that the scores depend on holds real numbers");
  const draft = new Draft(plain);
  const isNumber = isRegression(question.loss);
  const { value, rows, classes, cut } = isNumber ? predictionsOf(draft, scores, file) : logitsOf(draft, scores, question.as, file);
  const [labels, targets, logits, losses] = namesFor(plain, ["labels", "targets", "logits", "losses"]);
  draft.input(labels, { element: isNumber ? draft.known(value).element : "int64", dims: [rows] });
  if (isTargeted(question.loss)) draft.input(targets, { element: "int64", dims: [rows] });
  const each = addLoss(draft, question.loss, { logits: value, labels, targets, file });
  const seed = draft.constant(new Float32Array(rows).fill(1), [rows], draft.known(each).element);
  const found = backpropagate(draft, { ...question, of: each, shown: scores, seed, wrt, file, segments });
  const gradients = wrt.map((name, at) => ({ name, gradient: found[at] })).filter(({ gradient }) => typeof gradient === "string");
  if (gradients.length === 0 || question.wrt !== undefined) all(found);
  const slopes = gradients.map(({ name, gradient }) => [gradientName(name), gradient as Value] as const);
  const made = draft.finish(new Map([[logits, value], [losses, each], ...slopes]));
  return {
    program: made,
    rows,
    classes,
    cut,
    inputs: plain.graph.inputs.map(({ name }) => ({ name, element: draft.known(name).element, dims: draft.known(name).dims })),
    weights,
    random: plain.graph.nodes.some(drawsRandom),
    labels,
    targets: isTargeted(question.loss) ? targets : null,
    logits,
    losses,
    gradients: Object.fromEntries(gradients.map(({ name }) => [name, gradientName(name)])),
  };
}

const realInputs = ({ graph }: Program) =>
  graph.inputs.filter(({ element }) => element !== null && isReal(element)).map(({ name }) => name);

/** These names, or others where the model has them. */
function namesFor<const Names extends readonly string[]>({ known }: Specialised, names: Names): { readonly [At in keyof Names]: string } {
  const free = (name: string): string => (known.has(name) ? free(`${name}_`) : name);
  return names.map(free) as { readonly [At in keyof Names]: string };
}
