import { problemsOf, type Random, seededRandom } from "../../base/index.ts";
import { tensorAt } from "../../onnx/graph.ts";
import {
  type Constant,
  constant,
  liftProgram,
  openSession,
  type Program,
  parseModel,
  readProgram,
  type Session,
  type Specialised,
  specialise,
  writeProgram,
} from "../../onnx/index.ts";
import { constantAt } from "../../onnx/read-tensor.ts";
import { Draft } from "../draft.ts";
import { lower } from "../lower.ts";
import { isReal } from "../numbers.ts";
import { backpropagate } from "../reverse.ts";

/** What came of differentiating one of the standard's node tests. */
export type Verdict =
  /** The gradient by each input of real numbers is what differences give. */
  | { readonly kind: "right" }
  | { readonly kind: "wrong"; readonly why: string }
  /** A diagnosis instead of a gradient. */
  | { readonly kind: "named"; readonly why: string }
  /** No real number goes in, or none comes out. */
  | { readonly kind: "whole" }
  /** It is read, lifted or run by no means; or its differences hang on the step: a kink, or what a float32 holds. */
  | { readonly kind: "unseen"; readonly why: string };

/** The model and its inputs as bytes of protobuf. */
export interface NodeTest {
  readonly model: Uint8Array;
  readonly inputs: readonly Uint8Array[];
}

type Feeds = Readonly<Record<string, Constant>>;

const tensorOf = (bytes: Uint8Array): Constant => constantAt(bytes, tensorAt(bytes, 0, bytes.length), undefined);
const isMoved = ({ element }: Constant) => element === "float32" || element === "float64";

/** Differentiates a random weighing of all real outputs by every real input, and holds the slope along random directions against central differences. */
export async function differentiateNodeTest({ model, inputs }: NodeTest): Promise<Verdict> {
  const lifted = liftProgram(await readProgram(parseModel(model, "model.onnx")));
  if (lifted.graph.inputs.some(({ element }) => element === null)) return { kind: "whole" };
  const given = lifted.graph.inputs.map(({ name }, at) => [name, tensorOf(inputs[at] ?? new Uint8Array())] as const);
  const real = given.filter(([, value]) => isMoved(value)).map(([name]) => name);
  const { special, feeds } = attempt(() => fixed(lifted, given, real)) ?? fixed(lifted, given, real.slice(0, 1));
  const plain = lower(special);
  const outputs = plain.graph.outputs.map(({ name }) => name).filter((name) => isReal(plain.known.get(name)?.element ?? "opaque"));
  if (real.length === 0 || outputs.length === 0) return { kind: "whole" };
  const made = gradientsOf(plain, outputs, Object.keys(feeds));
  if (typeof made === "string") return { kind: "named", why: made };
  const session = await openSession(writeProgram(made.program), { threads: 1 });
  try {
    const other = plain === special ? null : await changed(session, special, made, feeds);
    return other === null ? await compared(session, made, feeds) : { kind: "wrong", why: `lowered, ${other} is another` };
  } finally {
    await session.release();
  }
}

/** The output in which a lowered program differs from the model's own; null when there is none, or when onnxruntime does not run the model. */
async function changed(session: Session, special: Specialised, { outputs, program }: Made, feeds: Feeds): Promise<string | null> {
  const graph = { ...special.graph, outputs: special.graph.outputs.filter(({ name }) => outputs.includes(name)) };
  const own = await openSession(writeProgram({ ...special, graph }), { threads: 1 }).catch(() => null);
  try {
    const expected = await own?.run(feeds).catch(() => null);
    if (!expected) return null;
    const seeds = Object.fromEntries(outputs.map((name) => [seedOf(name), normals(program.known.get(name)?.dims ?? [], program.known.get(name)?.element, seededRandom(9))])); // biome-ignore format: one value
    const given = await session.run({ ...feeds, ...seeds });
    return outputs.find((name) => !isNear(given[name], expected[name])) ?? null;
  } finally {
    await own?.release();
  }
}

/** Relative to the norm; where both are infinite or none, they are alike. */
function isNear(a: Constant | undefined, b: Constant | undefined): boolean {
  const pairs = Array.from(a?.values as Float64Array, (value, at) => [value, Number(b?.values[at])] as const);
  const finite = pairs.filter(([x, y]) => !Object.is(x, y));
  const [off, size] = [finite.reduce((sum, [x, y]) => sum + (x - y) ** 2, 0), finite.reduce((sum, [, y]) => sum + y ** 2, 0)];
  return a?.dims.join() === b?.dims.join() && Math.sqrt(off) <= 1e-4 * Math.sqrt(size) + 1e-5;
}

/** The program in which all inputs but these are constants. */
function fixed({ graph, ...program }: Program, given: readonly (readonly [string, Constant])[], free: readonly string[]) {
  const inputs = graph.inputs.filter(({ name }) => free.includes(name));
  const constants = new Map([...graph.constants, ...given.filter(([name]) => !free.includes(name))]);
  const feeds = Object.fromEntries(given.filter(([name]) => free.includes(name)).map(([name, value]) => [name, besideKinks(value)]));
  const shapes = Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));
  return { special: specialise({ ...program, graph: { ...graph, inputs, constants } }, shapes), feeds };
}

