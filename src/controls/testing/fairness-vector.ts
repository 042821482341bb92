import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Measured } from "../measured.ts";
import type { Grouping } from "../needs/groups.ts";
import type { Predictions } from "../needs/predictions.ts";

interface GroupRates {
  readonly "selection-rate": number;
  readonly "true-positive-rate": number;
  readonly "false-positive-rate": number;
  readonly rows: number;
}

interface ExpectedPair {
  readonly rate: string;
  readonly column: string;
  readonly lower: string;
  readonly upper: string;
  readonly value: number;
  /** Of the signed difference or ratio. */
  readonly low: number;
  readonly high: number;
}

interface Vector {
  readonly truth: string;
  readonly answers: string;
  readonly groups: { readonly [column: string]: { readonly names: readonly string[]; readonly members: string } };
  readonly fairlearn: {
    readonly [column: string]: {
      readonly byGroup: { readonly [group: string]: GroupRates };
      readonly demographicParityDifference: number;
      readonly demographicParityRatio: number;
      readonly equalOpportunityDifference: number;
      readonly equalisedOddsDifference: number;
    };
  };
  readonly statsmodels: { readonly [claim: string]: { readonly comparisons: number; readonly pairs: readonly ExpectedPair[] } };
}

/** 3,000 real people with a model's answers, counted by fairlearn and with intervals by statsmodels (fixtures/controls/fairness.py). */
const vector = JSON.parse(readFileSync(new URL("../../../vectors/controls/fairness.json", import.meta.url), "utf8")) as Vector;

const digits = (text: string) => Int32Array.from(text, Number);

export const vectorNeeds: { readonly answers: Predictions; readonly groups: readonly Grouping[]; readonly favourable: string } = {
  answers: {
    rows: vector.truth.length,
    classes: ["<=50K", ">50K"],
    truth: digits(vector.truth),
    answers: digits(vector.answers),
    probabilities: null,
  },
  groups: Object.entries(vector.groups).map(([column, { names, members }]) => ({ column, groups: names, members: digits(members) })),
  favourable: ">50K",
};

const fairlearn = vector.fairlearn;

/** That each group's rate equals fairlearn's to 1e-12. */
export function expectGroupRates({ measures }: Measured, rate: "selection-rate" | "true-positive-rate" | "false-positive-rate"): void {
  for (const [column, { byGroup }] of Object.entries(fairlearn)) {
    for (const [group, expected] of Object.entries(byGroup)) {
      const found = measures.find(({ name, of }) => name === rate && of?.column === column && of.group === group);
      expect(found?.value, `${rate} of ${group}`).toBeCloseTo(expected[rate], 12);
    }
  }
}

/** That every pair stands there, once, with the value of fairlearn's counts and the interval of statsmodels, turned into that of the distance. */
export function expectPairs(
  { measures }: Measured,
  claim: string,
  fold: (signed: { low: number; high: number }) => { low: number; high: number },
  precision: number,
): void {
  const expected = vector.statsmodels[claim]?.pairs ?? [];
  const pairs = measures.filter(({ of }) => of?.lower !== undefined);
  expect(pairs.length).toBe(expected.length);
  for (const { rate, column, lower, upper, value, ...signed } of expected) {
    const found = pairs.find(({ name, of }) => name.startsWith(rate) && of?.column === column && of.lower === lower && of.upper === upper);
    expect(found?.value, `${rate} of ${lower} and ${upper}`).toBeCloseTo(value, 12);
    const { low, high } = fold(signed);
    expect(found?.low, `${lower} and ${upper}, low`).toBeCloseTo(low, precision);
    expect(found?.high, `${lower} and ${upper}, high`).toBeCloseTo(high, precision);
  }
}

/** The distance between the furthest two groups of each column. */
export const extremes = ({ measures }: Measured, pick: (...values: number[]) => number): Record<string, number> =>
  Object.fromEntries(
    Object.keys(fairlearn).map((column) => [
      column,
      pick(...measures.filter(({ of }) => of?.column === column && of.lower !== undefined).map(({ value }) => value)),
    ]),
  );

export const fairlearnBy = (
  metric: "demographicParityDifference" | "demographicParityRatio" | "equalOpportunityDifference" | "equalisedOddsDifference",
) => Object.fromEntries(Object.entries(fairlearn).map(([column, expected]) => [column, expected[metric]]));

export const unsigned = ({ low, high }: { low: number; high: number }) => ({ low: low > 0 ? low : 0, high: Math.max(high, -low) });
export const smallerOverLarger = ({ low, high }: { low: number; high: number }) => ({
  low: Math.min(low, 1 / high),
  high: high > 1 ? 1 : high,
});
