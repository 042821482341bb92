import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import type { Random } from "../base/index.ts";
import { drawBinomial } from "./binomial.ts";
import type { Interval } from "./interval.ts";
import { quantileOfSorted } from "./quantiles.ts";

/** How a sample is drawn again. */
export interface BootstrapOptions {
  /** How often the sample is drawn again; 1,000 is enough for 95 %. */
  readonly replicates: number;
  readonly random: Random;
  readonly confidence?: number;
  /** The stratum (0, 1, ...) of each row or cell: each keeps its size, as two splits or two classes that were drawn apart. */
  readonly strata?: Int32Array;
  /** `percentile` unless said; `bca` corrects for bias and skewness (Efron 1987), at some hundred more calls of the statistic. */
  readonly method?: "percentile" | "bca";
}

/** A statistic of a sample in which row r stands `weights[r]` times. It must not keep the array. */
export type WeightedStatistic = (weights: Int32Array) => number;

/** More replicates than this without a value (no positive was drawn, say), and there is no interval. */
const mostUndefined = 0.05;
/** Blocks of rows left out in turn to estimate the skewness of the statistic. */
const mostBlocks = 200;

/**
 * The interval of a statistic over `n` rows, drawn again with replacement. Whatever the statistic compares row by row stays paired. Replicates of which it is NaN are left
 * out, and above 5 % of them, or when it is NaN of the sample itself, the answer is null. A sample without any variation (not one wrong answer) gives an interval without width:
 * take an exact one there.
 */
export function bootstrap(n: number, statistic: WeightedStatistic, options: BootstrapOptions): Interval | null {
  const { random, strata } = options;
  const weights = new Int32Array(n);
  const pools = strata === undefined ? null : poolsOf(strata);
  const draw = () => {
    weights.fill(0);
    if (pools === null) for (let drawn = 0; drawn < n; drawn++) weights[random.integer(n)]! += 1;
    else for (const pool of pools) for (let drawn = 0; drawn < pool.length; drawn++) weights[pool[random.integer(pool.length)]!]! += 1;
    return statistic(weights);
  };
  const value = statistic(weights.fill(1));
  return intervalOf(value, n, draw, options, () => withoutBlocks(n, statistic));
}

/**
 * The same for a statistic that depends on how many rows fall into each cell alone, as all that is read off a confusion matrix: one multinomial draw per replicate instead
 * of one per row. The array given to `statistic` must not be kept.
 */
export function bootstrapCounts(
  counts: Float64Array,
  statistic: (counts: Float64Array) => number,
  options: Omit<BootstrapOptions, "method">,
): Interval | null {
  const drawn = new Float64Array(counts.length);
  const pools = poolsOf(options.strata ?? new Int32Array(counts.length));
  const totals = pools.map((pool) => pool.reduce((sum, cell) => sum + counts[cell]!, 0));
  const draw = () => {
    for (const [at, pool] of pools.entries()) drawMultinomial(pool, totals[at]!, counts, drawn, options.random);
    return statistic(drawn);
  };
  const rows = totals.reduce((sum, total) => sum + total, 0);
  return intervalOf(statistic(counts.slice()), rows, draw, options, () => []);
}

function drawMultinomial(cells: Int32Array, total: number, counts: Float64Array, drawn: Float64Array, random: Random): void {
  let rows = total;
  let mass = total;
  for (const cell of cells) {
    const count = counts[cell]!;
    drawn[cell] = mass <= 0 ? 0 : drawBinomial(rows, Math.min(1, count / mass), random);
    rows -= drawn[cell]!;
    mass -= count;
  }
}

/** The rows of each stratum. */
function poolsOf(strata: Int32Array): Int32Array[] {
  const pools = new Map<number, number[]>();
  for (const [row, stratum] of strata.entries()) {
    const pool = pools.get(stratum);
    if (pool === undefined) pools.set(stratum, [row]);
    else pool.push(row);
  }
  return [...pools.values()].map((pool) => Int32Array.from(pool));
}

function intervalOf(
  value: number,
  n: number,
  draw: () => number,
  options: BootstrapOptions,
  jackknife: () => readonly number[],
): Interval | null {
  const { replicates, confidence = 0.95, method = "percentile" } = options;
  if (!Number.isFinite(value)) return null;
  const drawn = Float64Array.from({ length: replicates }, draw).filter(Number.isFinite).sort();
  if (drawn.length < replicates * (1 - mostUndefined)) return null;
  const tails = [(1 - confidence) / 2, 1 - (1 - confidence) / 2];
  const at = method === "bca" ? tails.map(corrected(value, drawn, jackknife())) : tails;
  const [low = Number.NaN, high = Number.NaN] = at.map((tail) => quantileOfSorted(drawn, tail));
  return { value, low: Math.min(low, value), high: Math.max(high, value), confidence, n };
}

/** Where in the replicates a limit lies once bias and skewness are accounted for (Efron 1987, eq. 2.3). */
function corrected(value: number, drawn: Float64Array, jackknife: readonly number[]): (tail: number) => number {
  let below = 0;
  for (const each of drawn) below += each < value ? 1 : each === value ? 0.5 : 0;
  const share = Math.min(Math.max(below, 0.5), drawn.length - 0.5) / drawn.length;
  const bias = normalQuantile(share, 0, 1);
  const middle = jackknife.reduce((sum, each) => sum + each, 0) / jackknife.length;
  const cubes = jackknife.reduce((sum, each) => sum + (middle - each) ** 3, 0);
  const squares = jackknife.reduce((sum, each) => sum + (middle - each) ** 2, 0);
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  return (tail) => {
    const shifted = bias + normalQuantile(tail, 0, 1);
    return normalCdf(bias + shifted / (1 - acceleration * shifted), 0, 1);
  };
}

/** The statistic with each block of rows left out in turn; row r is in block r mod blocks, so that an order in the file does no harm. */
function withoutBlocks(n: number, statistic: WeightedStatistic): number[] {
  const blocks = Math.min(n, mostBlocks);
  const weights = new Int32Array(n);
  const values = Array.from({ length: blocks }, (_, block) => {
    weights.fill(1);
    for (let row = block; row < n; row += blocks) weights[row] = 0;
    return statistic(weights);
  });
  return values.filter(Number.isFinite);
}
