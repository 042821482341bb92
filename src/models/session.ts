import type { InferenceSession } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import { type ParsedModel, type Rewriting, rewrite } from "../onnx/index.ts";

interface SessionOptions {
  readonly threads: number;
  /** Where tensors in other files are read from; left out: nowhere. */
  readonly folder?: string | undefined;
}

/**
 * Loads a checked and rewritten model into onnxruntime. Where the machine lacks the locale by which the model folds case, the one that every machine
 * has folds it alike. Throws MODEL_LOAD_FAILED.
 */
export async function openSession(
  model: ParsedModel,
  rewriting: Rewriting,
  { threads, folder }: SessionOptions,
): Promise<InferenceSession> {
  const { InferenceSession } = await import("onnxruntime-node");
  const options: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    ...(folder === undefined ? {} : { extra: { session: { model_external_initializers_file_folder_path: folder } } }),
  };
  const create = (locale?: string) => InferenceSession.create(rewrite(model, { ...rewriting, locale }), options);
  return create()
    .catch((error: unknown) => {
      if (isOfLocale(error)) return create("C.UTF-8");
      throw error;
    })
    .catch((error: unknown) => {
      throw refusedBy("MODEL_LOAD_FAILED", "onnxruntime does not load the model", error, remedyOf(error));
    });
}

function remedyOf(error: unknown): string {
  const said = saidBy(error);
  if (isOfLocale(error)) return "Install the locale that it names on this machine (Debian: the package `locales`, then `locale-gen`).";
  const [, operator, since] = /Could not find an implementation for (\w+)\((\d+)\)/.exec(said) ?? [];
  if (operator === undefined)
    return "Export the model again; if it stays, run it with onnxruntime elsewhere to see whether it is at fault.";
  const other = `or with another type than the file's, or without ${operator}`;
  return `It has no ${operator} as of opset ${since} on the processor for the file's types: export the model for a newer opset (7 or later), ${other}.`;
}

const isOfLocale = (error: unknown) => /locale/i.test(saidBy(error));

/** What onnxruntime refused, with what it says. */
export function refusedBy(code: "MODEL_LOAD_FAILED" | "MODEL_RUN_FAILED", what: string, error: unknown, remedy: string): Problem {
  return new Problem(code, `${what}: it says ${quoted(saidBy(error), 300)}`, { remedy });
}

const saidBy = (error: unknown) => (error instanceof Error ? error.message : String(error));
