import { ascending, endOfTie } from "./ranks.ts";

type Ranking = (rows: Int32Array, score: (row: number) => number, isPositive: (row: number) => boolean) => (weights: Int32Array) => number;

/** Rows sorted once by falling score; `ends[at]` says that the next row's score is another. */
function ranked(rows: Int32Array, score: (row: number) => number, isPositive: (row: number) => boolean) {
  const scores = Float64Array.from(rows, score);
  const order = ascending(scores).reverse();
  const ends = new Uint8Array(order.length);
  for (let from = 0; from < order.length; ) {
    from = endOfTie(scores, order, from);
    ends[from - 1] = 1;
  }
  const sorted = Int32Array.from(order, (at) => rows[at]!);
  return { sorted, ends, positive: Uint8Array.from(sorted, (row) => (isPositive(row) ? 1 : 0)) };
}

/** Walks down the scores; `step` sees, after each run of equal scores, the weight of positives and negatives in it and above it. */
function walk(
  { sorted, ends, positive }: ReturnType<typeof ranked>,
  weights: Int32Array,
  step: (hits: number, alarms: number, hitsAbove: number, alarmsAbove: number) => void,
): { hits: number; alarms: number } {
  let [hits, alarms, hitsAbove, alarmsAbove] = [0, 0, 0, 0];
  for (let at = 0; at < sorted.length; at++) {
    if (positive[at]) hits += weights[sorted[at]!]!;
    else alarms += weights[sorted[at]!]!;
    if (!ends[at]) continue;
    step(hits, alarms, hitsAbove, alarmsAbove);
    [hitsAbove, alarmsAbove] = [hits, alarms];
  }
  return { hits, alarms };
}

/** The area under the ROC curve of weighted rows, ties counting half; NaN unless both kinds are there. */
export const rankingArea: Ranking = (rows, score, isPositive) => {
  const order = ranked(rows, score, isPositive);
  return (weights) => {
    let area = 0;
    const { hits, alarms } = walk(order, weights, (hit, alarm, hitAbove, alarmAbove) => {
      area += ((alarm - alarmAbove) * (hit + hitAbove)) / 2;
    });
    return area / (hits * alarms);
  };
};

/** Average precision: the mean of the precision over the recall's steps, without interpolation; NaN without a positive. */
export const rankingPrecision: Ranking = (rows, score, isPositive) => {
  const order = ranked(rows, score, isPositive);
  return (weights) => {
    let sum = 0;
    const { hits } = walk(order, weights, (hit, alarm, hitAbove) => {
      if (hit > hitAbove) sum += ((hit - hitAbove) * hit) / (hit + alarm);
    });
    return sum / hits;
  };
};
