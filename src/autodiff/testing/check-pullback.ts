import { expect } from "vitest";
import { Problem, seededRandom } from "../../base/index.ts";
import {
  type Constant,
  constant,
  inferNode,
  type Known,
  node,
  openSession,
  type Session,
  type Specialised,
  writeProgram,
} from "../../onnx/index.ts";
import { attributesOf, Draft } from "../draft.ts";
import { lower } from "../lower.ts";
import { mathsOf } from "../maths.ts";
import { isReal } from "../numbers.ts";
import type { Attributes } from "../pullback.ts";
import { all, backpropagate, type StraightThrough } from "../reverse.ts";
import { type Given, type Sampler, samplerOf, sizeOf } from "./sampler.ts";

/** One node with inputs: null where an optional one is left out. */
export interface Case {
  readonly op: string;
  readonly domain?: string;
  readonly attributes?: Attributes;
  readonly inputs: readonly (Given | null)[];
  /** How many outputs the node has; left out: one. */
  readonly outputs?: number;
  readonly straight?: StraightThrough;
  /** Of the standard's operators; left out: the canonical one. */
  readonly opset?: number;
  /** Whether onnxruntime rounds inside to float32 whatever the type. */
  readonly narrow?: boolean;
}

/** Makes a case of random shapes and numbers, away from kinks. */
export type CaseMaker = (sampler: Sampler) => Case;

type Real = "float32" | "float64";

/** How far the differences may reach and how near they must be: relative to the product of the two norms. */
const precision = {
  float64: { step: 1e-5, tolerance: 1e-6 },
  float32: { step: 4e-3, tolerance: 3e-3 },
  /** A gradient in float32 against differences in float64. */
  rounded: { step: 1e-5, tolerance: 1e-4 },
};

/**
 * Checks a pullback against central differences along random directions, at random shapes: in float64 where onnxruntime has the operators in it, and in float32 always.
 * The loss is a random weighing of all outputs of real numbers, summed outside onnxruntime in float64.
 */
export async function checkPullback(name: string, make: CaseMaker, draws = 4): Promise<void> {
  for (let draw = 0; draw < draws; draw++) {
    const random = seededRandom(1, name, String(draw));
    const given = make(samplerOf(random.fork("case")));
    const [exact, rough] = [given.narrow ? null : await opened(given, "float64"), await opened(given, "float32")];
    if (rough === null) throw new Error(`${name}: onnxruntime runs it in no type`);
    try {
      const slopes = await rough.gradients();
      for (let direction = 0; direction < 3; direction++) {
        const along = directionOf(given, random.fork(`direction ${direction}`));
        if (exact !== null) {
          compare(name, given, await exact.gradients(), await exact.difference(along, precision.float64.step), precision.float64.tolerance);
          compare(name, given, slopes, await exact.difference(along, precision.rounded.step), precision.rounded.tolerance);
        } else compare(name, given, slopes, await rough.difference(along, precision.float32.step), precision.float32.tolerance);
      }
    } finally {
      await rough.session.release();
      await exact?.session.release();
    }
  }
}

/** A step's change of each wanted input, as it is after rounding, and of the loss. */
interface Difference {
  readonly moved: readonly Float64Array[];
  readonly loss: number;
}

function compare(name: string, given: Case, gradients: readonly Constant[], { moved, loss }: Difference, tolerance: number) {
  let expected = 0;
  let [size, length] = [0, 0];
  for (const [at, gradient] of gradients.entries()) {
    const values = gradient.values as Float64Array;
    expect(gradient.dims, `${name}: the shape of gradient ${at}`).toEqual(wantedOf(given)[at]?.value.dims);
    for (const [index, value] of values.entries()) {
      const step = moved[at]?.[index] ?? 0;
      expected += value * step;
      size += value * value;
      length += step * step;
    }
  }
  const off = Math.abs(expected - loss) / Math.max(Math.sqrt(size * length), 1e-9 + Math.abs(loss));
  const shapes = given.inputs.map((input) => (input === null ? "-" : `[${input.value.dims}]`)).join(" ");
  const text = `${name} ${shapes} ${JSON.stringify(given.attributes ?? {})}: gradient ${expected}, difference ${loss}, off by ${off}`;
  expect(off <= tolerance, text).toBe(true);
}

const wantedOf = ({ inputs }: Case) => inputs.filter((input) => input?.wanted === true) as Given[];

function directionOf(given: Case, random: ReturnType<typeof seededRandom>): readonly Float64Array[] {
  return wantedOf(given).map(({ value }) => Float64Array.from({ length: value.values.length }, () => random.normal()));
}

interface Opened {
  readonly session: Session;
  gradients(): Promise<readonly Constant[]>;
  difference(along: readonly Float64Array[], step: number): Promise<Difference>;
}

