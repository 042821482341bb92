import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { constant, openSession, readModel, readProgram } from "../../../onnx/index.ts";
import { anywhere } from "./boxes.ts";
import { nearestOther } from "./exact.ts";
import { readEnsemble, treeNodesOf } from "./read-ensemble.ts";
import { leavesOf, nearestByLeaves } from "./search.ts";

interface Vector {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** Exact in Linf, from the mixed-integer program (see fixtures/attacks/make_trees.py). */
  readonly distances: readonly number[];
  readonly others: readonly (readonly number[])[];
}

const folder = join(import.meta.dirname, "../../../../vectors/attacks");
const names = ["trees-forest-two", "trees-forest-three", "trees-boosting-two", "trees-boosting-three"];

async function opened(name: string) {
  const path = join(folder, `${name}.onnx`);
  const program = await readProgram(await readModel(path, { root: folder }));
  const [node] = treeNodesOf(program);
  if (node === undefined) throw new Error("there are no trees");
  const vector = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Vector;
  return { path, ensemble: readEnsemble(node, path), vector: { ...vector, rows: vector.rows.map((row) => Float32Array.from(row)) } };
}

/** The labels of onnxruntime. */
async function judged(path: string, rows: readonly ArrayLike<number>[]): Promise<number[]> {
  const session = await openSession(readFileSync(path), { threads: 1 });
  try {
    const x = constant("float32", [rows.length, rows[0]!.length], Float32Array.from(rows.flatMap((row) => Array.from(row))));
    const answers = await session.run({ X: x });
    return Array.from(Object.values(answers).find(({ element }) => element === "int64")?.values as BigInt64Array, Number);
  } finally {
    await session.release();
  }
}

it.each(names)("%s: the exact distance is that of the mixed-integer program, and onnxruntime errs there", async (name) => {
  const { path, ensemble, vector } = await opened(name);
  const { rows, labels } = vector;
  const width = rows[0]!.length;
  expect(await judged(path, rows)).toEqual(labels);
  const found = rows.map((row, at) => nearestOther(ensemble, row, labels[at]!, "linf", anywhere(width)));
  for (const [at, { distance }] of found.entries()) expect(distance).toBeCloseTo(vector.distances[at]!, 6);
  const nearest = found.map(({ row }) => row ?? []);
  for (const [at, answer] of (await judged(path, nearest)).entries()) expect(answer).not.toBe(labels[at]);
});

it.each(names)("%s: the search through leaves mostly reaches the exact distance, and nothing is found inside it", async (name) => {
  const { path, ensemble, vector } = await opened(name);
  const { rows, labels, distances, others } = vector;
  const leaves = leavesOf(ensemble, anywhere(rows[0]!.length));
  const random = seededRandom(1, name);
  const starts = others.map((other) => Float64Array.from(other, Math.fround));
  const inside: Float32Array[] = [];
  let reached = 0;
  for (const [at, row] of rows.entries()) {
    const found = nearestByLeaves(leaves, starts, { row, label: labels[at]!, norm: "linf", random: random.fork(String(at)) });
    const far = Math.max(...found!.map((value, feature) => Math.abs(value - row[feature]!)));
    expect(far).toBeGreaterThanOrEqual(distances[at]! - 1e-6);
    if (far <= distances[at]! + 1e-6) reached++;
    for (let draw = 0; draw < 40; draw++)
      inside.push(row.map((value) => value + (random.uniform() < 0.5 ? -1 : 1) * distances[at]! * (1 - 1e-5)));
  }
  expect(reached).toBeGreaterThan(rows.length / 2);
  for (const [at, answer] of (await judged(path, inside)).entries()) expect(answer).toBe(labels[Math.floor(at / 40)]);
});
