import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { type Growing, type GrownAnswers, growingRecipe } from "../../needs/growing.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { enoughData } from "./control.ts";

interface Drawn {
  readonly n?: number;
  /** How often a model of all rows is right, and by how much less often those of half, a quarter and an eighth. */
  readonly right?: number;
  readonly less: readonly number[];
  /** How often the model's own answers are those of the stand-in. */
  readonly alike?: number;
  readonly ofTrainingRows?: number;
  readonly random?: Random;
}

/** What is hard for one model is hard for the others, but for some noise; and each of a size is right a little more or less often than the others: its training rows were drawn too. */
function on({ n = 3000, right = 0.85, less, alike = 0.95, ofTrainingRows = 8000, random = seededRandom(3) }: Drawn) {
  const truth = Int32Array.from({ length: n }, () => random.integer(2));
  const hard = Float64Array.from({ length: n }, () => random.uniform());
  const drawn = (share: number): GrownAnswers => {
    const answers = truth.map((label, row) => (hard[row]! + 0.03 * random.normal() < share ? label : 1 - label));
    const probabilities = Float64Array.from({ length: 2 * n }, (_, at) => (answers[at >> 1] === at % 2 ? 0.9 : 0.1));
    return { answers, probabilities };
  };
  const whole = drawn(right);
  const varying = () => 0.002 * random.normal();
  const sizes = less.map((by, at) => ({
    trainingRows: 8000 / 2 ** (at + 1),
    pairs: [0, 1].map(() => [drawn(right - by + varying()), drawn(right - by + varying())] as const),
  }));
  const growing: Growing = {
    rows: Int32Array.from({ length: n }, (_, row) => row),
    trainingRows: 8000,
    ofTrainingRows,
    learners: [{ name: "deep tree", whole, sizes }],
  };
  const answers = whole.answers.map((answer) => (random.uniform() < alike ? answer : 1 - answer));
  return {
    answers: { rows: n, classes: ["no", "yes"], truth, answers, probabilities: null },
    growing,
    success: { metric: "accuracy" as const, favourable: null },
    random,
    replicates: 100,
  };
}

/** One row in ten is of the rare class; the model finds it, and no stand-in ever does. */
function nothingLearned(n: number) {
  const given = on({ n, less: [0], alike: 1 });
  const truth = Int32Array.from({ length: n }, (_, row) => Number(row % 10 === 0));
  const same: GrownAnswers = { answers: new Int32Array(n), probabilities: Float64Array.from({ length: 2 * n }, (_, at) => 1 - (at % 2)) };
  const learners = [{ name: "deep tree", whole: same, sizes: [{ trainingRows: 4000, pairs: [[same, same] as const] }] }];
  return { ...given, answers: { ...given.answers, truth, answers: truth }, growing: { ...given.growing, learners } };
}

testControl(enoughData, {
  met: [
    {
      called: "a curve that has levelled off",
      ...on({ n: 10_000, less: [-0.001, 0.001, 0.01] }),
      reason:
        /^with 8,000 training rows in place of half as many, the accuracy of a deep tree trained here, which answers 9\d\.\d % of rows as the model does \(mean over its classes\), (improves by|does not improve: its gain is) -?0\.\d points \(95 % interval -\d\.\d to 0\.\d; limit 1\.0 points\)$/,
    },
    { called: "a gain within a limit that policy widened", ...on({ less: [0.04, 0.1, 0.2] }), policy: { gain: 0.1 } },
  ],
  unmet: [{ called: "a curve that still rises", ...on({ less: [0.06, 0.12, 0.18] }), reason: /improves by [567]\.\d points/ }],
  undecided: [
    { called: "two hundred test rows", ...on({ n: 200, less: [0, 0, 0] }), reason: /too wide to tell/ },
    {
      called: "no learner that answers like the model",
      ...on({ less: [0, 0, 0], alike: 0.6 }),
      reason: /^no simple model trained here answers enough like this one/,
    },
    {
      called: "a rising curve of part of the training rows",
      ...on({ less: [0.06, 0.12, 0.18], ofTrainingRows: 90_000 }),
      reason: /but of 90,000 training rows only these/,
    },
    {
      called: "a learner that learned nothing but which class is frequent",
      ...nothingLearned(2000),
      reason: /^no simple model trained here answers enough like this one .* answers 50\.0 %/,
    },
    { called: "ten test rows that every model answers right", ...on({ n: 10, right: 9, less: [0, 0, 0] }), reason: /too wide to tell/ },
    { called: "no size that can be trained on", ...on({ less: [] }), reason: /too few rows to train/ },
    { called: "no test row", ...on({ n: 0, less: [0.1] }), reason: /too few rows/ },
  ],
  planted: {
    effect: (random) => on({ n: 2000, less: [0.06], random }),
    null: (random) => on({ n: 2000, less: [0.01], random }),
    found: 0.95,
    falseAlarms: 0.05,
  },
});