/** The case in a type, ready to run; null where onnxruntime has no code for it in that type. */
async function opened(given: Case, type: Real): Promise<Opened | null> {
  const { program, weights, outputs, wanted } = withGradients(given, type);
  const session = await openSession(writeProgram(program), { threads: 1 }).catch((error: unknown) => {
    if (error instanceof Problem && type === "float64" && /NOT_IMPLEMENTED|not find an implementation|is invalid/.test(error.message))
      return null;
    throw error;
  });
  if (session === null) return null;
  const run = (values: readonly Constant[]) => session.run(Object.fromEntries(values.map((value, at) => [wanted[at] ?? "", value])));
  const at = (along: readonly Float64Array[], step: number) =>
    wantedOf(given).map(({ value }, index) => {
      const from = value.values as Float64Array;
      return inType(constant("float64", value.dims, from.map((x, place) => x + step * (along[index]?.[place] ?? 0))), type); // biome-ignore format: one value
    });
  const loss = async (values: readonly Constant[]) => {
    const answers = await run(values);
    return outputs.reduce((total, name, index) => total + dot(answers[name], weights[index]), 0);
  };
  return {
    session,
    gradients: async () => {
      const answers = await run(at([], 0));
      return wanted.map((name) => answers[`gradient/${name}`] as Constant);
    },
    async difference(along, step) {
      const [before, after] = [at(along, -step), at(along, step)];
      const moved = after.map(({ values }, index) =>
        Float64Array.from(values as Float64Array, (x, place) => x - Number(before[index]?.values[place])),
      );
      return { moved, loss: (await loss(after)) - (await loss(before)) };
    },
  };
}

const dot = (a: Constant | undefined, b: Float64Array | undefined) =>
  (b ?? new Float64Array()).reduce((total, weight, at) => total + weight * Number(a?.values[at]), 0);

export function inType(value: Constant, type: Real): Constant {
  if (value.element !== "float64" || type === "float64") return value;
  return constant("float32", value.dims, Float32Array.from(value.values as Float64Array));
}

/** The node alone in a graph; inputs by which nothing is differentiated are constants. */
export function caseProgram(given: Case, type: Real) {
  const names = given.inputs.map((input, at) => (input === null ? "" : `x${at}`));
  const facts = given.inputs.map((input) => input && factsOf(input, type));
  const wanted = names.filter((_, at) => given.inputs[at]?.wanted);
  const outputs = Array.from({ length: given.outputs ?? 1 }, (_, at) => `y${at}`);
  const made = node(given.op, names, outputs, attributesOf(given.attributes ?? {}), { domain: given.domain ?? "" });
  const results = inferNode(made, facts.map((known) => known ?? undefined)); // biome-ignore format: one call
  const known = (list: readonly string[], of: readonly (Known | null | undefined)[]) => new Map(list.map((name, at) => [name, of[at]]));
  return { program: programOf(made, known(names, facts), known(outputs, results), given.opset ?? 26), wanted, outputs };
}

/** Its outputs weighed at random and summed, and the gradients. */
function withGradients(given: Case, type: Real) {
  const { program, wanted, outputs } = caseProgram(given, type);
  const draft = new Draft(lower(program));
  const smooth = outputs.filter((name) => isReal(draft.known(name).element));
  const random = seededRandom(2, given.op);
  const weights = smooth.map((name) => Float64Array.from({ length: sizeOf(draft.known(name).dims) }, () => Math.fround(random.normal())));
  const m = mathsOf(draft);
  const sums = smooth.map((name, at) => {
    const { dims, element } = draft.known(name);
    const weighed = m.mul(name, draft.constant(weights[at] as Float64Array, dims, element));
    return m.reshape(m.sum(weighed, ...dims.keys()), []);
  });
  const of = sums.reduce((a, b) => m.add(a, b));
  const gradients = all(backpropagate(draft, { of, seed: draft.scalar(1, of), wrt: wanted, file: "model.onnx", ...given.straight }));
  const shown = [
    ...smooth.map((name) => [name, name] as const),
    ...wanted.map((name, at) => [`gradient/${name}`, gradients[at] ?? ""] as const),
  ];
  return { program: draft.finish(new Map(shown)), weights, outputs: smooth, wanted };
}

function factsOf({ value, wanted }: Given, type: Real): Known {
  const held = inType(value, type);
  return { element: held.element, dims: held.dims, ...(wanted ? {} : { constant: held }) };
}

function programOf(
  made: Specialised["graph"]["nodes"][number],
  inputs: ReadonlyMap<string, Known | null | undefined>,
  outputs: ReadonlyMap<string, Known | null | undefined>,
  opset: number,
): Specialised {
  const known = new Map([...inputs, ...outputs].flatMap(([name, facts]) => (facts ? [[name, facts] as const] : [])));
  const constants = new Map([...known].flatMap(([name, { constant: value }]) => (value ? [[name, value] as const] : [])));
  const port = (name: string) => ({
    name,
    element: known.get(name)?.element ?? null,
    dims: known.get(name)?.dims ?? null,
    proto: undefined,
  });
  const free = [...inputs.keys()].filter((name) => known.has(name) && !constants.has(name));
  const graph = { name: "case", nodes: [made], constants, inputs: free.map(port), outputs: [...outputs.keys()].map(port) };
  return {
    file: "model.onnx",
    irVersion: 11,
    opsets: new Map([
      ["", opset],
      ["ai.onnx.ml", 5],
      ["com.microsoft", 1],
    ]),
    graph,
    known,
  };
}
