import type { Points, Slopes, Victim } from "../attack.ts";
import { highest } from "../losses.ts";

/**
 * A victim with randomness as its mean over `draws` answers: scores, losses and gradients are averaged, the label is the mean score's highest, or without scores the
 * most frequent (expectation over transformation, Athalye et al. 2018). Each draw is asked and counted by itself.
 */
export function expected(victim: Victim, draws: number): Victim {
  if (!(Number.isInteger(draws) && draws > 0)) throw new RangeError("a mean is over one draw at least");
  const { scores, slopes, classes } = victim;
  const meanScores = scores && ((points: Points) => meanOf(draws, () => scores.call(victim, points)));
  return {
    ...victim,
    async labels(points) {
      if (meanScores === undefined) return mostFrequent(victim, points, draws);
      const mean = await meanScores(points);
      return Int32Array.from({ length: points.rows }, (_, row) => highest(mean, row, classes));
    },
    ...(meanScores && { scores: meanScores }),
    ...(slopes && {
      async slopes(...asked) {
        const drawn = () => slopes.apply(victim, asked);
        const { logits, losses, gradients } = await drawn();
        const mean: Slopes = { logits: logits.slice(), losses: losses.slice(), gradients: gradients.slice() };
        for (let draw = 1; draw < draws; draw++) {
          const next = await drawn();
          for (const part of ["logits", "losses", "gradients"] as const) towards(mean[part], next[part], draw + 1);
        }
        return mean;
      },
    }),
  };
}

async function meanOf(draws: number, ask: () => Promise<Float32Array>): Promise<Float32Array> {
  const mean = (await ask()).slice();
  for (let draw = 1; draw < draws; draw++) towards(mean, await ask(), draw + 1);
  return mean;
}

/** The mean of `count` values from that of one less. */
function towards(mean: Float32Array, next: Float32Array, count: number): void {
  for (let at = 0; at < mean.length; at++) mean[at]! += (next[at]! - mean[at]!) / count;
}

async function mostFrequent(victim: Victim, points: Points, draws: number): Promise<Int32Array> {
  const votes = new Float32Array(points.rows * victim.classes);
  for (let draw = 0; draw < draws; draw++) {
    const answers = await victim.labels(points);
    answers.forEach((answer, row) => {
      if (answer >= 0) votes[row * victim.classes + answer]!++;
    });
  }
  return Int32Array.from({ length: points.rows }, (_, row) => highest(votes, row, victim.classes));
}

/** What float32 sums may differ by between two runs, of the largest score. */
const rounding = 1e-4;

/** Whether the same points, asked `times` times, get other scores beyond rounding; without scores, other labels. */
export async function isRandomised(victim: Victim, points: Points, times = 3): Promise<boolean> {
  const ask = async (): Promise<Float32Array | Int32Array> => (await victim.scores?.(points)) ?? victim.labels(points);
  const first = await ask();
  const largest = Array.from(first).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const tolerance = victim.scores === undefined ? 0 : rounding * largest;
  for (let time = 1; time < times; time++) {
    const again = await ask();
    if (first.some((each, at) => Math.abs(each - again[at]!) > tolerance)) return true;
  }
  return false;
}
