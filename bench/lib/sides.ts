import { join } from "node:path";
import { type Case, median } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { interleaved, largestDifference } from "./rounds.ts";

/** Our side of a comparison, once it is open. */
export interface OurSide {
  /** Seconds of one prediction of everything. */
  round(): Promise<number>;
  /** Writes the probabilities as float64, row by row. */
  answers(file: string): Promise<void>;
}

export interface Compared {
  readonly result: Case;
  /** Between the probabilities of both. */
  readonly gap: number;
  /** The seconds of each round, for the log. */
  readonly seconds: string;
}

/** Both sides on the same `rows`, opened and warm, round by round; first whether they answer the same. */
export async function compareSides(name: string, rows: number, ours: OurSide, peer: Peer, scratch: string): Promise<Compared> {
  for (let warm = 0; warm < 3; warm++) await ours.round();
  const own = join(scratch, `${name}.float64`);
  await ours.answers(own);
  const gap = largestDifference(own, await peer.ask<string>({ do: "answers", case: name }));
  const pairs = await interleaved(
    () => ours.round(),
    () => peer.ask<number>({ do: "round", case: name }),
  );
  const listed = (at: 0 | 1) => pairs.map((pair) => pair[at].toFixed(3)).join(" ");
  const speed = (at: 0 | 1) => Math.round(rows / median(pairs.map((pair) => pair[at])));
  const ratios = pairs.map(([mine, other]) => other / mine);
  const result = { name, ours: speed(0), peer: speed(1), ratio: speed(0) / speed(1), low: Math.min(...ratios), high: Math.max(...ratios) };
  return { result, gap, seconds: `  ours ${listed(0)} s; peer ${listed(1)} s` };
}