/** The examples stand on kinks and ties: 0, several equal numbers. A little beside them there are none. */
function besideKinks({ element, dims, values }: Constant): Constant {
  const random = seededRandom(8, "beside kinks");
  return like(
    element,
    dims,
    Float64Array.from(values as Float64Array, (value) => value + 0.02 * random.normal()),
  );
}

/** Null where a shape hangs on an input that is no constant, such as the scales of Resize. */
function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (problemsOf(error).length > 0) return null;
    throw error;
  }
}

interface Made {
  readonly program: Specialised;
  readonly outputs: readonly string[];
  readonly wrt: readonly string[];
}

const seedOf = (output: string) => `seed of ${output}`;
const slopeOf = (input: string) => `slope by ${input}`;

/** By each input on its own: several may have none. The diagnosis when none has one. */
function gradientsOf(plain: Specialised, outputs: readonly string[], wrt: readonly string[]): Made | string {
  const draft = new Draft(plain);
  const shown = new Map(outputs.map((name) => [name, name]));
  const found: string[] = [];
  let why = "";
  const seeds = outputs.map((of) => ({ of, seed: draft.input(seedOf(of), draft.known(of)) }));
  for (const input of wrt)
    try {
      const each = seeds.flatMap(({ of, seed }) => backpropagate(draft, { of, seed, wrt: [input], file: "model.onnx" }));
      const parts = each.filter((gradient) => typeof gradient === "string");
      if (parts.length === 0) throw each[0];
      shown.set(slopeOf(input), parts.reduce((sum, part) => draft.add("Add", [sum, part]))); // biome-ignore format: one call
      found.push(input);
    } catch (error) {
      const [problem] = problemsOf(error);
      if (problem === undefined) throw error;
      why = `${problem.code} ${problem.message}`;
    }
  return found.length === 0 ? why : { program: draft.finish(shown), outputs, wrt: found };
}

/** Along three directions, at two steps: where both differences agree, the slope must be theirs. */
async function compared(session: Session, { program, outputs, wrt }: Made, feeds: Feeds): Promise<Verdict> {
  const random = seededRandom(7, "node tests");
  const seeds = Object.fromEntries(
    outputs.map((name) => [seedOf(name), normals(program.known.get(name)?.dims ?? [], program.known.get(name)?.element, random)]),
  );
  const run = (moved: Feeds) => session.run({ ...feeds, ...moved, ...seeds });
  const [slopes, again] = [await run({}), await run({})];
  if (!outputs.every((name) => isNear(slopes[name], again[name]))) return { kind: "unseen", why: "it draws random numbers" };
  let isSeen = false;
  for (let direction = 0; direction < 3; direction++) {
    const along = wrt.map((name) => normals(feeds[name]?.dims ?? [], feeds[name]?.element, random));
    const size = Math.sqrt(wrt.reduce((sum, name) => sum + dot(slopes[slopeOf(name)], slopes[slopeOf(name)]), 0)) + 1e-3;
    /** How the weighed outputs change, and how they should by the slope: by what each number moved after rounding. */
    const changes = async (step: number) => {
      const [to, from] = [movedBy(feeds, wrt, along, step), movedBy(feeds, wrt, along, -step)];
      const [after, before] = [await run(to), await run(from)];
      const change = outputs.reduce((sum, name) => sum + dot(after[name], seeds[seedOf(name)]) - dot(before[name], seeds[seedOf(name)]), 0);
      const expected = wrt.reduce((sum, name) => sum + dot(slopes[slopeOf(name)], to[name]) - dot(slopes[slopeOf(name)], from[name]), 0);
      return [change, expected].map((value) => value / (2 * step * size));
    };
    const [[near = 0, slope = 0], [far = 0, farSlope = 0]] = [await changes(5e-4), await changes(1e-3)] as const;
    if (!(Math.abs(near - slope - far + farSlope) <= 0.01)) continue;
    isSeen = true;
    if (!(Math.abs(near - slope) <= 0.03)) return { kind: "wrong", why: `in units of its norm, slope ${slope}, difference ${near}` };
  }
  return isSeen ? { kind: "right" } : { kind: "unseen", why: "differences hang on the step" };
}

const sizeOf = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);

function like(element: Constant["element"] | undefined, dims: readonly number[], values: Float64Array): Constant {
  return element === "float64" ? constant("float64", dims, values) : constant("float32", dims, Float32Array.from(values));
}

const normals = (dims: readonly number[], element: Constant["element"] | undefined, random: Random) =>
  like(
    element,
    dims,
    Float64Array.from({ length: sizeOf(dims) }, () => random.normal()),
  );

const movedBy = (feeds: Feeds, wrt: readonly string[], along: readonly Constant[], step: number): Feeds =>
  Object.fromEntries(
    wrt.map((name, at) => {
      const [from, to] = [feeds[name] as Constant, along[at] as Constant];
      return [
        name,
        like(
          from.element,
          from.dims,
          Float64Array.from(from.values as Float64Array, (value, place) => value + step * Number(to.values[place])),
        ),
      ];
    }),
  );

const dot = (a: Constant | undefined, b: Constant | undefined) =>
  Array.from(a?.values as Float64Array).reduce((sum, value, at) => sum + value * Number(b?.values[at]), 0);
