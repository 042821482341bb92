import { dirname } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import type { Table } from "../data/index.ts";
import { codedOutput, type OnnxModel, readModel, rewrite } from "../onnx/index.ts";
import { collector } from "./answers.ts";
import { portOf, portsOf } from "./describe.ts";
import { filler } from "./feeds.ts";
import type { Answers, Model, OnnxBinding, OpenOptions, Port, PredictOptions } from "./model.ts";

/**
 * Checks the file again and loads it into onnxruntime, here for the first time native: call it in an isolated process.
 * Throws what `readModel` throws, and MODEL_LOAD_FAILED.
 */
export async function openOnnx(binding: OnnxBinding, { threads = 2 }: OpenOptions = {}): Promise<Model> {
  const file = await readModel(binding.path, { root: binding.root });
  const ports = portsOf(file).filter(({ name }) => binding.inputs.some(({ input }) => input === name));
  const textInputs = ports.filter(({ type }) => type === "string").map(({ name }) => name);
  const textOutput = codedLabels(file, binding);
  const bytes = rewrite(file, { textInputs, textOutput });
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const options = sessionOptions(threads, file.externalFiles.length > 0 ? dirname(file.path) : undefined);
  const session = await InferenceSession.create(bytes, options).catch((error: unknown) => {
    throw failed(
      "MODEL_LOAD_FAILED",
      "onnxruntime does not load the model",
      error,
      "Export the model again; if it stays, run it with onnxruntime elsewhere to see whether it is at fault.",
    );
  });
  const opened = { session, ports, binding, labelCodes: textOutput && codedOutput(textOutput.name), tensor: Tensor };
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

/** Tensors in other files are read only from `folder`. */
function sessionOptions(threads: number, folder: string | undefined): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    ...(folder === undefined ? {} : { extra: { session: { model_external_initializers_file_folder_path: folder } } }),
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
  /** The output that gives labels as indices of classes, where `rewrite` added one. */
  readonly labelCodes: string | undefined;
  readonly tensor: typeof Tensor;
}

async function predict(opened: Opened, table: Table, { batch, progress }: PredictOptions = {}): Promise<Answers> {
  const { ports, binding, labelCodes } = opened;
  const size = batchSize(opened, table.rows, batch);
  const fillers = ports.map((port) => fillerOf(opened, table, port, size));
  const collected = collector(table.rows, binding, labelCodes);
  for (let start = 0; start < table.rows; start += size) {
    const count = Math.min(size, table.rows - start);
    const feeds: Record<string, Tensor> = {};
    for (const fill of fillers) fill(feeds, start, count);
    collected.add(await run(opened.session, feeds, collected.outputs, start, count), start, count);
    progress?.(start + count, table.rows, "rows answered");
  }
  return collected.answers;
}

const fastBatch = 16_384;
const mostValues = 1 << 22;

function batchSize({ ports, binding }: Opened, rows: number, batch: number | undefined): number {
  if (ports.some(({ shape }) => shape[0] === 1)) return 1; // as some exporters fix it
  const width = binding.inputs.reduce((sum, { columns }) => sum + columns.length, 0);
  const fast = Math.max(1, Math.min(fastBatch, Math.floor(mostValues / Math.max(1, width))));
  return Math.max(1, Math.min(batch ?? fast, rows));
}

function fillerOf({ binding, tensor }: Opened, table: Table, port: Port, size: number) {
  const bound = binding.inputs.find(({ input }) => input === port.name);
  if (bound === undefined) throw new Error(`nothing fills ${port.name}`);
  return filler(tensor, table, port, bound, binding, size);
}

async function run(session: InferenceSession, feeds: Record<string, Tensor>, outputs: readonly string[], start: number, count: number) {
  return session.run(feeds, outputs).catch((error: unknown) => {
    const what = `onnxruntime does not run the model on rows ${start} to ${start + count - 1}`;
    throw failed("MODEL_RUN_FAILED", what, error, "Check that the columns are those that the model was trained on.");
  });
}

function failed(code: "MODEL_LOAD_FAILED" | "MODEL_RUN_FAILED", what: string, error: unknown, remedy: string): Problem {
  const said = error instanceof Error ? error.message : String(error);
  return new Problem(code, `${what}: it says ${quoted(said, 300)}`, { remedy });
}
