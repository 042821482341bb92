import { printable } from "../../../base/index.ts";
import type { Measure, Measured } from "../../measured.ts";
import type { Comparison } from "./comparisons.ts";
import { namedRates, pairsAmong, type RateName } from "./measure.ts";

/** What `measurePairs` measured, read back. */
export interface Seen {
  readonly pairs: readonly Measure[];
  readonly groups: readonly Measure[];
  /** How many intervals hold together. */
  readonly comparisons: number;
  /** What cannot be compared, in words. */
  readonly unknown: readonly Unknown[];
}

export interface Unknown {
  readonly says: string;
  readonly rate: RateName;
  readonly column: string;
  readonly group?: string;
  readonly why: "empty" | "alone" | "many" | "none-favoured";
}

export function seenIn({ measures }: Measured, comparison: Comparison): Seen {
  const pairs = measures.filter(({ name, of }) => of?.lower !== undefined && name.endsWith(`-${comparison.measure}`));
  const groups = measures.filter(({ name, of }) => of?.group !== undefined && name in namedRates);
  const sets = [...Map.groupBy(groups, ({ name, of }) => JSON.stringify([name, of?.column])).values()];
  const comparisons = sets.reduce((sum, set) => sum + pairsAmong(set.length), 0);
  const alone = sets.filter((set) => set.length === 1).flatMap(([only]) => (only === undefined ? [] : [aloneIn(only)]));
  const none = comparison.measure === "ratio" ? sets.filter((set) => set.length > 1 && set.every(({ value }) => value === 0)) : [];
  const empty = measures.filter(({ name, of }) => of?.group !== undefined && name.endsWith("-rows")).map(emptyGroup);
  const many = measures.filter(({ name }) => name.endsWith("-rows-not-compared")).map(tooMany);
  return {
    pairs,
    groups,
    comparisons,
    unknown: [...empty, ...alone, ...none.flatMap(([one]) => (one === undefined ? [] : [noneFavoured(one)])), ...many],
  };
}

const rateOf = (name: string) => name.replace(/-(gap|ratio|rows|rows-not-compared)$/, "") as RateName;
export const rateOfPair = ({ name }: Measure) => rateOf(name);

function emptyGroup({ name, of = {} }: Measure): Unknown {
  const rate = rateOf(name);
  const [column, group] = [String(of.column), String(of.group)];
  return {
    says: `${plain(group)} of ${plain(column)} has no ${namedRates[rate].rows}, so that nothing is known of it`,
    rate,
    column,
    group,
    why: "empty",
  };
}

function aloneIn({ name, of = {} }: Measure): Unknown {
  const column = String(of.column);
  return { says: `${plain(column)} has ${namedRates[rateOf(name)].rows} of one group only`, rate: rateOf(name), column, why: "alone" };
}

function noneFavoured({ name, of = {} }: Measure): Unknown {
  const column = String(of.column);
  return {
    says: `no group of ${plain(column)} gets a single favourable answer, so that there is no ratio`,
    rate: rateOf(name),
    column,
    why: "none-favoured",
  };
}

function tooMany({ name, of = {} }: Measure): Unknown {
  const column = String(of.column);
  return {
    says: `${plain(column)} has ${Number(of.groups).toLocaleString("en-GB")} groups, too many to compare pair by pair`,
    rate: rateOf(name),
    column,
    why: "many",
  };
}

/** A name from the data as it may stand in a sentence. */
export const plain = (name: unknown) => {
  const safe = printable(String(name));
  return safe.length <= 60 ? safe : `${safe.slice(0, 50)} … ${safe.slice(-6)}`;
};
