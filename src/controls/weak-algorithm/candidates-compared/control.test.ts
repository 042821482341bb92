import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { Candidate, Candidates } from "../../needs/candidates.ts";
import type { Reply } from "../../needs/questions.ts";
import { frontsOf } from "../../shared/candidates/front.ts";
import { testControl } from "../../testing/test-control.ts";
import { candidatesCompared } from "./control.ts";

const classes = ["no", "yes"];

interface Made {
  readonly right: number;
  readonly ms: number;
  readonly bytes: number;
  readonly perSecond: number;
}

/** A candidate that is right on a given share of the rows, at random. */
function candidate(id: string, is: Candidate["is"], { right, ms, bytes, perSecond }: Made, truth: Int32Array, random: Random): Candidate {
  const answers = truth.map((label) => (random.uniform() < right ? label : 1 - label));
  const timesMs = Float64Array.from({ length: 500 }, () => ms * (1 + random.uniform() / 100));
  return {
    id,
    is,
    answers: { rows: truth.length, classes, truth, answers, probabilities: null },
    training: null,
    latency: { timesMs, batches: [{ rows: 64, rowsPerSecond: perSecond }] },
    sizeBytes: bytes,
    memoryBytes: 2 * bytes,
    corrupted: null,
  };
}

function compared(chosen: Made, others: readonly Made[], { rows = 2000, random = seededRandom(1, "compared") } = {}): Candidates {
  const truth = Int32Array.from({ length: rows }, () => random.integer(2));
  const made = others.map((other, at) => candidate(`other-${at}`, "candidate", other, truth, random));
  return { split: "evaluation", groups: [], candidates: [candidate("ours", "chosen", chosen, truth, random), ...made] };
}

const ours: Made = { right: 0.8, ms: 10, bytes: 1000, perSecond: 1000 };
const better: Made = { right: 0.9, ms: 5, bytes: 500, perSecond: 2000 };
const needs = (given: Candidates, random = seededRandom(7, "control")) => ({
  compared: given,
  success: { metric: "accuracy" as const, favourable: null },
  random,
  replicates: 300,
});

/** The first of the others answers labels alone, where success is a matter of scores. */
function without({ compared: given, ...rest }: ReturnType<typeof needs>) {
  const scores = ({ answers: { answers } }: Candidate) =>
    Float64Array.from({ length: 2 * answers.length }, (_, at) => (answers[at >> 1] === at % 2 ? 0.9 : 0.1));
  const candidates = given.candidates.map((each) =>
    each.id === "other-0" ? each : { ...each, answers: { ...each.answers, probabilities: scores(each) } },
  );
  return { ...rest, compared: { ...given, candidates }, success: { metric: "log-loss" as const, favourable: null } };
}

