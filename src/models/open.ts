import { dirname } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import type { Table } from "../data/index.ts";
import { readModel, rewrite } from "../onnx/index.ts";
import { collector } from "./answers.ts";
import { portsOf } from "./describe.ts";
import { filler } from "./feeds.ts";
import type { Answers, ModelBinding, Port } from "./model.ts";

export interface PredictOptions {
  /** Rows per call of the model. */
  readonly batch?: number | undefined;
  readonly progress?: ((done: number, total: number, what: string) => void) | undefined;
}

/** Whatever answers rows of a table: an ONNX file here; an endpoint or a table of predictions would implement the same. */
export interface Model extends AsyncDisposable {
  /** Answers in the order of the table's rows. Throws MODEL_INPUT_INVALID, MODEL_RUN_FAILED or MODEL_ANSWERS_INVALID with the row. */
  predict(table: Table, options?: PredictOptions): Promise<Answers>;
}

/**
 * Checks the file again and loads it into onnxruntime, here for the first time native: call it in an isolated process.
 * Throws what `readModel` throws, and MODEL_LOAD_FAILED.
 */
export async function openModel(binding: ModelBinding, { threads = 2 }: { threads?: number } = {}): Promise<Model> {
  const file = await readModel(binding.path, { root: binding.root });
  const ports = portsOf(file).filter(({ name }) => binding.inputs.some(({ input }) => input === name));
  const bytes = rewrite(file, { textInputs: ports.filter(({ type }) => type === "string").map(({ name }) => name) });
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
  return {
    predict: (table, options) => predict({ session, ports, binding, tensor: Tensor }, table, options),
    [Symbol.asyncDispose]: () => session.release(),
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

interface Opened {
  readonly session: InferenceSession;
  readonly ports: readonly Port[];
  readonly binding: ModelBinding;
  readonly tensor: typeof Tensor;
}

async function predict(
  { session, ports, binding, tensor }: Opened,
  table: Table,
  { batch = 4096, progress }: PredictOptions = {},
): Promise<Answers> {
  const { scoreOutput, labelOutput } = binding;
  const fixed = ports.map(({ shape }) => shape[0]).find((rows) => rows !== null && rows !== undefined);
  const size = Math.max(1, Math.min(fixed ?? batch, table.rows));
  const fill = ports.map((port) => {
    const bound = binding.inputs.find(({ input }) => input === port.name);
    if (bound === undefined) throw new Error(`nothing fills ${port.name}`);
    return filler(tensor, table, port, bound, binding, size);
  });
  const fetched = [scoreOutput, labelOutput].filter((name) => name !== null);
  const collected = collector(table.rows, binding);
  for (let start = 0; start < table.rows; start += size) {
    const count = Math.min(size, table.rows - start);
    const feeds: Record<string, Tensor> = {};
    for (const put of fill) put(feeds, start, count);
    const outputs = await session.run(feeds, fetched).catch((error: unknown) => {
      throw failed(
        "MODEL_RUN_FAILED",
        `onnxruntime does not run the model on rows ${start} to ${start + count - 1}`,
        error,
        "Check that the columns are those that the model was trained on.",
      );
    });
    collected.add(outputs, start, count);
    progress?.(start + count, table.rows, "rows answered");
  }
  return collected.answers;
}

function failed(code: "MODEL_LOAD_FAILED" | "MODEL_RUN_FAILED", what: string, error: unknown, remedy: string): Problem {
  const said = error instanceof Error ? error.message : String(error);
  return new Problem(code, `${what}: it says ${quoted(said, 300)}`, { remedy });
}
