import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type InferenceSession, Tensor } from "onnxruntime-node";
import { problemsOf } from "../base/index.ts";
import { liftProgram, type OnnxValue, type ParsedModel, parseModel, readProgram, widened, writeProgram } from "../onnx/index.ts";
import { type Given, isNarrow, tensorOf } from "./backend-tensors.fixture.ts";
import { portOf } from "./describe.ts";
import { openSession } from "./session.ts";

/** How far an answer may lie from the standard's. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** One of the standard's node tests: a model and sets of inputs with the outputs that are right, as bytes of protobuf. */
export interface BackendCase extends Tolerance {
  readonly model: Uint8Array;
  readonly sets: readonly { readonly input: readonly Uint8Array[]; readonly output: readonly Uint8Array[] }[];
}

interface Packed extends Tolerance {
  readonly name: string;
  readonly model: string;
  readonly sets: readonly { readonly input: readonly string[]; readonly output: readonly string[] }[];
}

const folder = join(import.meta.dirname, "../../vectors/onnx/backend");
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));

/** The cases that a file of vectors/onnx/backend holds. */
export function casesIn(file: string): readonly (BackendCase & { readonly name: string })[] {
  const packed = JSON.parse(readFileSync(join(folder, file), "utf8")) as readonly Packed[];
  return packed.map(({ model, sets, ...rest }) => ({
    ...rest,
    model: bytesOf(model),
    sets: sets.map(({ input, output }) => ({ input: input.map(bytesOf), output: output.map(bytesOf) })),
  }));
}

/** Who gives up: our reader, our change of the model, what crosses into onnxruntime-node, onnxruntime itself; or the answer is another. */
type Stage = "reader" | "change" | "types" | "load" | "run" | "answer";

export type Verdict = { readonly runs: true } | { readonly runs: false; readonly by: Stage; readonly why: string };

const fails = (by: Stage, why: string): Verdict => ({ runs: false, by, why });

const elementOf = ({ type }: OnnxValue) => (type?.value.case === "tensorType" ? type.value.value.elemType : undefined);
const isWidened = (value: OnnxValue) => isNarrow(elementOf(value) ?? 0);
const nameOf = (value: OnnxValue) => (isWidened(value) ? widened(value.name) : value.name);

/** Another model in the place of this one, that should answer alike. */
export type Change = (model: ParsedModel) => Promise<Uint8Array>;

/** The model in the canonical opset. */
export const lifted: Change = async (model) => writeProgram(liftProgram(await readProgram(model)));

/** Runs it through our reader, our rewriting and onnxruntime; changed before, when a change is given. */
export async function runCase(given: BackendCase, change?: Change): Promise<Verdict> {
  const read = parsed(given.model);
  const model = "runs" in read || change === undefined ? read : await changed(read, change);
  if ("runs" in model) return model;
  const values = [...model.graph.inputs, ...model.graph.outputs];
  const odd = values.find((value) => portOf(value).type === "other" && !isWidened(value));
  if (odd !== undefined) return fails("types", `${portOf(odd).other} does not cross`);
  const floats = values.filter(isWidened).map(({ name }) => name);
  const session = await openSession(model, { floats }, { threads: 1 }).catch(said);
  if (typeof session === "string") return fails("load", session);
  try {
    for (const set of given.sets) {
      const verdict = await runSet(session, model.graph, set, given);
      if (!verdict.runs) return verdict;
    }
    return { runs: true };
  } finally {
    await session.release();
  }
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function changed(model: ParsedModel, change: Change): Promise<ParsedModel | Verdict> {
  try {
    return parsed(await change(model));
  } catch (error) {
    const [problem] = problemsOf(error);
    if (problem === undefined) throw error;
    return fails("change", `${problem.code} ${problem.message}`);
  }
}

function parsed(bytes: Uint8Array): ParsedModel | Verdict {
  try {
    return parseModel(bytes, "model.onnx");
  } catch (error) {
    const [problem] = problemsOf(error);
    if (problem === undefined) throw error;
    return fails("reader", `${problem.code} ${problem.message}`);
  }
}

async function runSet(
  session: InferenceSession,
  { inputs, outputs }: ParsedModel["graph"],
  { input, output }: BackendCase["sets"][number],
  tolerance: Tolerance,
): Promise<Verdict> {
  const feeds: Record<string, Tensor> = {};
  for (const [at, value] of inputs.entries()) {
    const tensor = tensorOf(input[at] ?? new Uint8Array());
    if (tensor === undefined) return fails("types", "an input does not cross");
    feeds[nameOf(value)] = fed(value, tensor);
  }
  const answers = await session.run(feeds, outputs.map(nameOf)).catch(said);
  if (typeof answers === "string") return fails("run", answers);
  for (const [at, value] of outputs.entries()) {
    const expected = tensorOf(output[at] ?? new Uint8Array());
    const answer = answers[nameOf(value)];
    if (expected === undefined || answer === undefined) return fails("types", "an output does not cross");
    const difference = differenceOf(answer, expected, tolerance);
    if (difference !== null) return fails("answer", `output ${at}: ${difference}`);
  }
  return { runs: true };
}

function fed(value: OnnxValue, { values, dims }: Given): Tensor {
  const { type } = portOf(value);
  return new Tensor(isWidened(value) ? "float32" : (type as Tensor.Type), values as Tensor.DataType, dims);
}

/** What is another in an answer; null when nothing is. */
function differenceOf({ dims, data }: Tensor, expected: Given, tolerance: Tolerance): string | null {
  if (dims.join() !== expected.dims.join()) return `of shape [${dims}] instead of [${expected.dims}]`;
  const values = Array.from(expected.values as ArrayLike<unknown>);
  const found = Array.from(data as ArrayLike<unknown>);
  const at = values.findIndex((value, index) => !isNear(found[index], value, tolerance));
  return at < 0 ? null : `${String(found[at])} instead of ${String(values[at])}`;
}

function isNear(a: unknown, b: unknown, { rtol, atol }: Tolerance): boolean {
  if (a === b || typeof a !== "number" || typeof b !== "number") return a === b;
  return (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= atol + rtol * Math.abs(b);
}
