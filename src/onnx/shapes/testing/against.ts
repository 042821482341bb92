import { problemsOf } from "../../../base/index.ts";
import type { Constant, Known, PortType, Program, Specialised } from "../../program.ts";
import { openSession } from "../../session.ts";
import { writeProgram } from "../../write-program.ts";
import { specialise } from "../specialise.ts";

/** What came of holding a program's inferred values against those that onnxruntime computes. */
export type Held =
  /** All that could be seen is as inferred: so many values, so many of them folded. */
  | { readonly kind: "right"; readonly seen: number; readonly folded: number }
  | { readonly kind: "wrong"; readonly wrong: readonly string[] }
  /** Inferred, but onnxruntime does not run the program. */
  | { readonly kind: "unseen"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

type Feeds = Readonly<Record<string, Constant>>;

export const text = ({ element, dims }: Known) => `${element}[${dims}]`;

/** The program for inputs of these shapes, or why there is none. */
export function inferred(program: Program, feeds: Feeds): Specialised | string {
  try {
    return specialise(program, Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims])));
  } catch (error) {
    return said(error);
  }
}

/**
 * Specialises the program for these inputs, then runs it as it was with every value as an output, and as it became. Types and shapes must be the
 * inferred ones, folded values and the answers the same. Throws Problem when onnxruntime does not run the program as it was.
 */
export async function hold(program: Program, feeds: Feeds): Promise<Held> {
  const special = inferred(program, feeds);
  if (typeof special === "string") return { kind: "unknown", why: special };
  if (Object.values(feeds).some((feed) => !enters(feed))) return { kind: "unseen", why: "an input does not cross" };
  const visible = program.graph.nodes.flatMap(({ outputs }) => outputs.flatMap((name) => portOf(name, special.known.get(name))));
  const asked = program.graph.outputs.filter(({ name }) => visible.some((port) => port.name === name));
  if (visible.length === 0) return { kind: "unseen", why: "none of its values crosses" };
  const seen = await run({ ...program, graph: { ...program.graph, outputs: visible } }, feeds);
  const wrong = visible.flatMap(({ name }) => differences(name, special.known.get(name), seen[name]));
  const after = { ...special, graph: { ...special.graph, outputs: special.graph.outputs.filter(({ name }) => name in seen) } };
  const within = visible.some(({ element }) => element === "float16") ? 5e-3 : 1e-5;
  const answers = after.graph.outputs.length === 0 ? {} : await attempted(() => run(after, feeds));
  const changed = typeof answers === "string" ? [answers] : asked.flatMap(({ name }) => changes(name, seen[name], answers[name], within));
  const folded = visible.filter(({ name }) => special.known.get(name)?.constant !== undefined).length;
  return [...wrong, ...changed].length > 0
    ? { kind: "wrong", wrong: [...wrong, ...changed] }
    : { kind: "right", seen: visible.length, folded };
}

/** Whether onnxruntime-node gives the type; of these it takes all but float16. */
const crosses = ({ element }: Known) => element !== "opaque" && element !== "bfloat16";
const enters = (value: Known) => crosses(value) && value.element !== "float16";

const portOf = (name: string, known: Known | undefined): PortType[] =>
  name === "" || known === undefined || !crosses(known) ? [] : [{ name, element: known.element, dims: null, proto: undefined }];

/** What it gives, or what the Problem that it throws says. */
export const attempted = <T>(make: () => Promise<T>): Promise<T | string> => make().catch(said);

function said(error: unknown): string {
  const [problem] = problemsOf(error);
  if (problem === undefined) throw error;
  return `${problem.code} ${problem.message}`;
}

async function run(program: Program, feeds: Feeds): Promise<Feeds> {
  const session = await openSession(writeProgram(program), { threads: 1 });
  try {
    const given = Object.fromEntries(program.graph.inputs.flatMap(({ name }) => (feeds[name] ? [[name, feeds[name]]] : [])));
    return await session.run(given);
  } finally {
    await session.release();
  }
}

/** Half floats as the numbers that their bits are. */
function list({ element, values }: Constant): unknown[] {
  const isHalf = element === "float16" && values instanceof Uint16Array;
  return Array.from((isHalf ? new Float16Array(values.buffer, values.byteOffset, values.length) : values) as ArrayLike<unknown>);
}

function differences(name: string, known: Known | undefined, seen: Constant | undefined): string[] {
  if (known === undefined || seen === undefined) return [`${name} is not there`];
  if (text(known) !== text(seen)) return [`${name} is ${text(seen)}, inferred as ${text(known)}`];
  if (known.constant === undefined) return [];
  const [folded, computed] = [list(known.constant), list(seen)];
  const at = folded.findIndex((value, index) => !Object.is(value, computed[index]));
  return at < 0 ? [] : [`${name}[${at}] is ${computed[at]}, folded as ${folded[at]}`];
}

function changes(name: string, before: Constant | undefined, after: Constant | undefined, within: number): string[] {
  if (before === undefined || after === undefined) return [`the answer ${name} is not there`];
  if (text(before) !== text(after)) return [`the answer ${name} was ${text(before)}, became ${text(after)}`];
  const [old, fresh] = [list(before), list(after)];
  const at = old.findIndex((value, index) => !isNear(value, fresh[index], within));
  return at < 0 ? [] : [`the answer ${name}[${at}] was ${old[at]}, became ${fresh[at]}`];
}

function isNear(a: unknown, b: unknown, within: number): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= within * Math.max(1, Math.abs(a));
}
