import { type JointPairs, wilson } from "../../../tensor/index.ts";
import type { Measure, Measured, Series } from "../../measured.ts";
import type { Grouping } from "../../needs/groups.ts";
import type { Predictions } from "../../needs/predictions.ts";
import { favourableIndex } from "../favourable.ts";
import type { Comparison } from "./comparisons.ts";
import { errorRate, falsePositive, type Rate, type RateKind, ratesBy, selection, truePositive } from "./rates.ts";

/** The rates that are compared between groups, and in words the rows that each counts. */
export const namedRates = {
  "selection-rate": { kind: selection, rows: "rows" },
  "true-positive-rate": { kind: truePositive, rows: "rows with the favourable label" },
  "error-rate": { kind: errorRate, rows: "rows" },
  "false-positive-rate": { kind: falsePositive, rows: "rows with another label than the favourable one" },
} as const satisfies Record<string, { readonly kind: RateKind; readonly rows: string }>;
export type RateName = keyof typeof namedRates;

interface PairNeeds {
  readonly answers: Predictions;
  readonly groups: readonly Grouping[];
  readonly favourable: string;
}

/** The groups of one column by one rate. */
interface RateSet {
  readonly rate: RateName;
  readonly column: string;
  readonly rates: readonly Rate[];
}

const confidence = 0.95;
const population = "people like those of the test split";
/** A column with more groups is not compared pair by pair, and the verdict says so. */
const mostGroups = 100;
/** Of many pairs, those whose intervals reach furthest and those that are proven furthest. */
const mostPairs = { reaching: 60, proven: 40 };
const mostSeries = 50;

/**
 * Compares the rates of all pairs of groups, over all columns and all the rates asked for, with intervals that hold together (Bonferroni over the number of all these pairs), so
 * that the worst pair may be picked and quoted. A pair's `value`, `low` and `high` speak of the distance of the two rates whichever is higher.
 */
export function measurePairs({ answers, groups, favourable }: PairNeeds, rates: readonly RateName[], comparison: Comparison): Measured {
  const wished = favourableIndex(answers.classes, favourable);
  const sets = rates.flatMap((rate) =>
    groups.map(
      (grouping): RateSet => ({ rate, column: grouping.column, rates: ratesBy(namedRates[rate].kind, answers, wished, grouping) }),
    ),
  );
  const compared = sets.filter(({ rates: { length } }) => length <= mostGroups);
  const comparisons = compared.reduce((sum, { rates: all }) => sum + pairsAmong(all.filter(({ n }) => n > 0).length), 0);
  const pairs = compared.flatMap((set) =>
    comparison.joint(set.rates, { confidence, comparisons }).pairs.map((pair) => pairMeasure(set, pair, comparison)),
  );
  return {
    measures: [
      ...worstOf(pairs, comparison),
      ...compared.flatMap(groupMeasures),
      ...sets.filter((set) => !compared.includes(set)).map(uncompared),
    ],
    series: compared.slice(0, mostSeries).map(bars),
  };
}

export const pairsAmong = (groups: number) => (groups * (groups - 1)) / 2;

function pairMeasure({ rate, column }: RateSet, pair: JointPairs["pairs"][number], { measure, unit, none, distance }: Comparison): Measure {
  const { lower, higher, value, n } = pair;
  const of = { column, lower: lower.name, upper: higher.name };
  return { name: `${rate}-${measure}`, value, unit, ...distance(pair), confidence, population, baseline: none, n, of };
}

/** All pairs, the worst first; of very many, those that decide. */
function worstOf(pairs: readonly Measure[], { reach, proof }: Comparison): Measure[] {
  const sorted = pairs.toSorted((a, b) => reach(b) - reach(a));
  if (sorted.length <= mostPairs.reaching + mostPairs.proven) return sorted;
  const kept = new Set(sorted.slice(0, mostPairs.reaching));
  for (const pair of sorted.toSorted((a, b) => proof(b) - proof(a)).slice(0, mostPairs.proven)) kept.add(pair);
  return sorted.filter((pair) => kept.has(pair));
}

/** Each group's own rate; of a group without a row that counts, that there is none. */
const groupMeasures = ({ rate, column, rates }: RateSet): Measure[] =>
  rates.map(({ name, successes, n }) => {
    const interval = wilson(successes, n, confidence);
    const of = { column, group: name };
    if (interval === null) return { name: `${rate}-rows`, value: 0, unit: "rows", of };
    const { value, low, high } = interval;
    return { name: rate, value, unit: "share", low, high, confidence, population, n, of };
  });

const uncompared = ({ rate, column, rates }: RateSet): Measure => ({
  name: `${rate}-rows-not-compared`,
  value: rates.reduce((sum, { n }) => sum + n, 0),
  unit: "rows",
  of: { column, groups: rates.length },
});

function bars({ rate, column, rates }: RateSet): Series {
  const known = rates.flatMap(({ name, successes, n }) => {
    const interval = wilson(successes, n, confidence);
    return interval === null ? [] : [{ name, ...interval }];
  });
  const successes = rates.reduce((sum, each) => sum + each.successes, 0);
  const n = rates.reduce((sum, each) => sum + each.n, 0);
  return {
    name: `${rateWords(rate)} by ${column}`,
    kind: "bars",
    x: { label: column, values: known.map(({ name }) => name) },
    y: { label: rateWords(rate), values: known.map(({ value }) => value) },
    low: known.map(({ low }) => low),
    high: known.map(({ high }) => high),
    reference: known.map(() => successes / n),
  };
}

/** `true-positive-rate` as `true-positive rate`. */
export const rateWords = (rate: string) => rate.replace(/-rate$/, " rate");
