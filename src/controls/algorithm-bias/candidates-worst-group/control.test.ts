import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import type { Candidate, Candidates } from "../../needs/candidates.ts";
import { worstGroupGains } from "../../shared/candidates/worst-group.ts";
import { testControl } from "../../testing/test-control.ts";
import { candidatesWorstGroup } from "./control.ts";

const classes = ["no", "yes"];
const groups = ["f", "m"];

/** Right on these shares of the two groups' rows, at random. */
function candidate(
  id: string,
  is: Candidate["is"],
  right: readonly [number, number],
  truth: Int32Array,
  members: Int32Array,
  random: Random,
): Candidate {
  const answers = truth.map((label, row) => (random.uniform() < right[members[row]!]! ? label : 1 - label));
  return {
    id,
    is,
    answers: { rows: truth.length, classes, truth, answers, probabilities: null },
    training: null,
    latency: null,
    sizeBytes: null,
    memoryBytes: null,
    corrupted: null,
  };
}

type Shares = readonly [number, number];

function needs(chosen: Shares, others: readonly Shares[], { rows = 4000, random = seededRandom(1, "groups"), grouped = true } = {}) {
  const truth = Int32Array.from({ length: rows }, () => random.integer(2));
  const members = Int32Array.from({ length: rows }, () => Number(random.uniform() < 0.7));
  const candidates = [
    candidate("ours", "chosen", chosen, truth, members, random),
    ...others.map((right, at) => candidate(`other-${at}`, "candidate", right, truth, members, random)),
  ];
  const compared: Candidates = { split: "evaluation", candidates, groups: grouped ? [{ column: "sex", groups, members }] : [] };
  return { compared, success: { metric: "accuracy" as const, favourable: null }, random: random.fork("control"), replicates: 300 };
}

/** Two models that answer all rows right. */
const alike = (rows: number) => needs([1, 1], [[1, 1]], { rows });

/** Success is a matter of scores, which the candidate does not give. */
const scored = ({ compared, ...rest }: ReturnType<typeof needs>) => ({
  ...rest,
  compared: {
    ...compared,
    candidates: compared.candidates.map((each) =>
      each.is === "candidate"
        ? each
        : { ...each, answers: { ...each.answers, probabilities: new Float64Array(2 * each.answers.rows).fill(0.5) } },
    ),
  },
  success: { metric: "log-loss" as const, favourable: null },
  policy: { target: 0.9 },
});

testControl(candidatesWorstGroup, {
  policy: { target: 0.7 },
  met: [
    { called: "the others err as much in their worst group", ...needs([0.8, 0.9], [[0.7, 0.95]]), reason: /errs no less/ },
    {
      called: "the better one does not reach the measure of success",
      ...needs([0.75, 0.99], [[0.85, 0.85]]),
      policy: { target: 0.9 },
      reason: /no other candidate reaches/,
    },
  ],
  unmet: [
    { called: "another errs less there", ...needs([0.7, 0.95], [[0.8, 0.95]]), reason: /other-0 errs less than the chosen model by/ },
  ],
  undecided: [
    { called: "too few rows", ...needs([0.75, 0.95], [[0.8, 0.95]], { rows: 300 }) },
    { called: "a hundred rows that both answer alike", ...alike(100), reason: /too wide to tell/ },
    { called: "groups too small to compare", ...needs([0.8, 0.9], [[0.9, 0.9]], { rows: 70 }), reason: /fewer than two groups .* 30/ },
    {
      called: "a candidate of which the measure of success is not known",
      ...scored(needs([0.8, 0.9], [[0.9, 0.9]])),
      reason: /whether other-0 reaches the measure of success is not known/,
    },
  ],
  inapplicable: [
    { called: "no groups", ...needs([0.8, 0.8], [[0.9, 0.9]], { grouped: false }), reason: /^no sensitive column is declared$/ },
    { called: "no other candidate", ...needs([0.8, 0.8], []), reason: /no candidate beside/ },
  ],
  planted: {
    effect: (random) => needs([0.7, 0.9], [[0.8, 0.9]], { random }),
    null: (random) => needs([0.78, 0.9], [[0.8, 0.9]], { random }),
    found: 0.95,
    falseAlarms: 0.025,
  },
});

describe("the gain of the worst group", () => {
  const many = 8;
  const shareOf = (worst: number, rest: number) => Array.from({ length: many }, (_, group) => (group === 0 ? worst : rest));
  it.each([
    ["where all groups of the chosen model err alike", shareOf(0.22, 0.22), shareOf(0.2, 0.05)],
    ["where all groups of the candidate err alike", shareOf(0.22, 0.05), shareOf(0.2, 0.2)],
    ["where all of both do", shareOf(0.22, 0.22), shareOf(0.2, 0.2)],
  ])("is held by its interval 95 times in 100 %s", (_, chosen, other) => {
    let missed = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed, "alike");
      const truth = new Int32Array(100 * many);
      const members = Int32Array.from(truth, (_, row) => row % many);
      const right = (wrong: readonly number[]) => wrong.map((each) => 1 - each) as unknown as Shares;
      const candidates = [
        candidate("ours", "chosen", right(chosen), truth, members, random),
        candidate("other", "candidate", right(other), truth, members, random),
      ];
      const names = Array.from({ length: many }, (_, at) => `group ${at}`);
      const [gain] = worstGroupGains({ split: "test", candidates, groups: [{ column: "place", groups: names, members }] }, "accuracy");
      if ((gain?.low ?? 1) > 0.02 || (gain?.high ?? -1) < 0.02) missed++;
    }
    expect(clopperPearson(missed, 100, 0.99)?.low, `${missed} of 100 missed`).toBeLessThanOrEqual(0.05);
  });

  it("is the difference of the largest shares of wrong answers, counted one by one", async () => {
    const given = needs([0.7, 0.9], [[0.8, 0.85]]);
    const { measures } = await candidatesWorstGroup.measure(given);
    const [{ members } = { members: new Int32Array() }] = given.compared.groups;
    const worst = ({ answers: { truth, answers } }: Candidate) =>
      Math.max(
        ...[0, 1].map((group) => {
          const rows = [...members.keys()].filter((row) => members[row] === group);
          return rows.filter((row) => truth[row] !== answers[row]).length / rows.length;
        }),
      );
    const [chosen, other] = given.compared.candidates;
    expect(measures.find(({ name }) => name === "worst-group-gain")?.value).toBeCloseTo(worst(chosen!) - worst(other!), 12);
    expect(measures.find(({ name, of }) => name === "worst-group-error" && of?.candidate === "ours")?.value).toBeCloseTo(
      worst(chosen!),
      12,
    );
  });
});
