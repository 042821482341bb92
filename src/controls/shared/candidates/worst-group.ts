import { clopperPearson, type Interval, matchedDifference } from "../../../tensor/index.ts";
import type { Measure } from "../../measured.ts";
import type { Candidate, Candidates } from "../../needs/candidates.ts";
import type { Grouping } from "../../needs/groups.ts";
import { leastInGroup, populationOf } from "./measure.ts";

/** By how much the error of the worst group falls from the chosen model to each candidate, whichever group is the worst of each; intervals hold for all candidates at once (Bonferroni). */
export function worstGroupGains({ candidates, groups, split }: Candidates, metric: string): Measure[] {
  const [chosen, ...all] = candidates;
  const others = all.filter(({ is }) => is === "candidate");
  if (chosen === undefined) return [];
  return others.flatMap((candidate): Measure[] => {
    const both = groups.flatMap((grouping) => bothIn(grouping, chosen.answers, candidate.answers)).filter(({ n }) => n >= leastInGroup);
    if (both.length < 2) return [];
    const n = chosen.answers.truth.filter((label) => label >= 0).length;
    const confidence = 1 - (1 - joint) / (3 * both.length * others.length);
    const of = { candidate: candidate.id, metric };
    const population = populationOf({ split });
    return [{ name: "worst-group-gain", unit: "points", ...gainOf(both, confidence), confidence: joint, n, baseline: 0, population, of }];
  });
}

const joint = 0.95;

/** How many rows of one group each of two models answers wrong, and it alone. */
interface Both {
  n: number;
  first: number;
  second: number;
  firstAlone: number;
  secondAlone: number;
}

function bothIn({ groups, members }: Grouping, before: Candidate["answers"], after: Candidate["answers"]): Both[] {
  const counts = groups.map((): Both => ({ n: 0, first: 0, second: 0, firstAlone: 0, secondAlone: 0 }));
  for (const [row, at] of members.entries()) {
    const count = counts[at];
    const truth = before.truth[row]!;
    if (count === undefined || truth < 0) continue;
    const [first, second] = [Number(before.answers[row] !== truth), Number(after.answers[row] !== truth)];
    count.n += 1;
    count.first += first;
    count.second += second;
    if (first > second) count.firstAlone += 1;
    if (second > first) count.secondAlone += 1;
  }
  return counts;
}

/**
 * The largest of the first model's errors less the largest of the second's. Three intervals of each group at the level given: of either error (Clopper and Pearson 1934) and of their
 * paired difference (Agresti and Min 2005). Where all of them hold, so does this one, however many groups are alike, at which a bootstrap of the largest fails. Two bounds on each
 * side, of which the nearer counts: the gain is at least the difference in whichever group may be the second's worst, and at least the least that the first's worst can be less the most
 * that the second's can.
 */
function gainOf(both: readonly Both[], confidence: number): Pick<Interval, "value" | "low" | "high"> {
  const first = both.map(({ first: wrong, n }) => known(clopperPearson(wrong, n, confidence)));
  const second = both.map(({ second: wrong, n }) => known(clopperPearson(wrong, n, confidence)));
  const differences = both.map(({ firstAlone, secondAlone, n }) => known(matchedDifference(firstAlone, secondAlone, n, confidence)));
  const [most, others] = [largest(first), largest(second)];
  const where = (all: readonly Interval[], { low }: Bounds) => differences.filter((_, at) => all[at]!.high >= low);
  const value = most.value - others.value;
  const low = Math.max(most.low - others.high, Math.min(...where(second, others).map((each) => each.low)));
  const high = Math.min(most.high - others.low, Math.max(...where(first, most).map((each) => each.high)));
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

type Bounds = Pick<Interval, "value" | "low" | "high">;

const largest = (all: readonly Interval[]): Bounds => {
  const end = (which: "value" | "low" | "high") => Math.max(...all.map((each) => each[which]));
  return { value: end("value"), low: end("low"), high: end("high") };
};

function known(interval: Interval | null): Interval {
  if (interval === null) throw new Error("a group that is compared has rows");
  return interval;
}
