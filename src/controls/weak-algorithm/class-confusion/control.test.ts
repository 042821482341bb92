import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import { confused } from "../../testing/answers.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { classConfusion } from "./control.ts";

const names = ["cat", "dog", "fox"];
const on = (matrix: readonly (readonly number[])[], classes: readonly string[] = names) => ({
  answers: confused(matrix, classes),
  artefact: "pets/test",
});

/** 400 rows of each class; cats are taken for dogs with this probability. */
const drawn = (random: Random, rate: number) => {
  const dogs = Array.from({ length: 400 }, () => random.uniform()).filter((each) => each < rate).length;
  return on([
    [400 - dogs, dogs, 0],
    [10, 380, 10],
    [5, 5, 390],
  ]);
};

testControl(classConfusion, {
  met: [
    {
      called: "few confusions among many rows",
      ...on([
        [970, 20, 10],
        [10, 980, 10],
        [0, 30, 970],
      ]),
      reason:
        /^of 6 pairs of classes none is confused more: fox is taken for dog in 3\.0 % \(joint 95 % interval 1\.\d to 4\.\d; limit 20\.0 %\) of its rows$/,
    },
    {
      called: "two classes within a limit that policy widened",
      ...on(
        [
          [900, 100],
          [350, 650],
        ],
        ["no", "yes"],
      ),
      policy: { rate: 0.5 },
    },
  ],
  unmet: [
    {
      called: "one pair that is confused",
      ...on([
        [600, 390, 10],
        [10, 980, 10],
        [0, 30, 970],
      ]),
      reason: /^cat is taken for dog in 39\.0 % \(joint 95 % interval 3\d\.\d to 4\d\.\d; limit 20\.0 %\) of its rows$/,
    },
    {
      called: "two pairs, the more certain named",
      ...on([
        [600, 390, 10],
        [10, 980, 10],
        [0, 12, 8],
      ]),
      reason: /^cat is taken for dog .*; 1 more pair of classes lies beyond the limit$/,
    },
    {
      called: "each of a hundred classes taken for the next, of which not all are kept",
      ...on(
        Array.from({ length: 100 }, (_, at) => Array.from({ length: 100 }, (__, to) => (to === (at + 1) % 100 ? 60 : 0))),
        Array.from({ length: 100 }, (_, at) => `kind ${at}`),
      ),
      reason: /; at least 39 more pairs of classes lie beyond the limit$/,
    },
    {
      called: "a proven pair beside a class without a row",
      ...on([
        [600, 390, 10],
        [10, 980, 10],
        [0, 0, 0],
      ]),
    },
  ],
  undecided: [
    {
      called: "a class of ten rows",
      ...on([
        [970, 20, 10],
        [10, 980, 10],
        [0, 1, 9],
      ]),
      reason: /^fox is taken for dog in 10\.0 % .*too few rows to tell/,
    },
    {
      called: "a class without a row",
      ...on([
        [970, 20, 10],
        [10, 980, 10],
        [0, 0, 0],
      ]),
      reason: /no row of fox/,
    },
    {
      called: "no row",
      ...on([
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
      reason: /no row of cat and dog and fox/,
    },
  ],
  planted: { effect: (random) => drawn(random, 0.35), null: (random) => drawn(random, 0.2), found: 0.99, falseAlarms: 0.05 },
});

describe("confusion between classes", () => {
  const vector = JSON.parse(readFileSync(new URL("../../../../vectors/controls/confusion.json", import.meta.url), "utf8")) as {
    readonly [name: string]: {
      readonly matrix: readonly number[];
      readonly pairs: readonly { truth: number; answer: number; value: number; low: number; high: number }[];
    };
  };

  it.each(qualityCases)("of %s is scikit-learn's, with the exact limits of statsmodels", async (name, { classes, test }) => {
    const answers = answersOfPart(test, classes);
    const { measures, series } = await classConfusion.measure({ answers, artefact: "test" });
    const expected = vector[name];
    expect(expected?.pairs.length).toBeGreaterThan(0);
    for (const [at, share] of (expected?.matrix ?? []).entries()) expect(series?.[0]?.y.values[at]).toBeCloseTo(share, 12);
    const found = measures.filter((measure) => measure.name === "taken-for");
    // Of more than sixty pairs, those that are left out are confused less than all that are kept.
    const kept = found.length < (expected?.pairs.length ?? 0) ? found.length : expected?.pairs.length;
    expect(found.length).toBe(kept);
    for (const { value, low, high, of } of found) {
      const pair = expected?.pairs.find(({ truth, answer }) => `class ${truth}` === of?.class && `class ${answer}` === of?.other);
      expect([value, low, high]).toEqual([pair?.value, pair?.low, pair?.high].map((each) => expect.closeTo(each ?? Number.NaN, 9)));
    }
  });

  it("holds every pair's true rate at once about as often as it says", async () => {
    const truths = [
      [0.9, 0.08, 0.02],
      [0.3, 0.6, 0.1],
      [0.05, 0.15, 0.8],
    ];
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = seededRandom(seed, "joint");
      const matrix = truths.map((shares) => {
        const counts = [0, 0, 0];
        for (let row = 0; row < 80; row++) {
          const at = random.uniform();
          counts[at < shares[0]! ? 0 : at < shares[0]! + shares[1]! ? 1 : 2]! += 1;
        }
        return counts;
      });
      const { measures } = await classConfusion.measure(on(matrix));
      const isHeld = measures.every(({ name, of, low = 0, high = 1 }) => {
        if (name !== "taken-for") return true;
        const truth = truths[names.indexOf(String(of?.class))]?.[names.indexOf(String(of?.other))] ?? -1;
        return low <= truth && truth <= high;
      });
      if (isHeld) held++;
    }
    expect(clopperPearson(held, 400, 0.998)?.high).toBeGreaterThanOrEqual(0.95);
  });

  it("draws a matrix whose rows are the true classes, and none that nobody could read", async () => {
    const { series } = await classConfusion.measure(on([[3, 1, 0], [0, 4, 0], [1, 1, 2]])); // biome-ignore format: a matrix
    expect(series?.[0]).toMatchObject({ kind: "matrix", rows: { values: names }, x: { values: names } });
    expect(series?.[0]?.y.values).toEqual([0.75, 0.25, 0, 0, 1, 0, 0.25, 0.25, 0.5]);
    const many = Array.from({ length: 80 }, (_, at) => `class ${at}`);
    const wide = await classConfusion.measure(
      on(
        many.map((_, row) => many.map((__, column) => (row === column ? 5 : column === 0 ? 1 : 0))),
        many,
      ),
    );
    expect(wide.series).toBeUndefined();
    expect(wide.measures.filter(({ name }) => name === "taken-for").length).toBeLessThanOrEqual(60);
  });

  it("names no row of the data in its findings", async () => {
    const { findings = [] } = await classConfusion.measure(on([[3, 1, 0], [0, 4, 0], [1, 1, 2]])); // biome-ignore format: a matrix
    expect(findings.map(({ place }) => place).sort()).toEqual(["cat taken for dog", "fox taken for cat", "fox taken for dog"]);
    expect(findings.every(({ row }) => row === undefined)).toBe(true);
  });
});
