import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { ScoredPredictions } from "../../needs/predictions.ts";
import { drawnScores } from "../../testing/answers.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { calibration } from "./control.ts";

const on = (answers: ScoredPredictions, favourable: string | null = null) => ({
  answers,
  favourable,
  random: seededRandom(5),
  replicates: 200,
});
const right = (said: number) => said;
/** Says more than is so on both sides: 0.9 is truly 0.5 + 0.4 * (1 - 2 * by). */
const boasting = (by: number) => (said: number) => 0.5 + (said - 0.5) * (1 - 2 * by);
const drawn = (truly: (said: number) => number, n = 4000, seed = 8) => drawnScores(seededRandom(seed), n, truly);
/** Between 0.2 and 0.9 nothing is cut off: the true error is exactly `by`. */
const planted = (by: number) => (random: Random) => ({
  ...on(
    drawnScores(
      random,
      2000,
      (said) => said - by,
      () => 0.2 + 0.7 * random.uniform(),
    ),
  ),
  replicates: 40,
});

/** Three classes; the class answered is right as often as its probability says, less `less`. */
const three = (less: number, n = 4000): ScoredPredictions => {
  const random = seededRandom(2);
  const said = Float64Array.from({ length: n }, () => 0.4 + 0.6 * random.uniform());
  const truth = Int32Array.from(said, (each) => (random.uniform() < each - less ? 0 : 1 + random.integer(2)));
  const probabilities = Float64Array.from({ length: 3 * n }, (_, at) =>
    at % 3 === 0 ? said[(at / 3) | 0]! : (1 - said[(at / 3) | 0]!) / 2,
  );
  return { rows: n, classes: ["a", "b", "c"], truth, answers: new Int32Array(n), probabilities };
};

testControl(calibration, {
  met: [
    {
      called: "what is said comes true as often",
      ...on(drawn(right)),
      reason: /^the probabilities differ from what happened by \d\.\d points \(95 % interval .*limit 5\.0 points\) on average$/,
    },
    { called: "three classes", ...on(three(0)) },
    { called: "errors within a limit that policy widened", ...on(drawn(boasting(0.3))), policy: { error: 0.25 } },
  ],
  unmet: [
    { called: "a model too sure of itself", ...on(drawn(boasting(0.4))), reason: /2\d\.\d points|1\d\.\d points/ },
    { called: "a net too sure of the class that it answers", ...on(three(0.15)), reason: /1\d\.\d points/ },
    { called: "every probability too high", ...on(drawn((said) => Math.max(0, said - 0.15))) },
    {
      called: "the other class named as favourable",
      ...on(
        drawn((said) => Math.max(0, said - 0.15)),
        "no",
      ),
    },
  ],
  undecided: [
    { called: "sixty rows", ...on(drawn(right, 60)), reason: /too wide to tell/ },
    { called: "an error at the limit", ...on(drawn((said) => Math.max(0, said - 0.05))) },
    { called: "no row", ...on(drawn(right, 0)), reason: /no test row/ },
  ],
  planted: { effect: planted(0.12), null: planted(0.05), found: 0.99, falseAlarms: 0.025 },
});

describe("calibration", () => {
  it.each(qualityCases)("has scikit-learn's log loss on %s", async (_, { classes, test }) => {
    if (classes !== 2) return;
    const { measures } = await calibration.measure(on(answersOfPart(test, classes)));
    expect(measures.find(({ name }) => name === "log-loss")?.value).toBeCloseTo(test.values["log-loss"], 9);
  });

  it("speaks of the favourable class of two", async () => {
    const answers = drawn((said) => Math.max(0, said - 0.15));
    const [first, second] = await Promise.all([calibration.measure(on(answers, "no")), calibration.measure(on(answers, "yes"))]);
    expect(first?.measures[0]?.of).toEqual({ probability: "no" });
    expect(first?.measures[0]?.value).toBeCloseTo(second?.measures[0]?.value ?? Number.NaN, 2);
  });

  it("matches that class as the label column's values are matched, and never takes another in its place", async () => {
    const answers = { ...drawn(right), classes: ["0.0", "1.0"] };
    expect((await calibration.measure(on(answers, "1"))).measures[0]?.of).toEqual({ probability: "1.0" });
    expect(() => calibration.measure(on(answers, "2"))).toThrow(/“2” is none of the model's classes/);
  });

  it("draws a reliability diagram beside the diagonal", async () => {
    const { series = [] } = await calibration.measure(on(drawn(right)));
    expect(series[0]?.x.values.length).toBe(15);
    expect(series[0]?.reference).toEqual(series[0]?.x.values);
  });
});
