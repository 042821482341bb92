import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Column, Table } from "../../data/index.ts";
import { columnsOf, givesOf, openModel, type PredictionsBinding } from "../index.ts";
import { matched } from "./match.ts";

const text = (...values: (string | null)[]): Column => {
  const categories = [...new Set(values.filter((value) => value !== null))].sort();
  return { kind: "text", categories, codes: Int32Array.from(values, (value) => (value === null ? -1 : categories.indexOf(value))) };
};
const number = (...values: number[]): Column => ({ kind: "number", values: Float64Array.from(values) });

const tableOf = (columns: Readonly<Record<string, Column>>): Table => {
  const [first] = Object.values(columns);
  const rows = first === undefined ? 0 : first.kind === "text" ? first.codes.length : first.values.length;
  return { rows, columns: Object.assign(Object.create(null), columns) };
};

const binding = (more: Partial<PredictionsBinding>): PredictionsBinding => ({
  kind: "predictions",
  classes: ["no", "yes"],
  answers: ["no", "yes"],
  label: null,
  scores: null,
  threshold: null,
  splits: ["test"],
  files: null,
  key: null,
  ...more,
});
const one = (of: number, kind: "probabilities" | "logits" = "probabilities") => ({ columns: ["p"], of, kind });
const each = (...columns: string[]) => ({ columns, of: null, kind: "probabilities" as const });

async function answersOf(more: Partial<PredictionsBinding>, columns: Readonly<Record<string, Column>>) {
  await using model = await openModel(binding(more));
  const { labels, probabilities } = await model.predict(tableOf(columns));
  return { labels: [...labels], probabilities: probabilities && [...probabilities] };
}

describe("answers in columns", () => {
  test("labels are taken as they are written, in whatever form of the same number", async () => {
    expect(await answersOf({ label: "a" }, { a: text("yes", "no", "yes") })).toEqual({ labels: [1, 0, 1], probabilities: null });
    expect((await answersOf({ label: "a", classes: ["0", "1"], answers: ["0", "1"] }, { a: text("true", "false") })).labels).toEqual([
      1, 0,
    ]);
    expect((await answersOf({ label: "a", answers: ["0", "1"] }, { a: number(1, 0) })).labels).toEqual([1, 0]);
  });

  test("one column of scores speaks of the class that it names; without labels the higher score answers, the first of equals", async () => {
    const columns = { p: number(0.25, 0.75, 0.5) };
    expect(await answersOf({ scores: one(1) }, columns)).toEqual({ labels: [0, 1, 0], probabilities: [0.75, 0.25, 0.25, 0.75, 0.5, 0.5] });
    expect(await answersOf({ scores: one(0) }, columns)).toEqual({ labels: [1, 0, 0], probabilities: [0.25, 0.75, 0.75, 0.25, 0.5, 0.5] });
  });

  test("a threshold makes labels of the class that the scores speak of, from it on", async () => {
    const columns = { p: number(0.2, 0.3, 0.9) };
    expect((await answersOf({ scores: one(1), threshold: 0.3 }, columns)).labels).toEqual([0, 1, 1]);
    expect((await answersOf({ scores: one(0), threshold: 0.3 }, columns)).labels).toEqual([1, 0, 0]);
  });

  test("a score that is the threshold, to the digit, answers the class that it speaks of, whichever", async () => {
    for (const of of [0, 1])
      for (let hundredths = 1; hundredths < 100; hundredths++) {
        const threshold = hundredths / 100;
        expect((await answersOf({ scores: one(of), threshold }, { p: number(threshold) })).labels, String(threshold)).toEqual([of]);
      }
  });

  test("percentages are called by their name", async () => {
    await expect(answersOf({ scores: one(1) }, { p: number(0, 12, 99.5) })).rejects.toMatchObject({
      code: "MODEL_ANSWERS_INVALID",
      message: expect.stringContaining("holds 12, as if it were a percentage"),
      place: expect.objectContaining({ at: "row 1" }),
    });
    await expect(answersOf({ scores: one(1) }, { p: number(0.1, 0.2, 12) })).rejects.toMatchObject({
      message: expect.stringContaining("12 in column “p” is no probability"),
    });
    await expect(answersOf({ scores: one(1) }, { p: number(-3, 12) })).rejects.toMatchObject({
      remedy: expect.stringContaining("likely logits"),
    });
  });

  test("logits become probabilities, of the first class with the sign turned", async () => {
    const { probabilities } = await answersOf({ scores: one(0, "logits") }, { p: number(Math.log(3)) });
    expect(probabilities).toEqual([expect.closeTo(0.75, 12), expect.closeTo(0.25, 12)]);
  });

  test("a column for each class, rounded to two decimals, is brought to sum to one", async () => {
    const { probabilities } = await answersOf(
      { classes: ["a", "b", "c"], answers: ["a", "b", "c"], scores: each("x", "y", "z") },
      { x: number(0.33), y: number(0.33), z: number(0.33) },
    );
    expect(probabilities).toEqual([1 / 3, 1 / 3, 1 / 3].map((share) => expect.closeTo(share, 12)));
  });

  test("nothing is asked of new rows, and it says so", () => {
    const { newRows, gradients, scores } = givesOf(binding({ label: "a" }));
    expect([newRows, gradients, scores]).toEqual([false, false, false]);
    expect(columnsOf(binding({ label: "a", scores: each("x", "y") }))).toEqual(["a", "x", "y"]);
  });
});

