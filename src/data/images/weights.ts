import type { Filter } from "./types.ts";

/** Bits after the point in fixed point. */
export const precision = 22;

const kernels: Readonly<Record<Exclude<Filter, "nearest">, { readonly support: number; at(x: number): number }>> = {
  box: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, at: (x) => keys(Math.abs(x)) },
  lanczos: { support: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Keys 1981 with a = -0.5. */
const keys = (x: number) => (x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0);
const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** For each new place along one axis: the first old one that counts, and the weights from there on, all in one row; those of place p lie from `starts[p]` to `starts[p + 1]`. */
export interface Weights {
  readonly first: Int32Array;
  readonly starts: Int32Array;
  readonly exact: Float64Array;
  /** In fixed point. */
  readonly fixed: Int32Array;
  /** Where three old places are enough for each new one: as when a picture grows, or shrinks by no more than a third. */
  readonly few: FewWeights | null;
}

/** For each new place three old ones in a row, from `first` on, with weights of 0 where fewer count; none is negative, so sums stay within a byte. */
export interface FewWeights {
  readonly first: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
}

/** Pictures of one size need the same weights again and again. */
const known = new Map<string, Weights>();
const mostKnown = 64;

export function weightsFor(from: number, to: number, filter: Exclude<Filter, "nearest">): Weights {
  const key = `${from} ${to} ${filter}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = weightsOf(from, to, filter);
  if (known.size >= mostKnown) known.clear();
  known.set(key, made);
  return made;
}

function weightsOf(from: number, to: number, filter: Exclude<Filter, "nearest">): Weights {
  const { support, at } = kernels[filter];
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const first = new Int32Array(to);
  const starts = new Int32Array(to + 1);
  const all: number[] = [];
  for (let place = 0; place < to; place++) {
    const centre = (place + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - reach + 0.5));
    const high = Math.min(from, Math.trunc(centre + reach + 0.5));
    const raw = Array.from({ length: high - low }, (_, k) => at((k + low - centre + 0.5) * (1 / stretch)));
    const sum = raw.reduce((total, each) => total + each, 0) || 1;
    for (const each of raw) all.push(each / sum);
    first[place] = low;
    starts[place + 1] = all.length;
  }
  const fixed = Int32Array.from(all, (each) => Math.trunc(each * 2 ** precision + (each < 0 ? -0.5 : 0.5)));
  return { first, starts, exact: Float64Array.from(all), fixed, few: fewOf(first, starts, fixed, from) };
}

function fewOf(first: Int32Array, starts: Int32Array, fixed: Int32Array, from: number): FewWeights | null {
  const isMore = first.some((_, place) => starts[place + 1]! - starts[place]! > 3);
  if (isMore || from < 3 || fixed.some((weight) => weight < 0)) return null;
  const begins = first.map((low) => Math.min(low, from - 3));
  const nth = (n: number) =>
    begins.map((begin, place) => {
      const tap = starts[place]! + begin + n - first[place]!;
      return tap >= starts[place]! && tap < starts[place + 1]! ? fixed[tap]! : 0;
    });
  return { first: begins, a: nth(0), b: nth(1), c: nth(2) };
}
