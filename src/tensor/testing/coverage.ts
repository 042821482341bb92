import { expect } from "vitest";
import { type Random, seededRandom } from "../../base/index.ts";
import { clopperPearson, type Interval } from "../index.ts";

/**
 * Draws `draws` samples and counts how often the interval holds the truth. Fails when that share lies below `least` beyond what chance explains (an exact 99.9 % limit); gives the
 * share.
 */
export function expectCoverage(least: number, draws: number, label: string, covers: (random: Random) => boolean): number {
  let covered = 0;
  for (let draw = 0; draw < draws; draw++) if (covers(seededRandom(draw, label))) covered++;
  expect(clopperPearson(covered, draws, 0.998)?.high, `${covered} of ${draws} hold the truth`).toBeGreaterThanOrEqual(least);
  return covered / draws;
}

export const holds = (interval: Interval | null, truth: number) =>
  interval !== null && interval.low <= truth + 1e-12 && truth - 1e-12 <= interval.high;
