import { dirname, resolve } from "node:path";
import { Problem, quoted } from "../base/index.ts";
import {
  type Constant,
  openSession,
  type Program,
  parseModel,
  type RunOptions,
  readModel,
  readProgram,
  type Session,
  writeProgram,
} from "../onnx/index.ts";
import { batchOf, type Port, type Rows, rowsGiven } from "./feed.ts";
import { type Gradients, gathered } from "./gather.ts";
import { labelsGiven } from "./labels.ts";
import { type LossGraph, type LossQuestion, lossGradient } from "./loss-gradient.ts";
import { type LossName, lossNames } from "./losses.ts";
import { checkMachine } from "./memory.ts";

/** What to differentiate, and how to run it. */
export interface GradientOptions extends Omit<LossQuestion, "batch">, RunOptions {
  /** Rows of one run; any number of rows can be given, they are cut into batches. 64 when left out. */
  readonly batch?: number;
}

/** A model that is ready to be differentiated. */
export interface Gradient extends Omit<LossGraph, "program"> {
  /**
   * Runs the model on rows and differentiates. `x` holds the rows of the model's input, row-major, or those of each input by name; `labels` (and `targets`, for losses
   * that have them) one class a row, in [0, classes); for the squared error, the number that should be predicted. Throws GRADIENT_INPUT when they do not fit.
   */
  run(x: Rows | Readonly<Record<string, Rows>>, labels: ArrayLike<number>, targets?: ArrayLike<number>): Promise<Gradients>;
  /** Frees what onnxruntime holds. */
  release(): Promise<void>;
  /** `release`, at the end of a block that holds it by `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A model with its gradient, for any runtime of ONNX. */
export interface GradientGraph extends Omit<LossGraph, "program"> {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
}

/**
 * Opens an ONNX model (a path, or a file's bytes) for its loss and the gradient of the loss by its inputs, in one run of onnxruntime:
 *
 *     await using g = await gradient("model.onnx", { loss: "cross-entropy", batch: 64 });
 *     const { loss, gradients, logits } = await g.run(x, labels);
 *
 * The file is checked before native code sees anything of it; hostile models still belong into a process of their own. Throws Problems: what is wrong with the file, and
 * GRADIENT_MISSING, GRADIENT_BLOCKED, GRADIENT_SCORES, GRADIENT_INPUT, GRADIENT_LOSS, GRADIENT_MEMORY and ARGUMENT_INVALID.
 */
export async function gradient(model: string | Uint8Array, options: GradientOptions): Promise<Gradient> {
  const { program, ...graph } = await graphOf(model, options);
  checkMachine(program);
  const session = await openSession(writeProgram(program), options);
  const release = () => session.release();
  return { ...graph, run: runner({ program, ...graph }, session), release, [Symbol.asyncDispose]: release };
}

/** The ONNX model that `gradient` runs, with the names and shapes of its inputs and outputs. Throws as `gradient` does. */
export async function gradientGraph(model: string | Uint8Array, options: Omit<GradientOptions, keyof RunOptions>): Promise<GradientGraph> {
  const { program, ...graph } = await graphOf(model, options);
  return { ...graph, bytes: writeProgram(program) };
}

function runner(graph: LossGraph, session: Session): Gradient["run"] {
  const { file } = graph.program;
  const ports = graph.inputs.filter(({ name }) => !graph.weights.has(name));
  const elementOf = (name: string) => graph.program.known.get(name)?.element ?? "int64";
  return async (x, labels, targets) => {
    const given = byName(ports, x);
    const rows = rowsGiven(ports, given, file);
    if (graph.weights.size > 0 && rows % graph.rows !== 0) throw partOfBatch(graph, rows);
    const classes = Object.entries(labelsGiven(graph, rows, labels, targets));
    const parts: Parameters<typeof gathered>[2][number][] = [];
    for (let from = 0; from < rows; from += graph.rows) {
      const to = Math.min(rows, from + graph.rows);
      const feeds: Record<string, Constant> = Object.fromEntries(graph.weights);
      for (const port of ports) feeds[port.name] = batchOf(port, given[port.name] ?? [], from, to);
      for (const [name, values] of classes) feeds[name] = batchOf({ name, element: elementOf(name), dims: [graph.rows] }, values, from, to);
      parts.push({ answers: await session.run(feeds), from, to });
    }
    return gathered(graph, rows, parts);
  };
}

async function graphOf(model: string | Uint8Array, { batch = 64, ...question }: GradientOptions): Promise<LossGraph> {
  checkLoss(question.loss);
  if (!(Number.isInteger(batch) && batch >= 1 && batch <= mostRows))
    throw argument(`\`batch\` is ${batch}`, `Give a whole number from 1 to ${mostRows}.`);
  return lossGradient(await programOf(model), { ...question, batch });
}

/** A batch of more rows than this is a mistake. */
const mostRows = 1_000_000;

function checkLoss(loss: unknown): void {
  if (typeof loss === "string" && lossNames.includes(loss as LossName)) return;
  throw argument(`there is no loss ${quoted(String(loss))}`, `Choose one of ${lossNames.join(", ")}.`);
}

const argument = (what: string, remedy: string) => new Problem("ARGUMENT_INVALID", what, { remedy });

async function programOf(model: string | Uint8Array): Promise<Program> {
  if (typeof model !== "string") return readProgram(parseModel(model, "model.onnx"));
  const path = resolve(model);
  return readProgram(await readModel(path, { root: dirname(path) }));
}

function byName(ports: readonly Port[], x: Rows | Readonly<Record<string, Rows>>): Readonly<Record<string, Rows>> {
  if (!("length" in x) || typeof x.length !== "number") return x as Readonly<Record<string, Rows>>;
  const [port] = ports;
  return port !== undefined && ports.length === 1 ? { [port.name]: x as Rows } : {};
}

/** Rows that only fill a batch up would count in the gradient by a weight. */
const partOfBatch = ({ rows: batch, program }: LossGraph, rows: number) =>
  new Problem("GRADIENT_INPUT", `${rows} rows do not fill batches of ${batch}, which a gradient by a weight needs`, {
    file: program.file,
    remedy: "Choose a batch that divides the number of rows.",
  });
