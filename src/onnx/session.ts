import type { InferenceSession, Tensor } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import { constant } from "./attributes.ts";
import type { Constant, Element } from "./program.ts";

/** How onnxruntime is to run a program. */
export interface RunOptions {
  /** Threads of one operator; left out: as many as onnxruntime takes, one a core. */
  readonly threads?: number | undefined;
  /** Whether threads wait busily for work until a run ends (the default, faster), and longer. Sessions that run in turn need `false`: each would keep the cores from the others. */
  readonly spinning?: boolean | undefined;
}

/** A loaded program. */
export interface Session {
  /**
   * Runs it once. Inputs by name; outputs by name, all or those that are asked for. Arrays of the outputs belong to the caller. Throws MODEL_RUN_FAILED.
   */
  run(inputs: Readonly<Record<string, Constant>>, outputs?: readonly string[]): Promise<Readonly<Record<string, Constant>>>;
  release(): Promise<void>;
}

/**
 * Loads an ONNX model, as bytes, into onnxruntime on the CPU, with all its optimisations and its arena of memory. Native code reads these bytes: what comes
 * from outside must have been checked first, and hostile models belong into the isolated child. Throws MODEL_LOAD_FAILED.
 */
export async function openSession(model: Uint8Array, { threads, spinning = true }: RunOptions = {}): Promise<Session> {
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const options: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    enableCpuMemArena: true,
    // A plan of all buffers, made in the first run, would be allocated beside what the arena holds already: twice the memory, and no faster.
    enableMemPattern: false,
    logSeverityLevel: 4,
    interOpNumThreads: 1,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    extra: { session: spinning ? { force_spinning_stop: "1" } : { intra_op: { allow_spinning: "0" } } },
  };
  // Some fusions (QuickGelu of float64) make nodes that onnxruntime has no code for: without them, then.
  const plain = () => InferenceSession.create(model, { ...options, graphOptimizationLevel: "basic" });
  const session = await InferenceSession.create(model, options).catch((error: unknown) =>
    plain().catch(() => {
      throw refused("MODEL_LOAD_FAILED", "onnxruntime does not load the model", error);
    }),
  );
  return {
    async run(inputs, outputs) {
      const feeds: Record<string, Tensor> = {};
      for (const [name, given] of Object.entries(inputs)) feeds[name] = new Tensor(...asFeed(given));
      const answers = await session.run(feeds, outputs ?? session.outputNames).catch((error: unknown) => {
        throw refused("MODEL_RUN_FAILED", "onnxruntime loads the model and does not run it", error);
      });
      return Object.fromEntries(Object.entries(answers).map(([name, tensor]) => [name, asConstant(tensor)]));
    },
    release: () => session.release(),
  };
}

function refused(code: "MODEL_LOAD_FAILED" | "MODEL_RUN_FAILED", what: string, error: unknown): Problem {
  const said = error instanceof Error ? error.message : String(error);
  const remedy = "Export the model again; if it stays, run it with onnxruntime elsewhere to see whether it is at fault.";
  return new Problem(code, `${what}: it says ${quoted(said, 300)}`, { remedy });
}

function asFeed({ element, values, dims }: Constant): [Tensor.Type, Tensor.DataType, readonly number[]] {
  // onnxruntime-node takes float16 as Float16Array where the engine has it.
  const data =
    element === "float16" && values instanceof Uint16Array ? new Float16Array(values.buffer, values.byteOffset, values.length) : values;
  return [element as Tensor.Type, data as Tensor.DataType, dims];
}

function asConstant({ type, dims, data }: Tensor): Constant {
  const values = data instanceof Float16Array ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return constant(type as Exclude<Element, "opaque">, dims, values as Constant["values"]);
}
