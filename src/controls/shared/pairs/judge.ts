import type { Measure, Measured, Verdict } from "../../measured.ts";
import { met, undecided, unmet } from "../../verdicts.ts";
import type { Comparison } from "./comparisons.ts";
import { rateWords } from "./measure.ts";
import { neededForOpen, neededForUnknown } from "./needed.ts";
import { plain, rateOfPair, type Seen, seenIn, type Unknown } from "./seen.ts";

const mostDecisive = 8;

/**
 * Met only if every pair's joint interval lies within the limit and nothing was left uncompared; unmet if any lies wholly beyond it; else undecided, with the rows that would decide.
 */
export function judgePairs(measured: Measured, limit: number, comparison: Comparison, remedy: string): Verdict {
  const seen = seenIn(measured, comparison);
  const { proof, reach, beyond, within, better } = comparison;
  const decisive = (first: readonly Measure[]) =>
    [...first, ...seen.pairs.filter((pair) => !first.includes(pair))].slice(0, mostDecisive).map((measure) => ({ measure, limit, better }));
  const proven = seen.pairs.filter((pair) => beyond(pair, limit)).toSorted((a, b) => proof(b) - proof(a));
  const open = seen.pairs.filter((pair) => !within(pair, limit)).toSorted((a, b) => reach(b) - reach(a));
  // Of very many pairs, not all are kept.
  const atLeast = seen.pairs.length < seen.comparisons ? "at least " : "";
  const [worst] = proven;
  if (worst !== undefined)
    return unmet(`${saysOf(worst, seen, limit, comparison)}${others(proven.length - 1, atLeast)}`, { remedy, decisive: decisive(proven) });
  const [widest] = open;
  if (widest !== undefined) {
    const more = open.length - 1;
    const rest = `: too few rows to tell${more === 0 ? "" : more === 1 ? ", as for one more pair" : `, as for ${atLeast}${more} more pairs`}`;
    const reason = `${saysOf(widest, seen, limit, comparison)}${rest}${also(seen.unknown)}`;
    return undecided(reason, { remedy: neededForOpen(open, seen, limit, comparison), decisive: decisive(open) });
  }
  const [first, ...more] = seen.unknown;
  if (first !== undefined || seen.pairs.length === 0) {
    const reason = first === undefined ? "there are no two groups to compare" : `${first.says}${also(more)}`;
    return undecided(reason, { remedy: neededForUnknown(first, seen, limit, comparison), decisive: decisive([]) });
  }
  return met(boundOf(seen, limit, comparison), { decisive: decisive([]) });
}

function saysOf(pair: Measure, { comparisons }: Seen, limit: number, { says, bare, amount }: Comparison): string {
  const { of = {}, value, low = 0, high = 1 } = pair;
  const interval = `${jointly(comparisons)} ${bare(low, limit)} to ${bare(high, limit)}`;
  const sentence = says(rateWords(rateOfPair(pair)), plain(of.lower), plain(of.upper), value);
  return `${sentence} (${plain(of.column)}; ${interval}; limit ${amount(limit)})`;
}

const jointly = (comparisons: number) =>
  comparisons > 1 ? `joint 95 % interval over ${comparisons.toLocaleString("en-GB")} pairs` : "95 % interval";

function boundOf({ pairs, comparisons }: Seen, limit: number, { reach, within, bound, amount, better, bare }: Comparison): string {
  const [furthest] = pairs.filter((pair) => within(pair, limit)).toSorted((a, b) => reach(b) - reach(a));
  const { of = {}, low = 0, high = 0 } = furthest ?? {};
  const rates = [...new Set(pairs.map((pair) => rateWords(rateOfPair(pair)).replace(/ rate$/, "")))].join(" or ");
  const end = better === "low" ? high : low;
  const where = `${plain(of.lower)} against ${plain(of.upper)} of ${plain(of.column)}`;
  return `${bound(`${rates} rate`, amount(end, limit))} (${where}; ${jointly(comparisons)} ${bare(low, limit)} to ${bare(high, limit)}; limit ${amount(limit)})`;
}

const others = (more: number, atLeast: string) =>
  more <= 0 ? "" : more === 1 ? "; one more pair lies beyond the limit" : `; ${atLeast}${more} more pairs lie beyond the limit`;
const also = (unknown: readonly Unknown[]) => {
  const shown = unknown.slice(0, 3).map(({ says }) => `; ${says}`);
  return `${shown.join("")}${unknown.length > 3 ? `; and ${unknown.length - 3} more cannot be compared` : ""}`;
};
