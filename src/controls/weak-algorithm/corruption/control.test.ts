import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { Table } from "../../../data/index.ts";
import { clopperPearson, matchedDifference } from "../../../tensor/index.ts";
import { type Corrupted, type CorruptedKind, corruptedRecipe } from "../../needs/corrupted.ts";
import type { Predictions } from "../../needs/predictions.ts";
import { tableCorruptions } from "../../shared/corruption/tables.ts";
import { rangesOf } from "../../shared/ranges.ts";
import { drawnAnswers } from "../../testing/answers.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { creditNet } from "../../testing/credit-net.ts";
import { testControl } from "../../testing/test-control.ts";
import { corruption } from "./control.ts";

const { policy } = corruption;

/** Of two classes, each right answer turns wrong, and each wrong one right, with this probability. */
const turned = ({ answers }: Predictions, by: number, random: Random) =>
  answers.map((answer) => (random.uniform() < by ? 1 - answer : answer));

/** `turns` of the answers at the five steps. */
const kind = (name: string, clean: Predictions, turns: readonly number[], random: Random): CorruptedKind => ({
  name,
  of: "of rows have one number in another unit",
  steps: turns.map((by, at) => ({ amount: (at + 1) / 100, reply: { answers: turned(clean, by, random), probabilities: null } })),
});

const refused: CorruptedKind = {
  name: "missing values",
  of: "of all values are missing",
  steps: [1, 2, 3, 4, 5].map((amount) => ({ amount: amount / 10, reply: { refused: "MODEL_INPUT_INVALID" } })),
};

function on(
  n: number,
  turns: readonly (readonly number[])[],
  { random = seededRandom(2), further = [] as CorruptedKind[], right = 0.9 } = {},
) {
  const clean = drawnAnswers(random, n, right);
  const kinds = turns.map((each, at) => kind(`kind ${at}`, clean, each, random));
  const seen: Corrupted = { clean, kinds: [...kinds, ...further], questions: n * (1 + 5 * kinds.length) };
  return {
    corrupted: seen,
    artefact: "people/test",
    success: { metric: "accuracy" as const, favourable: null },
    random,
    replicates: 250,
  };
}
const unlabelled = (seen: ReturnType<typeof on>) => {
  const { clean } = seen.corrupted;
  return { ...seen, corrupted: { ...seen.corrupted, clean: { ...clean, truth: clean.truth.map(() => -1) } } };
};
const none = [0, 0, 0, 0, 0];
/** Turning a share t of the answers costs 0.8 t of an accuracy of 0.9. */
const costing = (fall: number) => [0, 0, fall / 0.8, fall / 0.8, fall / 0.8];

