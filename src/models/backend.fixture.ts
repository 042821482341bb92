import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { problemsOf } from "../base/index.ts";
import { type OnnxValue, type ParsedModel, parseModel, widened } from "../onnx/index.ts";
import { type Given, tensorOf, type Values } from "./backend-tensors.fixture.ts";
import { portOf } from "./describe.ts";
import { isHalf } from "./model.ts";
import { openSession } from "./session.ts";

/** How far an answer may lie from the standard's, as its own runner has it unless a case says otherwise. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export type Verdict =
  | { readonly runs: true }
  /** `by` is who gives up: our reader, what onnxruntime-node carries, onnxruntime itself; or the answer is another. */
  | { readonly runs: false; readonly by: "reader" | "types" | "load" | "run" | "answer"; readonly why: string };

const fails = (by: Exclude<Verdict, { runs: true }>["by"], why: string): Verdict => ({ runs: false, by, why });

/** Runs one of the standard's node tests, a folder with model.onnx and test_data_set_N, through our reader, our rewriting and onnxruntime. */
export async function runCase(folder: string, tolerance: Tolerance): Promise<Verdict> {
  const model = read(folder);
  if ("runs" in model) return model;
  const { graph } = model;
  const odd = [...graph.inputs, ...graph.outputs].map(portOf).find(({ type }) => type === "other");
  if (odd !== undefined) return fails("types", `${odd.other} is no tensor type that crosses`);
  const floats = [...graph.inputs, ...graph.outputs].filter((value) => isHalf(portOf(value))).map(({ name }) => name);
  const session = await openSession(model, { floats }, { threads: 1 }).catch(said);
  if (typeof answers === "string") return fails("run", answers);
  for (const [at, value] of outputs.entries()) {
    const expected = given("output", at);
    const answer = answers[nameOf(value)];
    if (expected === undefined || answer === undefined) return fails("types", "an output of a type that no array holds");
    const difference = differenceOf(answer, expected, tolerance);
    if (difference !== null) return fails("answer", `output ${at}: ${difference}`);
  }
  return { runs: true } as const;
}

const nameOf = (value: OnnxValue) => (isHalf(portOf(value)) ? widened(value.name) : value.name);

function typeOf(values: Values): Tensor.Type {
  if (Array.isArray(values)) return "string";
  return values.constructor.name
    .replace(/^Big/, "")
    .replace(/Array$/, "")
    .toLowerCase() as Tensor.Type;
}

/** What is another in an answer; null when nothing is. */
function differenceOf({ dims, data }: Tensor, expected: Given, { rtol, atol }: Tolerance): string | null {
  if (dims.join() !== expected.dims.join()) return `of shape [${dims}] instead of [${expected.dims}]`;
  const values = Array.from(expected.values as ArrayLike<unknown>);
  const found = Array.from(data as ArrayLike<unknown>);
  const at = values.findIndex((value, index) => !isNear(found[index], value));
  return at < 0 ? null : `${String(found[at])} instead of ${String(values[at])}`;

  function isNear(a: unknown, b: unknown): boolean {
    if (a === b || typeof a !== "number" || typeof b !== "number") return a === b;
    return (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= atol + rtol * Math.abs(b);
  }
}