describe("enough data", () => {
  it("takes the learner that answers most like the model", async () => {
    const needs = on({ less: [0, 0, 0] });
    const other = on({ less: [0.2, 0.2, 0.2], random: seededRandom(9) }).growing.learners.map((learner) => ({
      ...learner,
      name: "stranger",
    }));
    const both = { ...needs, growing: { ...needs.growing, learners: [...other, ...needs.growing.learners] } };
    const { measures, series = [] } = await enoughData.measure(both);
    expect(measures.find(({ name }) => name === "answers-as-the-model")?.of?.learner).toBe("deep tree");
    expect(series[0]?.x.values).toEqual([1000, 2000, 4000, 8000]);
  });

  it("trains pairs of models without a row in common, on halves, quarters and eighths, the same for the same seed", async () => {
    const inputs = {
      train: creditSplit("train"),
      test: creditSplit("test"),
      features: ["age", "education-num", "hours-per-week", "marital-status"],
      label: "income-per-year",
      classes: ["<=50K", ">50K"],
      shuffles: 1,
      mostTrainingRows: 1600,
    };
    const made = () => growingRecipe.make({ ...inputs, random: seededRandom(4) }, making());
    const [first, second] = [await made(), await made()];
    expect(first).toEqual(second);
    expect([first.trainingRows, first.rows.length]).toEqual([1600, 6512]);
    expect(first.learners.map(({ name }) => name)).toEqual(["logistic regression", "deep tree"]);
    for (const { sizes } of first.learners) expect(sizes.map(({ trainingRows, pairs }) => [trainingRows, pairs.length])).toEqual([[800, 1], [400, 1], [200, 1]]); // biome-ignore format: a table
    const [one, other] = first.learners[0]?.sizes[0]?.pairs[0] ?? [];
    expect(one?.answers).not.toEqual(other?.answers);
  });

  it("leaves out sizes at which a part holds one class alone, since nothing can be learned from it", async () => {
    const inputs = {
      train: creditSplit("train"),
      test: creditSplit("test"),
      features: ["age"],
      label: "income-per-year",
      classes: ["<=50K", ">50K"],
      shuffles: 4,
      mostTrainingRows: 24,
    };
    const { learners } = await growingRecipe.make({ ...inputs, random: seededRandom(4) }, making());
    expect(learners[0]?.sizes.map(({ trainingRows }) => trainingRows)).not.toContain(3);
  });
});

describe("a levelled curve, and one that still rises, of data whose truth is known", () => {
  it("differ in the gain of the last doubling", async () => {
    const needs = [on({ less: [0.001] }), on({ less: [0.08] })];
    const [level, rising] = await Promise.all(needs.map((each) => enoughData.measure(each)));
    const gain = (seen: typeof level) => seen?.measures.find(({ name }) => name === "gain-of-last-doubling");
    expect(gain(level)?.low).toBeLessThan(0.001);
    expect(gain(level)?.high).toBeGreaterThan(0.001);
    expect(gain(rising)?.low).toBeLessThan(0.08);
    expect(gain(rising)?.high).toBeGreaterThan(0.08);
  });

  it("the interval holds the true gain about as often as it says", async () => {
    let held = 0;
    for (let seed = 0; seed < 150; seed++) {
      const { measures } = await enoughData.measure(on({ n: 600, less: [0.03], random: seededRandom(seed, "gain") }));
      const { low = 0, high = 0 } = measures.find(({ name }) => name === "gain-of-last-doubling") ?? {};
      if (low <= 0.03 && 0.03 <= high) held++;
    }
    // Exact binomial: 95 % coverage gives fewer than 133 in 150 once in a thousand times.
    expect(held).toBeGreaterThanOrEqual(133);
  });
});
