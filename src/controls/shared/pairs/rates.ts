import type { Grouping } from "../../needs/groups.ts";
import type { Predictions } from "../../needs/predictions.ts";

/** How often something happened among those to whom it could. */
export interface Rate {
  readonly name: string;
  readonly successes: number;
  readonly n: number;
}

/** Which rows count, and which of them are successes. */
export interface RateKind {
  counts(truth: number, favourable: number): boolean;
  succeeds(answer: number, favourable: number, truth: number): boolean;
}

const favoured = (answer: number, favourable: number) => answer === favourable;

export const selection: RateKind = { counts: () => true, succeeds: favoured };
export const truePositive: RateKind = { counts: (truth, favourable) => truth === favourable, succeeds: favoured };
export const falsePositive: RateKind = { counts: (truth, favourable) => truth !== favourable, succeeds: favoured };

/** Whatever is wished for. */
export const errorRate: RateKind = { counts: () => true, succeeds: (answer, _, truth) => answer !== truth };

/** The rate of each group, in the grouping's order. Rows without a true label count nowhere. */
export function ratesBy(kind: RateKind, { truth, answers }: Predictions, favourable: number, { groups, members }: Grouping): Rate[] {
  const n = new Float64Array(groups.length);
  const successes = new Float64Array(groups.length);
  for (let row = 0; row < truth.length; row++) {
    const group = members[row]!;
    if (truth[row]! < 0 || group < 0 || !kind.counts(truth[row]!, favourable)) continue;
    n[group]! += 1;
    if (kind.succeeds(answers[row]!, favourable, truth[row]!)) successes[group]! += 1;
  }
  return groups.map((name, at) => ({ name, successes: successes[at]!, n: n[at]! }));
}
