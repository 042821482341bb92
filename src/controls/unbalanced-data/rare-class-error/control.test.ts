import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Random } from "../../../base/index.ts";
import { confused } from "../../testing/answers.ts";
import { column } from "../../testing/balance-vector.ts";
import { vectorNeeds } from "../../testing/fairness-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { rareClassError } from "./control.ts";

/** `yes` is rare in training. */
const on = (matrix: readonly (readonly number[])[], training = { no: 900, yes: 100 }) => ({
  answers: confused(matrix),
  classes: column("paid", training),
});
const drawn = (random: Random, gap: number) => {
  const missed = (n: number, share: number) => Array.from({ length: n }, () => random.uniform()).filter((each) => each < share).length;
  const [no, yes] = [missed(3000, 0.1), missed(600, 0.1 + gap)];
  return on([
    [3000 - no, no],
    [yes, 600 - yes],
  ]);
};

testControl(rareClassError, {
  met: [
    {
      called: "a rare class that is found as often as the other",
      ...on([
        [8100, 900],
        [95, 905],
      ]),
      reason:
        /^nothing rare is answered worse by more: yes of paid, 10\.0 % of the training rows, is answered wrong no more often than other rows: its error differs by -0\.5 points \(joint 95 % interval -2\.\d to 1\.\d; limit 10\.0 points\)$/,
    },
    {
      called: "a gap that policy allows",
      ...on([
        [8900, 100],
        [300, 700],
      ]),
      policy: { gap: 0.5 },
    },
  ],
  unmet: [
    {
      called: "a rare class of which every third is missed",
      ...on([
        [8900, 100],
        [333, 667],
      ]),
      reason: /^yes of paid, 10\.0 % of the training rows, is answered wrong more often than other rows: its error differs by 32\.2 points/,
    },
  ],
  undecided: [
    {
      called: "a dozen rows of the rare class",
      ...on([
        [900, 100],
        [3, 9],
      ]),
      reason: /too few rows to tell/,
    },
    {
      called: "none of the rare class",
      ...on([
        [900, 100],
        [0, 0],
      ]),
      reason: /^of yes of paid, rare in training, there is no test row/,
    },
  ],
  inapplicable: [
    {
      called: "classes of nearly equal size",
      ...on(
        [
          [900, 100],
          [300, 700],
        ],
        { no: 550, yes: 450 },
      ),
      reason: /no class is rare/,
    },
  ],
  planted: { effect: (random) => drawn(random, 0.2), null: (random) => drawn(random, 0.1), found: 0.99, falseAlarms: 0.05 },
});

describe("the error of a rare class", () => {
  it("is that of pandas, with the limits of statsmodels", async () => {
    const { classes: expected } = JSON.parse(readFileSync(new URL("../../../../vectors/controls/rare.json", import.meta.url), "utf8")) as {
      classes: readonly { group: string; value: number; low: number; high: number }[];
    };
    const { answers } = vectorNeeds;
    const classes = { column: "income", groups: answers.classes, members: answers.truth };
    const { measures } = await rareClassError.measure({ answers, classes });
    const found = measures.filter(({ name }) => name === "excess-error");
    expect(found.length).toBe(expected.length);
    for (const { group, value, low, high } of expected) {
      const own = found.find(({ of }) => of?.group === group);
      expect([own?.value, own?.low, own?.high]).toEqual([value, low, high].map((each) => expect.closeTo(each, 9)));
    }
  });

  it("finds a class under another way of writing it, as labels are matched everywhere", async () => {
    const answers = { ...confused([[90, 10], [3, 7]]), classes: ["0.0", "1.0"] }; // biome-ignore format: a matrix
    const { measures } = await rareClassError.measure({ answers, classes: column("paid", { "0": 90, "1": 10 }) });
    expect(measures[0]).toMatchObject({ name: "excess-error", n: 10 });
  });
});
