import type { Measure } from "../../measured.ts";
import { missingGroup } from "../../needs/groups.ts";
import { count } from "../../verdicts.ts";
import { growthNeeded, roughly } from "../growth.ts";
import type { Comparison } from "./comparisons.ts";
import { namedRates } from "./measure.ts";
import { plain, rateOfPair, type Seen, type Unknown } from "./seen.ts";

interface Needed {
  readonly pair: Measure;
  readonly factor: number;
}

/**
 * What would end the doubt, computed as if every rate stayed as estimated. Where an estimate lies beyond the limit, one proven pair is enough: the one that needs fewest rows.
 * Where none does, every pair must be shown to lie within: the one that needs most.
 */
export function neededForOpen(open: readonly Measure[], seen: Seen, limit: number, comparison: Comparison): string {
  const columns = new Set(open.filter(hasMissing).map(({ of }) => plain(of?.column)));
  const others = open.filter((pair) => !hasMissing(pair));
  return [...Array.from(columns, fillIn), ...(others.length > 0 ? [rowsForOpen(others, seen, limit, comparison)] : [])].join(" ");
}

/** Nobody can gather more people of whom nothing is known. */
const fillIn = (column: string) => `Fill in the missing values of ${column} in the test rows: each may belong to any group.`;
const hasMissing = ({ of = {} }: Measure) => of.lower === missingGroup || of.upper === missingGroup;

function rowsForOpen(open: readonly Measure[], seen: Seen, limit: number, comparison: Comparison): string {
  const suspects = open.filter(({ value }) => comparison.beyond({ low: value, high: value }, limit));
  const growths = (suspects.length > 0 ? suspects : open).map((pair) => ({ pair, decides: decidesOn(pair, seen, limit, comparison) }));
  const needed = suspects.length > 0 ? soonest(growths) : latest(growths);
  if (needed === undefined)
    return "The rates lie so near to the limit that no realistic number of rows would decide: change the model, or set the limit under `policy` with `because`.";
  return rowsInWords(needed, seen, suspects.length > 0 ? "prove" : open.length > 1 ? "decide-all" : "decide");
}

function rowsInWords({ pair, factor }: Needed, seen: Seen, end: "prove" | "decide" | "decide-all"): string {
  const [lower, upper] = countsOf(pair, seen);
  const need = ({ n }: NamedCount) => count(roughly(n * factor));
  const times = factor < 10 ? factor.toFixed(1) : count(roughly(factor));
  const lowerRows = `${need(lower)} ${namedRates[rateOfPair(pair)].rows} of ${plain(lower.name)} (now ${count(lower.n)})`;
  const upperRows = `${need(upper)} of ${plain(upper.name)} (now ${count(upper.n)})`;
  const would = end === "prove" ? "prove the difference between" : "tell on which side of the limit";
  const who = end === "prove" ? `${plain(lower.name)} and ${plain(upper.name)}` : `${plain(lower.name)} and ${plain(upper.name)} lie`;
  const others = end === "decide-all" ? "; the other pairs need fewer" : "";
  return `Test on about ${times} times as many rows like these: if the rates stay as estimated, about ${lowerRows} and ${upperRows} would ${would} ${who}${others}.`;
}

interface Growth {
  readonly pair: Measure;
  /** Whether so many times as many rows would tell. */
  decides(factor: number): boolean;
}

/** The pair that needs fewest rows; most of the others are asked about its number alone. */
function soonest(growths: readonly Growth[]): Needed | undefined {
  let best: Needed | undefined;
  for (const { pair, decides } of growths) {
    if (best !== undefined && !decides(best.factor)) continue;
    const factor = growthNeeded(decides);
    if (factor !== null && (best === undefined || factor < best.factor)) best = { pair, factor };
  }
  return best;
}

/** The pair that needs most rows; none where one needs more than there can be. */
function latest(growths: readonly Growth[]): Needed | undefined {
  let worst: Needed | undefined;
  for (const { pair, decides } of growths) {
    if (worst !== undefined && decides(worst.factor)) continue;
    const factor = growthNeeded(decides);
    if (factor === null) return undefined;
    worst = { pair, factor };
  }
  return worst;
}

function decidesOn(pair: Measure, seen: Seen, limit: number, comparison: Comparison): Growth["decides"] {
  const counts = countsOf(pair, seen);
  const grown = (factor: number) => counts.map((each) => ({ ...each, successes: each.successes * factor, n: each.n * factor }));
  return (factor) => decided(grown(factor), seen, limit, comparison);
}

interface NamedCount {
  readonly name: string;
  readonly successes: number;
  readonly n: number;
}

function decided(
  counts: readonly NamedCount[],
  { comparisons }: Seen,
  limit: number,
  { joint, distance, within, beyond }: Comparison,
): boolean {
  const [pair] = joint(counts, { comparisons }).pairs;
  return pair !== undefined && (within(distance(pair), limit) || beyond(distance(pair), limit));
}

/** Of the lower and the upper group. */
function countsOf({ of = {}, name }: Measure, { groups }: Seen): [NamedCount, NamedCount] {
  const countOf = (group: unknown): NamedCount => {
    const rate = rateOfPair({ name } as Measure);
    const found = groups.find((each) => each.name === rate && each.of?.column === of.column && each.of?.group === group);
    const n = found?.n ?? 0;
    return { name: String(group), successes: Math.round((found?.value ?? 0) * n), n };
  };
  return [countOf(of.lower), countOf(of.upper)];
}

/** What would make comparable what could not be compared. */
export function neededForUnknown(unknown: Unknown | undefined, seen: Seen, limit: number, comparison: Comparison): string {
  if (unknown === undefined) return "Declare a sensitive column that has two or more groups in the test split.";
  const { why, column, rate, group } = unknown;
  const { rows } = namedRates[rate];
  if (why === "many") return `Give ${plain(column)} coarser groups in the data, a hundred at most, or take it out of \`sensitive\`.`;
  if (why === "alone") return `Test on ${rows} of two or more groups of ${plain(column)}, or take it out of \`sensitive\`.`;
  if (why === "none-favoured") return "Look at why the model gives no favourable answer, and test on more rows.";
  if (group === missingGroup) return fillIn(plain(column));
  const n = rowsForEmpty(unknown, seen, limit, comparison);
  const how = n === null ? "as many as of the largest group" : `about ${count(roughly(n))}`;
  return `Gather ${rows} of ${plain(group)}: ${how}, if its rate is like the others'.`;
}

/** Rows that a group without any needs, if its rate is that of all others, to be compared with the largest of them. */
function rowsForEmpty({ rate, column }: Unknown, seen: Seen, limit: number, comparison: Comparison): number | null {
  const peers = seen.groups
    .filter(({ name, of }) => name === rate && of?.column === column)
    .map(({ value, n = 0 }) => ({ successes: value * n, n }));
  const all = peers.reduce((sum, { successes, n }) => ({ successes: sum.successes + successes, n: sum.n + n }), { successes: 0, n: 0 });
  const largest = peers.toSorted((a, b) => b.n - a.n)[0];
  if (largest === undefined) return null;
  const share = all.successes / all.n;
  const counts = (n: number) => [
    { name: "largest", successes: share * largest.n, n: largest.n },
    { name: "empty", successes: share * n, n },
  ];
  return growthNeeded((n) => decided(counts(n), { ...seen, comparisons: seen.comparisons + peers.length }, limit, comparison), 1_000_000);
}
