/** Our side, in the isolated child that models run in when the product runs them. */
import { writeFileSync } from "node:fs";
import type { Norm } from "../../src/attacks/evasion/attack.ts";
import { square } from "../../src/attacks/evasion/scores/square.ts";
import { strike } from "../../src/attacks/evasion/strike.ts";
import { seededRandom } from "../../src/base/index.ts";
import { type Fashion, openFashion } from "../lib/fashion.ts";

let opened: Fashion | undefined;

/** Opens the net and writes the pictures for the peers; what the net answers at each. */
export async function open({ rows, points, scratch }: { rows: number; points: string; scratch: string }): Promise<readonly number[]> {
  opened = await openFashion(rows, scratch);
  writeFileSync(points, opened.points.values);
  return [...opened.labels];
}

/** For each picture, 1 where the net still answers as before. */
export async function attack({ norm, eps, queries }: { norm: Norm; eps: number; queries: number }): Promise<readonly number[]> {
  if (opened === undefined) throw new Error("nothing is open");
  const { victim, points, labels } = opened;
  const { fooled, invalid } = await strike(square(), { victim, judge: victim }, points, labels, {
    norm,
    eps,
    queries,
    random: seededRandom(1),
  });
  if (invalid > 0) throw new Error(`${invalid} proposals keep to no bound`);
  return Array.from(fooled, (each) => 1 - each);
}