testControl(corruption, {
  met: [
    {
      called: "no kind that costs anything",
      ...on(3000, [none, none]),
      reason:
        /^of 2 kinds of corruption none costs more: with kind \d \(3 % of rows have one number in another unit\), accuracy falls by 0\.0 points \(joint 95 % interval/,
    },
    {
      called: "a kind under which answers get better",
      ...on(3000, [[0.5, 0.5, 0.5, 0.5, 0.5]], { right: 0.2 }),
      reason: /accuracy does not fall: its fall is -\d+\.\d points/,
    },
    { called: "a fall beyond the step that is judged", ...on(3000, [[0, 0, 0, 0.3, 0.4]]) },
    { called: "a fall within a limit that policy widened", ...on(3000, [costing(0.1)]), policy: { fall: 0.2 } },
    {
      called: "a kind that is not answered, where policy says that this may be",
      ...on(3000, [none], { further: [refused] }),
      policy: { refused: 1 },
      reason: /; rows with missing values are not answered at all$/,
    },
  ],
  unmet: [
    { called: "a kind that costs much", ...on(3000, [none, costing(0.15)]), reason: /^with kind 1 .* accuracy falls by 1\d\.\d points/ },
    { called: "two kinds that do", ...on(3000, [costing(0.2), costing(0.15)]), reason: /1 more kind of corruption lies beyond/ },
    { called: "a later step, where policy asks for it", ...on(3000, [[0, 0, 0, 0, 0.3]]), policy: { step: 5 } },
  ],
  undecided: [
    { called: "thirty rows", ...on(30, [costing(0.02)]), reason: /too few rows to tell/ },
    {
      called: "a model that answers no kind",
      ...on(3000, [], { further: [refused] }),
      reason: /^no corrupted row was answered; rows with missing values are not answered/,
      remedy: /^Make the model, or what stands before it, answer such rows/,
    },
    {
      called: "rows of which nothing can be corrupted",
      ...on(3000, []),
      reason: /^there is nothing in these rows that could be corrupted/,
      remedy: /^Train and test on columns of which training saw more than one value/,
    },
    {
      called: "rows without a label",
      ...unlabelled(on(30, [none])),
      reason: /^the rows that were asked about do not determine/,
      remedy: /^Test on more rows/,
    },
    {
      called: "a kind that is not answered, beside one that costs nothing",
      ...on(3000, [none], { further: [refused] }),
      reason: /^rows with missing values are not answered at all, so that/,
    },
    { called: "a step that there is none of", ...on(3000, [none]), policy: { step: 6 }, reason: /step 6/, remedy: /^Set `step`/ },
  ],
  planted: {
    effect: (random) => on(2000, [none.slice(2), costing(0.09).slice(2)], { random }),
    null: (random) => on(2000, [none.slice(2), costing(0.05).slice(2)], { random }),
    policy: { step: 1 },
    found: 0.95,
    falseAlarms: 0.05,
  },
});

describe("corruption", () => {
  it.each(tableCorruptions)(
    "by $name, at the step that is judged, can turn more answers wrong than the limit allows",
    ({ name, amounts, apply }) => {
      const rows = 2000;
      const random = seededRandom(5, name);
      const table: Table = {
        rows,
        columns: {
          size: { kind: "number", values: Float64Array.from({ length: rows }, () => 100 + random.normal()) },
          colour: { kind: "text", codes: Int32Array.from({ length: rows }, () => random.integer(2)), categories: ["blue", "red"] },
        },
      };
      const changed = apply(table, rangesOf(table, ["size", "colour"]), amounts[policy.step.value - 1] ?? 0, random);
      const written = (of: Table | null, row: number) =>
        Object.values(of?.columns ?? {}).map((column) =>
          column.kind === "text" ? column.categories[column.codes[row] ?? -1] : column.values[row],
        );
      const touched = Array.from({ length: rows }, (_, row) => row).filter(
        (row) => written(changed, row).join() !== written(table, row).join(),
      );
      // A model that each touched row turns wrong.
      const known = matchedDifference(touched.length, 0, rows, 1 - 0.05 / tableCorruptions.length);
      expect(known?.low).toBeGreaterThan(policy.fall.value);
    },
  );

  it("of four kinds that cost just the limit, any is proven beyond it in one run of twenty at most", async () => {
    let alarms = 0;
    for (let seed = 0; seed < 200; seed++) {
      const needs = on(
        600,
        Array.from({ length: 4 }, () => costing(0.05).slice(4)),
        { random: seededRandom(seed, "many") },
      );
      const measured = await corruption.measure({ ...needs, replicates: 400 });
      if (corruption.judge(measured, { fall: 0.05, step: 1, refused: 0 }, new Date(0)).verdict === "unmet") alarms++;
    }
    expect(clopperPearson(alarms, 200, 0.99)?.low, `${alarms} of 200`).toBeLessThanOrEqual(0.05);
  });

  it("draws a curve with its interval for each kind, from none to the fifth step, and says how often the model was asked", async () => {
    const { series = [], measures } = await corruption.measure(on(500, [none, costing(0.2)]));
    expect(series[0]?.x.values).toEqual([0, 1, 2, 3, 4, 5]);
    expect(series[0]?.others?.map(({ name }) => name)).toEqual(["kind 1"]);
    expect(series[0]?.others?.[0]?.low?.length).toBe(6);
    expect(measures.find(({ name }) => name === "rows-asked")).toMatchObject({ value: 500, queries: 500 * 11 });
  });

  it("names what a model refuses in a finding, with the code that explains it", async () => {
    const { findings } = await corruption.measure(on(500, [none], { further: [refused] }));
    expect(findings).toEqual([
      { artefact: "people/test", reason: expect.stringContaining("does not answer rows with missing values (MODEL_INPUT_INVALID)") },
    ]);
  });

  it("is asked of a real net the same for the same seed: five steps of each kind, those that it does not answer named", async () => {
    const inputs = {
      model: await creditNet(),
      train: creditSplit("train"),
      test: creditSplit("test"),
      label: "income-per-year",
      most: 200,
    };
    const asked = () => corruptedRecipe.make({ ...inputs, random: seededRandom(9) }, making());
    const [first, second] = [await asked(), await asked()];
    expect(first).toEqual(second);
    expect(first.questions).toBe(200 * (1 + 5 * first.kinds.length));
    expect(first.kinds.map(({ name }) => name)).toEqual(tableCorruptions.map(({ name }) => name));
    const silent = first.kinds.filter(({ steps }) => steps.some(({ reply }) => "refused" in reply));
    expect(silent.map(({ name }) => name)).toEqual(["missing values"]);
    const worse = (at: number) => {
      const reply = first.kinds.find(({ name }) => name === "swapped units")?.steps[at]?.reply;
      return reply === undefined || "refused" in reply
        ? -1
        : reply.answers.filter((answer, row) => answer !== first.clean.answers[row]).length;
    };
    expect(worse(4)).toBeGreaterThan(worse(0));
  });
});
