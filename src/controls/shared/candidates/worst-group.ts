import { bootstrapCounts, type Interval, jointCounts } from "../../../tensor/index.ts";
import type { Measure } from "../../measured.ts";
import type { Candidate, Candidates } from "../../needs/candidates.ts";
import type { Grouping } from "../../needs/groups.ts";
import { type Comparing, groupErrors, leastInGroup, populationOf } from "./measure.ts";

/**
 * By how much the error of the worst group falls from the chosen model to each candidate: the same rows are drawn again for both, and each draw has the worst group of its own,
 * so that the interval allows for having picked it. At the Bonferroni level of all candidates.
 */
export function worstGroupGains(
  { candidates, groups, split }: Candidates,
  { success: { metric }, random, replicates }: Comparing,
): Measure[] {
  const [chosen, ...all] = candidates;
  const others = all.filter(({ is }) => is === "candidate");
  if (chosen === undefined) return [];
  return others.flatMap((candidate): Measure[] => {
    const options = { random: random.fork(`worst group ${candidate.id}`), replicates, confidence: 1 - 0.05 / others.length };
    const found = gainOf(chosen.answers, candidate.answers, groups, options);
    if (found === null) return [];
    const { value, low, high, n } = found;
    const of = { candidate: candidate.id, metric };
    return [
      {
        name: "worst-group-gain",
        value,
        unit: "points",
        low,
        high,
        confidence: 0.95,
        n,
        baseline: 0,
        population: populationOf({ split }),
        of,
      },
    ];
  });
}

/** Rows that belong to the same groups and are answered alike are one cell: the drawing is of cells, however many rows there are. Null below two groups. */
function gainOf(
  before: Candidate["answers"],
  after: Candidate["answers"],
  groupings: readonly Grouping[],
  options: { random: Comparing["random"]; replicates: number; confidence: number },
): Interval | null {
  const { truth } = before;
  const rows = Int32Array.from(truth.keys()).filter((row) => truth[row]! >= 0);
  const wrong = (answers: Int32Array) => Int32Array.from(rows, (row) => Number(answers[row] !== truth[row]));
  const members = groupings.map((grouping) => Int32Array.from(rows, (row) => grouping.members[row]!));
  const { counts, codes } = jointCounts([wrong(before.answers), wrong(after.answers), ...members]);
  const [first, second, ...cells] = codes;
  const groups = groupings.flatMap((grouping, at) => cellsOf(grouping, cells[at], before));
  if (groups.length < 2 || first === undefined || second === undefined) return null;
  const worst = (drawn: Float64Array, isWrong: Int32Array) => Math.max(...groups.map((inside) => errorIn(drawn, isWrong, inside)));
  return bootstrapCounts(counts, (drawn) => worst(drawn, first) - worst(drawn, second), options);
}

/** The cells of each group that is large enough to be compared. */
function cellsOf(grouping: Grouping, members: Int32Array | undefined, answers: Candidate["answers"]): Int32Array[] {
  const large = groupErrors(answers, grouping).filter(({ n }) => n >= leastInGroup);
  return large.map(({ group }) => {
    const at = grouping.groups.indexOf(group);
    return Int32Array.from((members ?? new Int32Array()).keys()).filter((cell) => members?.[cell] === at);
  });
}

function errorIn(drawn: Float64Array, isWrong: Int32Array, cells: Int32Array): number {
  let [sum, weight] = [0, 0];
  for (const cell of cells) {
    sum += drawn[cell]! * isWrong[cell]!;
    weight += drawn[cell]!;
  }
  return weight === 0 ? 0 : sum / weight;
}
