/** Our side, in the isolated child that models run in when the product runs them. */
import { writeFileSync } from "node:fs";
import type { Attack } from "../../src/attacks/evasion/attack.ts";
import { hopSkipJump } from "../../src/attacks/evasion/labels/hopskipjump.ts";
import { strike } from "../../src/attacks/evasion/strike.ts";
import { seededRandom } from "../../src/base/index.ts";
import { openFashion } from "../lib/fashion.ts";

export interface Traced {
  readonly labels: readonly number[];
  /** Of each picture the distance at each mark. */
  readonly traces: readonly (readonly number[])[];
  /** Rows that were asked in all. */
  readonly asked: number;
}

/** Attacks the first pictures, and writes them for the peers. Throws where a fresh forward pass finds other distances than the attack's own count ends with. */
export async function attack({
  rows,
  marks,
  points: file,
  scratch,
}: {
  rows: number;
  marks: readonly number[];
  points: string;
  scratch: string;
}): Promise<Traced> {
  const { victim, points, labels } = await openFashion(rows, scratch);
  writeFileSync(file, points.values);
  let trace = new Float64Array();
  let asked = 0;
  const counted = {
    ...victim,
    labels: (given: typeof points) => {
      asked += given.rows;
      return victim.labels(given);
    },
  };
  const plain = hopSkipJump();
  const noting: Attack = {
    ...plain,
    async propose(...given) {
      const proposed = await plain.propose(...given);
      trace = Float64Array.from(proposed.trace ?? []);
      return proposed;
    },
  };
  const goal = { norm: "l2", eps: null, queries: marks.at(-1) ?? 0, marks, random: seededRandom(1) } as const;
  const { distances, invalid } = await strike(noting, { victim: counted, judge: victim }, points, labels, goal);
  const traces = Array.from({ length: rows }, (_, row) => marks.map((_, mark) => trace[mark * rows + row] ?? Number.NaN));
  if (invalid > 0 || distances.some((far, row) => Math.abs(far - (traces[row]?.at(-1) ?? Number.NaN)) > 1e-6 * far))
    throw new Error("the attack counts what a fresh forward pass does not find");
  return { labels: [...labels], traces, asked };
}
