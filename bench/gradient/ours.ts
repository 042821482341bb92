/** Our side: PGD-20 with loss, gradient and step in one graph, in the isolated child that attacks run in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Draft, lossGradient } from "../../src/autodiff/index.ts";
import { constant, openSession, readModel, readProgram, type Session, writeProgram } from "../../src/onnx/index.ts";

export interface Subject {
  readonly name: string;
  readonly scratch: string;
  readonly rows: number;
  readonly shape: readonly number[];
  readonly width: number;
  readonly eps: number;
  readonly threads: number;
}

const steps = 20;

let opened: { readonly session: Session; readonly subject: Subject; readonly x: Float32Array; readonly labels: BigInt64Array } | undefined;

const bytesOf = (subject: Subject, ending: string) =>
  new Uint8Array(readFileSync(join(subject.scratch, `${subject.name}.${ending}`))).buffer;

/** How far, in the median of the rows, our gradient lies from PyTorch's in float64, relative to its length. */
export async function open(subject: Subject): Promise<{ readonly apart: number }> {
  await opened?.session.release();
  const { name, scratch, rows, shape, width, eps, threads } = subject;
  const program = await readProgram(await readModel(join(scratch, `${name}.onnx`), { root: scratch }));
  const graph = lossGradient(program, { loss: "cross-entropy", batch: rows, wrt: ["x"] });
  const gradient = graph.gradients.x ?? "";
  const draft = new Draft(graph.program);
  const known = draft.known("x");
  const [low, high] = [draft.input("low", known), draft.input("high", known)];
  const moved = draft.add("Add", ["x", draft.add("Mul", [draft.add("Sign", [gradient]), draft.scalar(eps / 8, "x")])]);
  const next = draft.add("Min", [draft.add("Max", [moved, low]), high]);
  const whole = draft.finish(
    new Map([
      ["next", next],
      [gradient, gradient],
    ]),
  );
  const stepping = { ...whole, graph: { ...whole.graph, outputs: whole.graph.outputs.filter((output) => output.name === "next") } };
  const session = await openSession(writeProgram(stepping), { threads });
  const x = new Float32Array(bytesOf(subject, "x.float32"));
  const labels = new BigInt64Array(bytesOf(subject, "labels.int64"));
  opened = { session, subject, x, labels };
  const once = await openSession(writeProgram(graph.program), { threads });
  const answers = await once.run({ x: constant("float32", [rows, ...shape], x), [graph.labels]: constant("int64", [rows], labels) });
  await once.release();
  const found = answers[gradient]?.values as Float32Array;
  return { apart: medianApart(found, new Float64Array(bytesOf(subject, "gradient.float64")), rows, width) };
}

function medianApart(found: Float32Array, exact: Float64Array, rows: number, width: number): number {
  const apart = Array.from({ length: rows }, (_, row) => {
    let [gap, length] = [0, 0];
    for (let at = row * width; at < (row + 1) * width; at++) {
      gap += (found[at]! - exact[at]!) ** 2;
      length += exact[at]! ** 2;
    }
    return Math.sqrt(gap / length);
  });
  return apart.sort((a, b) => a - b)[rows >> 1]!;
}

/** Seconds of one attack. */
export async function round(_: null): Promise<number> {
  if (opened === undefined) throw new Error("nothing is open");
  const { session, subject, labels } = opened;
  const { rows, shape, eps } = subject;
  const dims = [rows, ...shape];
  const start = performance.now();
  const within = (sign: number) =>
    constant(
      "float32",
      dims,
      opened!.x.map((value) => Math.min(1, Math.max(0, value + sign * eps))),
    );
  const feeds = { low: within(-1), high: within(1), labels: constant("int64", [rows], labels) };
  let x = constant("float32", dims, opened.x);
  for (let step = 0; step < steps; step++) x = (await session.run({ ...feeds, x }, ["next"])).next!;
  return (performance.now() - start) / 1000;
}

/** Bytes of the process at its largest. */
export const memory = async (_: null): Promise<number> => process.resourceUsage().maxRSS * 1024;