test.each<[string, Partial<PredictionsBinding>, Record<string, Column>, RegExp, number]>([
  ["an unknown class", { label: "a" }, { a: text("yes", "maybe") }, /answers “maybe”, which is none of the classes/, 1],
  ["an empty answer", { label: "a" }, { a: text("yes", "no", null) }, /holds no answer/, 2],
  ["an empty number", { label: "a", answers: ["0", "1"] }, { a: number(1, Number.NaN) }, /holds no answer/, 1],
  ["an empty score", { scores: one(1) }, { p: number(0.1, Number.NaN) }, /score column “p” is empty/, 1],
  ["a score beyond one", { scores: one(1) }, { p: number(0.1, 1.5) }, /1\.5 in column “p” is no probability/, 1],
  ["scores that do not sum to one", { scores: each("x", "y") }, { x: number(0.5, 0.5), y: number(0.5, 0.2) }, /sum to 0\.7, not to 1/, 1],
  ["scores that are no numbers", { scores: one(1) }, { p: text("high", "low") }, /which is no number/, 0],
  [
    "scores that speak of the other class",
    { label: "a", scores: one(1) },
    { a: text("yes", "yes", "no"), p: number(0.6, 0.2, 0.8) },
    /seem to speak of the other class/,
    1,
  ],
])("%s is refused with its row", async (_, more, columns, says, row) => {
  await expect(answersOf(more, columns)).rejects.toMatchObject({
    code: "MODEL_ANSWERS_INVALID",
    message: expect.stringMatching(says),
    place: { at: `row ${row}` },
  });
});

test("probabilities that were written down come back as they were, and labels are the largest of them", async () => {
  const row = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (raw) => {
      const shares = raw.map((values) => values.map((value) => value / values.reduce((sum, each) => sum + each, 0)));
      const column = (at: number) => number(...shares.map((values) => values[at] ?? 0));
      const names = ["a", "b", "c"];
      const { labels, probabilities } = await answersOf(
        { classes: names, answers: names, scores: each(...names) },
        { a: column(0), b: column(1), c: column(2) },
      );
      expect(probabilities).toEqual(shares.flat().map((share) => expect.closeTo(share, 9)));
      for (const [at, values] of shares.entries()) expect(values[labels[at] ?? -1]).toBe(Math.max(...values));
    }),
  );
});

describe("answers by key", () => {
  const answers = {
    rows: 3,
    classes: ["no", "yes"],
    labels: Int32Array.from([0, 1, 1]),
    probabilities: Float64Array.from([0.9, 0.1, 0.2, 0.8, 0.4, 0.6]),
  };
  const keys = (column: Column, file: string) => ({ column, name: "id", file });

  test("stand in the order of the split, whatever else is answered", () => {
    const { rows, labels, probabilities } = matched(answers, keys(text("c", "a"), "test.csv"), keys(text("a", "b", "c"), "preds.csv"));
    expect([rows, [...labels], [...(probabilities ?? [])]]).toEqual([2, [1, 0], [0.4, 0.6, 0.9, 0.1]]);
  });

  test("a number and a text of the same digits are the same key", () => {
    expect([...matched(answers, keys(number(7, 8), "test.csv"), keys(text("8", "9", "7"), "preds.csv")).labels]).toEqual([1, 0]);
  });

  test.each<[string, Column, Column, string, number, RegExp]>([
    ["twice among the answers", text("a"), text("a", "b", "a"), "preds.csv", 2, /stands in row 0 already/],
    ["twice in the split", text("a", "a"), text("a", "b", "c"), "test.csv", 1, /stands in row 0 already/],
    ["without an answer", text("a", "z"), text("a", "b", "c"), "test.csv", 1, /no answer in “preds.csv” has the key “z”/],
    ["empty", text("a", null), text("a", "b", "c"), "test.csv", 1, /key is empty/],
  ])("a key %s is a Problem with its file and row", (_, split, given, file, row, says) => {
    const match = () => matched(answers, keys(split, "test.csv"), keys(given, "preds.csv"));
    expect(match).toThrow(
      expect.objectContaining({ code: "PREDICTIONS_KEY", message: expect.stringMatching(says), place: { file, at: `row ${row}` } }),
    );
  });

  test("shuffled answers come back in the split's order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }), (order) => {
        const shuffled = { rows: 12, classes: answers.classes, labels: Int32Array.from(order, (at) => at % 2), probabilities: null };
        const { labels } = matched(shuffled, keys(number(...Array(12).keys()), "s"), keys(number(...order), "p"));
        expect([...labels]).toEqual([...Array(12).keys()].map((at) => at % 2));
      }),
    );
  });
});
