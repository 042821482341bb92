import { dirname } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { selectRows, type Table } from "../data/index.ts";
import { codedOutput, type OnnxModel, readModel, widened } from "../onnx/index.ts";
import { collector, type Wanted } from "./answers.ts";
import { lender, type Take } from "./buffers.ts";
import { portOf, portsOf } from "./describe.ts";
import { filler } from "./feeds.ts";
import { valuesIn } from "./images/index.ts";
import { type Answers, isHalf, type Model, type OnnxBinding, type OpenOptions, type Port, type PredictOptions } from "./model.ts";
import { rowsPerCall } from "./rows-per-call.ts";
import { openSession, refusedBy } from "./session.ts";

/**
 * Checks the file again and loads it into onnxruntime, here for the first time native: call it in an isolated process.
 * Throws what `readModel` throws, and MODEL_LOAD_FAILED.
 */
export async function openOnnx(binding: OnnxBinding, { threads = 2 }: OpenOptions = {}): Promise<Model> {
  const file = await readModel(binding.path, { root: binding.root });
  const ports = portsOf(file).filter(({ name }) => binding.inputs.some(({ input }) => input === name));
  const textInputs = ports.filter(({ type }) => type === "string").map(({ name }) => name);
  const textOutput = codedLabels(file, binding);
  const halfScores = file.graph.outputs.map(portOf).find((port) => port.name === binding.scoreOutput && isHalf(port));
  const floats = [...ports.filter(isHalf), ...(halfScores === undefined ? [] : [halfScores])].map(({ name }) => name);
  const { Tensor } = await import("onnxruntime-node");
  const folder = file.externalFiles.length > 0 ? dirname(file.path) : undefined;
  const session = await openSession(file, { textInputs, textOutput, floats }, { threads, folder });
  const wanted = { scores: halfScores && widened(halfScores.name), labelCodes: textOutput && codedOutput(textOutput.name) };
  const opened = { session, ports, binding, wanted, rowsPerCall: rowsPerCall(file, ports), tensor: Tensor, lend: lender() };
  let running: Promise<unknown> = Promise.resolve();
  return {
    predict(table, options) {
      const answers = predict(opened, table, options);
      running = Promise.allSettled([running, answers]);
      return answers;
    },
    async [Symbol.asyncDispose]() {
      await running; // a released session would fail under them
      await session.release();
    },
  };
}

/** Text labels come back as indices. */
function codedLabels({ graph }: OnnxModel, { labelOutput, answers }: OnnxBinding) {
  const port = graph.outputs.find(({ name }) => name === labelOutput);
  const isText = port !== undefined && portOf(port).type === "string";
  return isText ? { name: port.name, texts: answers } : undefined;
}

interface Opened {
  readonly session: InferenceSession;
  readonly ports: readonly Port[];
  readonly binding: OnnxBinding;
  /** What `rewrite` put in the place of an output: scores as float32, and labels as indices of classes. */
  readonly wanted: Wanted;
  readonly rowsPerCall: number | null;
  readonly tensor: typeof Tensor;
  readonly lend: ReturnType<typeof lender>;
}

/** A model that takes so many rows at a time and no fewer is given the last row as often as its last call needs. */
async function predict(opened: Opened, table: Table, options: PredictOptions = {}): Promise<Answers> {
  const size = opened.rowsPerCall;
  const { rows } = table;
  if (size === null || rows % size === 0) return answer(opened, table, options);
  const filled = selectRows(
    table,
    Int32Array.from({ length: Math.ceil(rows / size) * size }, (_, at) => Math.min(at, rows - 1)),
  );
  const { classes, labels, probabilities } = await answer(opened, filled, options);
  return { rows, classes, labels: labels.slice(0, rows), probabilities: probabilities?.slice(0, rows * classes.length) ?? null };
}

const answer = (opened: Opened, table: Table, options: PredictOptions): Promise<Answers> =>
  opened.lend((take) => answerAll(opened, table, options, take));

async function answerAll(opened: Opened, table: Table, { batch, progress }: PredictOptions, take: Take): Promise<Answers> {
  const { ports, binding, wanted } = opened;
  const size = opened.rowsPerCall ?? batchSize(opened, table.rows, batch);
  const fillers = ports.map((port) => fillerOf(opened, table, port, size, take));
  const collected = collector(table.rows, binding, wanted);
  for (let start = 0; start < table.rows; start += size) {
    const count = Math.min(size, table.rows - start);
    const feeds: Record<string, Tensor> = {};
    for (const fill of fillers) {
      const filled = fill(feeds, start, count);
      if (filled !== undefined) await filled;
    }
    collected.add(await run(opened.session, feeds, collected.outputs, start, count), start, count);
    progress?.(start + count, table.rows, "rows answered");
  }
  return collected.answers;
}

const fastBatch = 16_384;
const mostValues = 1 << 22;

/** Some dozens of pictures, fewer where they are large: what a convolution makes of them stays near the processor. Measured in `bench/predict-images`. */
const fastPictures = { values: 1 << 17, together: 64, most: 128 };

function batchSize({ binding }: Opened, rows: number, batch: number | undefined): number {
  const pictures = binding.inputs.reduce((sum, { image }) => sum + (image === undefined ? 0 : valuesIn(image)), 0);
  const width = Math.max(
    1,
    binding.inputs.reduce((sum, { columns }) => sum + columns.length, pictures),
  );
  const bounded = Math.floor(mostValues / width);
  const { values, together, most } = fastPictures;
  const fast =
    pictures === 0 ? Math.min(fastBatch, bounded) : Math.min(most, Math.max(Math.floor(values / width), Math.min(together, bounded)));
  return Math.max(1, Math.min(batch ?? Math.max(1, fast), rows));
}

function fillerOf({ binding, tensor }: Opened, table: Table, port: Port, size: number, take: Take) {
  const bound = binding.inputs.find(({ input }) => input === port.name);
  if (bound === undefined) throw new Error(`nothing fills ${port.name}`);
  return filler(tensor, table, port, bound, binding, size, take);
}

async function run(session: InferenceSession, feeds: Record<string, Tensor>, outputs: readonly string[], start: number, count: number) {
  return session.run(feeds, outputs).catch((error: unknown) => {
    const what = `onnxruntime does not run the model on rows ${start} to ${start + count - 1}`;
    throw refusedBy("MODEL_RUN_FAILED", what, error, "Check that the columns are those that the model was trained on.");
  });
}
