/** Our side: the standard ensemble on the ONNX file, judged by the same file opened afresh, in the isolated child that attacks run in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { autoAttack, type Norm, openVictim, type Points, strike } from "../../src/attacks/index.ts";
import { seededRandom } from "../../src/base/index.ts";

export interface Question {
  readonly name: string;
  readonly scratch: string;
  readonly rows: number;
  readonly threads: number;
}

export interface Attacked extends Question {
  readonly norm: Norm;
  readonly eps: number;
  readonly seed: number;
}

const width = 784;
const bytesOf = (path: string) => new Uint8Array(readFileSync(path)).buffer;
const modelOf = (name: string) => fileURLToPath(new URL(`../../vectors/attacks/${name}.onnx`, import.meta.url));

function given({ scratch, rows }: Question): { readonly points: Points; readonly labels: Int32Array } {
  const values = new Float32Array(bytesOf(join(scratch, "points.float32"))).subarray(0, rows * width);
  return { points: { rows, width, values }, labels: new Int32Array(bytesOf(join(scratch, "labels.int32"))).subarray(0, rows) };
}

/** How far our logits lie from those that the peer wrote, at most. */
export async function apart(question: Question): Promise<number> {
  await using victim = await openVictim(modelOf(question.name), { range: [0, 1], threads: question.threads });
  const ours = await victim.scores!(given(question).points);
  const theirs = new Float32Array(bytesOf(join(question.scratch, `${question.name}.logits.float32`)));
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return ours.reduce((most, each, at) => Math.max(most, Math.abs(each - theirs[at]!)), 0);
}

/** 1 for each point that stands, and the seconds from an open model to the judged answer. */
export async function attack(question: Attacked): Promise<{ readonly robust: readonly number[]; readonly seconds: number }> {
  const { name, threads, norm, eps, seed } = question;
  const { points, labels } = given(question);
  await using victim = await openVictim(modelOf(name), { range: [0, 1], threads });
  await using judge = await openVictim(modelOf(name), { range: [0, 1], threads });
  const start = performance.now();
  const goal = { norm, eps, queries: Number.POSITIVE_INFINITY, random: seededRandom(seed, "robust-accuracy") };
  const { fooled } = await strike(autoAttack("standard"), { victim, judge }, points, labels, goal);
  return { robust: Array.from(fooled, (each) => 1 - each), seconds: (performance.now() - start) / 1000 };
}
