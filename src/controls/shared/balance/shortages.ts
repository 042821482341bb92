import type { Measure } from "../../measured.ts";
import { count, type Deciding, percent } from "../../verdicts.ts";
import { roughly } from "../growth.ts";
import { plain } from "../pairs/seen.ts";
import { type Counted, plural } from "./measure.ts";

export interface BalanceLimits {
  /** Fewest rows. */
  readonly rows: number;
  /** Smallest part of the declared share. */
  readonly ofPopulation: number;
  /** Smallest part of an even share, where no population is declared; null: an even share is nothing to ask for. */
  readonly ofEven: number | null;
}

/** A class or group that falls short of a limit. */
export interface Shortage extends Deciding {
  readonly says: string;
  /** Rows to add until the limit is reached, if the others stay. */
  readonly lacking: number;
}

export const nameOf = (what: Counted, { of = {} }: Measure) => `${plain(of[what])} of ${plain(of.column)}`;
const sameGroup = (what: Counted, a: Measure, b: Measure) => a.of?.column === b.of?.column && a.of?.[what] === b.of?.[what];

/** All shortages, the worst first; a group may fall short of several limits. */
export function shortagesIn(what: Counted, measures: readonly Measure[], limits: BalanceLimits): Shortage[] {
  const uneven = new Set(measures.filter(({ name }) => name === "rows-without-population").map(({ of }) => of?.column));
  const found = measures.flatMap((measure): Shortage[] => {
    if (measure.name === `${what}-rows`) return tooFew(what, measure, limits);
    if (measure.name === `${what}-share-to-population`) return againstPopulation(what, measure, measures, limits);
    if (measure.name === `${what}-share` && limits.ofEven !== null && uneven.has(measure.of?.column))
      return againstEven(what, measure, limits.ofEven);
    return [];
  });
  return found.toSorted((a, b) => a.measure.value / a.limit - b.measure.value / b.limit);
}

/** Each class or group once, by its worst shortage. */
export const oncePerGroup = (what: Counted, short: readonly Shortage[]) =>
  short.filter((each, at) => short.findIndex(({ measure }) => sameGroup(what, measure, each.measure)) === at);

function tooFew(what: Counted, measure: Measure, { rows: limit }: BalanceLimits): Shortage[] {
  const { value } = measure;
  if (value >= limit) return [];
  const says = `${nameOf(what, measure)} has ${inWords(value)}, fewer than ${count(limit)}`;
  return [{ says, measure, limit, better: "high", lacking: limit - value }];
}

const inWords = (rows: number) => (rows === 0 ? "no training row" : rows === 1 ? "one training row" : `${count(rows)} training rows`);

function againstPopulation(
  what: Counted,
  measure: Measure,
  measures: readonly Measure[],
  { ofPopulation: limit }: BalanceLimits,
): Shortage[] {
  if (measure.value >= limit) return [];
  const share = measures.find((each) => each.name === `${what}-share` && sameGroup(what, each, measure));
  const { baseline: declared = 0, n = 0, value = 0 } = share ?? {};
  const says = `${madeUp(what, measure, value, n)}, and ${percent(declared)} of the declared population: ${measure.value.toFixed(2)} of it, less than ${limit}`;
  return [{ says, measure, limit, better: "high", lacking: lackingTo(limit * declared, value * n, n) }];
}

function againstEven(what: Counted, measure: Measure, ofEven: number): Shortage[] {
  const { value, baseline = 1, n = 0 } = measure;
  const limit = ofEven * baseline;
  if (value >= limit) return [];
  const says = `${madeUp(what, measure, value, n)}, less than ${percent(limit)}, ${ofEven} of an even share`;
  return [{ says, measure, limit, better: "high", lacking: lackingTo(limit, value * n, n) }];
}

const madeUp = (what: Counted, measure: Measure, share: number, n: number) =>
  `${nameOf(what, measure)} makes up ${percent(share)} of the training rows (${count(share * n)} of ${count(n)})`;

/** Rows to add to one group, the others staying, until its share is `share`. */
const lackingTo = (share: number, own: number, n: number) => (share < 1 ? Math.max(0, (share * n - own) / (1 - share)) : 0);

/** What to do about the worst group: rows enough for each limit that it falls short of. */
export function remedyFor(what: Counted, { measure }: Shortage, all: readonly Shortage[]): string {
  const lacking = Math.max(...all.filter((each) => sameGroup(what, each.measure, measure)).map((each) => each.lacking));
  const rows = `about ${count(roughly(lacking))} more training rows of ${nameOf(what, measure)}`;
  const column = plain(measure.of?.column);
  const otherwise =
    what === "class"
      ? `If it is as rare among the people that the system is for, declare that: \`population: { ${column}: { VALUE: SHARE } }\`.`
      : "Until then, do not rely on the model for that group without measuring it there.";
  return `Gather ${rows}, or weight those that there are and check what that does to the other ${plural(what)}. ${otherwise}`;
}