testControl(candidatesCompared, {
  met: [
    { called: "the other is less accurate", ...needs(compared(ours, [{ ...better, right: 0.7 }])), reason: /other-0 is worse in accuracy/ },
    { called: "the other is larger", ...needs(compared(ours, [{ ...better, bytes: 1001 }])), reason: /other-0 is worse in size/ },
    { called: "the other is slower", ...needs(compared(ours, [{ ...better, ms: 12 }])), reason: /other-0 is worse in latency/ },
    { called: "the other costs more", ...needs(compared(ours, [{ ...better, perSecond: 800 }])), reason: /other-0 is worse in cost/ },
  ],
  unmet: [
    {
      called: "one is better in everything",
      ...needs(compared(ours, [{ ...better, right: 0.7 }, better])),
      reason: /^other-1 is better than ours in accuracy, latency, size and cost$/,
    },
    {
      called: "one of the same size is better in everything else",
      ...needs(compared(ours, [{ ...better, bytes: ours.bytes }])),
      reason: /^other-0 is better than ours in accuracy, latency and cost, and the same in size$/,
    },
  ],
  undecided: [
    {
      called: "accuracy is not told apart",
      ...needs(compared(ours, [{ ...better, right: 0.8 }], { rows: 200 })),
      reason: /open: accuracy/,
    },
    { called: "cost differs by less than the noise", ...needs(compared(ours, [{ ...better, perSecond: 1050 }])), reason: /open: cost/ },
    {
      called: "latency differs by less than the noise, however narrow its interval",
      ...needs(compared(ours, [{ ...better, ms: 9.5 }])),
      reason: /open: latency$/,
    },
    {
      called: "one whose success is not known, beside one that is worse",
      ...without(needs(compared(ours, [better, { ...better, right: 0.7 }]))),
      reason: /^whether other-0 .* open: log loss$/,
    },
    { called: "times lie in each other", ...needs(compared({ ...ours, ms: 10 }, [{ ...better, ms: 10 }])), reason: /open: .*latency/ },
  ],
  inapplicable: [{ called: "nothing but the chosen one", ...needs(compared(ours, [])), reason: /no candidate/ }],
  planted: {
    effect: (random) =>
      needs(compared({ ...ours, right: 0.8 }, [{ ...better, right: 0.88 }], { rows: 1000, random: random.fork("rows") }), random),
    null: (random) =>
      needs(compared({ ...ours, right: 0.8 }, [{ ...better, right: 0.8 }], { rows: 1000, random: random.fork("rows") }), random),
    found: 0.95,
    falseAlarms: 0.025,
  },
});

describe("the comparison", () => {
  it("shows each candidate's own share of right answers, counted one by one", async () => {
    const given = compared(ours, [better]);
    const { measures } = await candidatesCompared.measure(needs(given));
    for (const { id, answers } of given.candidates) {
      let right = 0;
      for (let row = 0; row < answers.rows; row++) if (answers.truth[row] === answers.answers[row]) right++;
      expect(measures.find(({ name, of }) => name === "accuracy" && of?.candidate === id)?.value).toBe(right / answers.rows);
    }
  });

  it("takes the loss under corruption over those kinds that all answer: to refuse the worst is no advantage", async () => {
    const given = compared(ours, [ours]);
    const corrupted = (answers: Candidate["answers"], refuses: boolean): Candidate["corrupted"] => {
      const steps = (reply: Reply) => [1, 2, 3, 4, 5].map((amount) => ({ amount, reply }));
      const wrong = { answers: answers.truth.map((label) => 1 - label), probabilities: null };
      const kinds = [
        { name: "mild", of: "", steps: steps({ answers: answers.answers, probabilities: null }) },
        { name: "harsh", of: "", steps: steps(refuses ? { refused: "MODEL_INPUT_INVALID" } : wrong) },
      ];
      return { clean: answers, kinds, questions: 1 };
    };
    const candidates = given.candidates.map((each, at) => ({ ...each, corrupted: corrupted(each.answers, at === 0) }));
    const { measures } = await candidatesCompared.measure(needs({ ...given, candidates }));
    const losses = measures.filter(({ name }) => name === "corruption-loss");
    expect(losses.map(({ value, of }) => [of?.candidate, value, of?.kinds])).toEqual([
      ["ours", 0, 1],
      ["other-0", 0, 1],
    ]);
  });

  it("joins on the front exactly those that no other beats, by brute force", () => {
    const random = seededRandom(3, "front");
    for (let round = 0; round < 50; round++) {
      const points = Array.from({ length: 8 }, (_, at) => ({ id: `m${at}`, x: random.integer(5), y: random.integer(5) / 10 }));
      const columns = points.flatMap(({ id, x, y }) => [
        { name: "accuracy", value: y, unit: "share" as const, of: { candidate: id } },
        { name: "size", value: x, unit: "bytes" as const, of: { candidate: id } },
      ]);
      const [front] = frontsOf(columns, "accuracy");
      const beaten = (at: number) =>
        points.some(({ x, y }) => x <= points[at]!.x && y >= points[at]!.y && (x < points[at]!.x || y > points[at]!.y));
      expect([...(front?.front ?? [])].sort((a, b) => a - b)).toEqual([...points.keys()].filter((at) => !beaten(at)));
    }
  });
});
