/** What a node asks of its feature; `member`: whether it is one of a set. */
export const modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER"] as const;
export type Mode = (typeof modes)[number];

export const transforms = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"] as const;
export type Transform = (typeof transforms)[number];

export const aggregates = ["AVERAGE", "SUM", "MIN", "MAX"] as const;
export type Aggregate = (typeof aggregates)[number];

/** onnxruntime's rule for two classes: the second is answered where the sum of class `of` is above `limit`. */
export interface Binary {
  readonly of: 0 | 1;
  readonly limit: 0 | 0.5;
  /** All weights speak of the first class by its number, and their sum, of the second, becomes two scores. */
  readonly isSingle: boolean;
}

/** Trees flat in arrays. A child below 0 is a leaf: ~child is its place. */
export interface Ensemble {
  /** One more than the greatest feature that a node asks about. */
  readonly width: number;
  /** Classes, or targets of a regression. */
  readonly outputs: number;
  readonly roots: Int32Array;
  readonly features: Int32Array;
  readonly modes: readonly Mode[];
  /** As float32 has them, unless the file stores float64. */
  readonly splits: Float64Array;
  readonly members: ReadonlyMap<number, Float64Array>;
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** 1 where a missing value goes to `yes`. */
  readonly missing: Uint8Array;
  /** Leaf `i` adds weights[from[i]] .. weights[from[i + 1]] to the outputs that `targets` names. */
  readonly from: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
  /** One for each output, or none. */
  readonly bases: Float64Array;
  readonly aggregate: Aggregate;
  readonly transform: Transform;
  /** Of a classifier of two classes: how onnxruntime answers. */
  readonly binary: Binary | null;
  /** Sums are rounded to float32 at each step. */
  readonly isFloat32: boolean;
}

/** The leaf of one tree that a row comes to. */
export function leafOf(ensemble: Ensemble, root: number, row: ArrayLike<number>): number {
  let at = root;
  while (at >= 0) at = takes(ensemble, at, row[ensemble.features[at]!]!) ? ensemble.yes[at]! : ensemble.no[at]!;
  return ~at;
}

function takes({ modes: kinds, splits, members, missing }: Ensemble, at: number, value: number): boolean {
  if (Number.isNaN(value) && missing[at] === 1) return true;
  const split = splits[at]!;
  switch (kinds[at]!) {
    case "BRANCH_LEQ":
      return value <= split;
    case "BRANCH_LT":
      return value < split;
    case "BRANCH_GTE":
      return value >= split;
    case "BRANCH_GT":
      return value > split;
    case "BRANCH_EQ":
      return value === split;
    case "BRANCH_NEQ":
      return value !== split;
    case "BRANCH_MEMBER":
      return members.get(at)?.includes(value) ?? false;
  }
}

/** What the trees sum to for a row, one number an output, before any transform; in the order and the precision of onnxruntime on one thread. */
export function sumsOf(ensemble: Ensemble, row: ArrayLike<number>, into = new Float64Array(ensemble.outputs)): Float64Array {
  const { roots, from, targets, weights, bases, aggregate, isFloat32 } = ensemble;
  const round = isFloat32 ? Math.fround : (value: number) => value;
  const isFirst = new Uint8Array(into.length).fill(1);
  into.fill(0);
  for (const root of roots) {
    const leaf = leafOf(ensemble, root, row);
    for (let at = from[leaf]!; at < from[leaf + 1]!; at++) {
      const target = targets[at]!;
      const weight = weights[at]!;
      if (aggregate === "MIN" || aggregate === "MAX") {
        const other = aggregate === "MIN" ? Math.min : Math.max;
        into[target] = isFirst[target] === 1 ? weight : other(into[target]!, weight);
      } else into[target] = round(into[target]! + weight);
      isFirst[target] = 0;
    }
  }
  for (let at = 0; at < into.length; at++) {
    if (aggregate === "AVERAGE") into[at] = round(into[at]! / roots.length);
    into[at] = round(into[at]! + (bases[at] ?? 0));
  }
  return into;
}

/** The scores that the node gives, made of its sums: as onnxruntime's second output of a classifier, or its only one of a regression. */
export function scoresOf({ binary, transform }: Ensemble, sums: Float64Array): Float64Array {
  if (binary?.isSingle !== true) return transformed(transform, sums);
  const sum = sums[0]!;
  if (binary.limit === 0.5) return Float64Array.of(Math.fround(1 - sum), sum);
  return transform === "LOGISTIC" ? Float64Array.of(logistic(-sum), logistic(sum)) : Float64Array.of(-sum, sum);
}

function transformed(transform: Transform, sums: Float64Array): Float64Array {
  switch (transform) {
    case "NONE":
      return sums.slice();
    case "LOGISTIC":
      return sums.map(logistic);
    case "PROBIT":
      return sums.map(probit);
    case "SOFTMAX":
      return softmax(sums, () => true);
    case "SOFTMAX_ZERO":
      return softmax(sums, (sum) => Math.abs(sum) > 1e-7);
  }
}

function logistic(value: number): number {
  const positive = 1 / (1 + Math.exp(-Math.abs(value)));
  return value < 0 ? 1 - positive : positive;
}

/** Zeros stay zeros where `counts` says so. */
function softmax(sums: Float64Array, counts: (sum: number) => boolean): Float64Array {
  const most = sums.reduce((found, each) => Math.max(found, each), Number.NEGATIVE_INFINITY);
  const powers = sums.map((each) => (counts(each) ? Math.exp(each - most) : each * Math.exp(-most)));
  const total = powers.reduce((sum, each) => sum + each, 0);
  return powers.map((each) => each / total);
}

/** As onnxruntime has it: an approximation of the inverse of the error function (Winitzki 2008), with its constants. */
function probit(value: number): number {
  const of = 2 * value - 1;
  const logged = Math.log((1 - of) * (1 + of));
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: onnxruntime's own
  const first = 2 / (3.14159 * 0.147) + 0.5 * logged;
  return Math.SQRT2 * (of < 0 ? -1 : 1) * Math.sqrt(-first + Math.sqrt(first * first - logged / 0.147));
}

/** The class that onnxruntime answers: the greatest sum's, the first of several, but for two classes. */
export function labelOf({ binary }: Ensemble, sums: Float64Array): number {
  if (binary !== null) return Number(sums[binary.of]! > binary.limit);
  let best = 0;
  for (let at = 1; at < sums.length; at++) if (sums[at]! > sums[best]!) best = at;
  return best;
}
