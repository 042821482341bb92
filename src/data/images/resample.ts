import { withChannels } from "./decode.ts";
import type { Filter, Picture, PictureValues, Resizing } from "./types.ts";

// Resampling by convolution: each new pixel is a weighted sum of the old ones under the filter, stretched by the scale where the picture becomes smaller (so that
// nothing is skipped). Bytes are reckoned as Pillow reckons them, in fixed point of 22 bits with a rounding after each direction, so that they come out equal to those
// of Pillow up to version 12; version 13 begins with the other direction at times, which differs by the roundings between: 1 of 255.

const precision = 22;

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
interface Weights {
  readonly first: Int32Array;
  readonly starts: Int32Array;
  readonly exact: Float64Array;
  /** In fixed point. */
  readonly fixed: Int32Array;
  /** Where three old places are enough for each new one: as when a picture grows, or shrinks by no more than a third. */
  readonly few: FewWeights | null;
}

/** For each new place three old ones in a row, from `first` on, with weights of 0 where fewer count; none is negative, so sums stay within a byte. */
interface FewWeights {
  readonly first: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
}

/** Pictures of one size need the same weights again and again. */
const known = new Map<string, Weights>();
const mostKnown = 64;

function weightsFor(from: number, to: number, filter: Exclude<Filter, "nearest">): Weights {
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

/** `outer` blocks of `from` steps, each `inner` values wide, become as many of `to` steps. */
interface Axes {
  readonly outer: number;
  readonly from: number;
  readonly to: number;
  readonly inner: number;
}

function along(values: PictureValues, axes: Axes, filter: Exclude<Filter, "nearest">): PictureValues {
  const weights = weightsFor(axes.from, axes.to, filter);
  return values instanceof Uint8Array ? bytesAlong(values, axes, weights) : floatsAlong(values, axes, weights);
}

/** Sums of bytes stay below 2^31: weights add up to 2^22, and little more where some are negative. */
function bytesAlong(values: Uint8Array, axes: Axes, { first, starts, fixed, few }: Weights): Uint8Array {
  const { outer, from, to, inner } = axes;
  if (few !== null) return inner === 3 ? fewPixels(values, axes, few) : fewLines(values, axes, few);
  const made = new Uint8ClampedArray(outer * to * inner);
  if (inner === 3) return coloursAlong(values, made, axes, { first, starts, fixed });
  const sums = new Int32Array(inner);
  for (let block = 0; block < outer; block++) {
    for (let place = 0; place < to; place++) {
      const at = (block * from + first[place]!) * inner;
      const line = made.subarray((block * to + place) * inner, (block * to + place + 1) * inner);
      manyLines(values, at, fixed.subarray(starts[place]!, starts[place + 1]!), sums, line);
    }
  }
  return new Uint8Array(made.buffer);
}

const half = 1 << (precision - 1);

/** Lines of `inner` values, each the weighted sum of three, which stay in registers. */
function fewLines(values: Uint8Array, { outer, from, to, inner }: Axes, { first, a, b, c }: FewWeights): Uint8Array {
  const made = new Uint8Array(outer * to * inner);
  for (let block = 0, put = 0; block < outer; block++) {
    for (let place = 0; place < to; place++) {
      const [x, y, z] = [a[place]!, b[place]!, c[place]!];
      let at = (block * from + first[place]!) * inner;
      for (const end = put + inner; put < end; put++, at++)
        made[put] =
          (half + Math.imul(values[at]!, x) + Math.imul(values[at + inner]!, y) + Math.imul(values[at + 2 * inner]!, z)) >> precision;
    }
  }
  return made;
}

/** The same of pixels in colours. */
function fewPixels(values: Uint8Array, { outer, from, to }: Axes, { first, a, b, c }: FewWeights): Uint8Array {
  const made = new Uint8Array(outer * to * 3);
  for (let block = 0, put = 0; block < outer; block++) {
    for (let place = 0; place < to; place++, put += 3) {
      const [x, y, z] = [a[place]!, b[place]!, c[place]!];
      const at = (block * from + first[place]!) * 3;
      made[put] = (half + Math.imul(values[at]!, x) + Math.imul(values[at + 3]!, y) + Math.imul(values[at + 6]!, z)) >> precision;
      made[put + 1] = (half + Math.imul(values[at + 1]!, x) + Math.imul(values[at + 4]!, y) + Math.imul(values[at + 7]!, z)) >> precision;
      made[put + 2] = (half + Math.imul(values[at + 2]!, x) + Math.imul(values[at + 5]!, y) + Math.imul(values[at + 8]!, z)) >> precision;
    }
  }
  return made;
}

function manyLines(values: Uint8Array, start: number, weights: Int32Array, sums: Int32Array, line: Uint8ClampedArray): void {
  sums.fill(half);
  let at = start;
  for (const weight of weights) for (let k = 0; k < sums.length; k++, at++) sums[k] = (sums[k]! + Math.imul(values[at]!, weight)) | 0;
  for (let k = 0; k < sums.length; k++) line[k] = sums[k]! >> precision;
}

/** Pixels in colours, whose three sums stay in registers: half the time. */
function coloursAlong(
  values: Uint8Array,
  made: Uint8ClampedArray,
  { outer, from, to }: Axes,
  { first, starts, fixed }: Pick<Weights, "first" | "starts" | "fixed">,
): Uint8Array {
  for (let block = 0, put = 0; block < outer; block++) {
    for (let place = 0; place < to; place++, put += 3) {
      let red = half;
      let green = red;
      let blue = red;
      const end = starts[place + 1]!;
      for (let tap = starts[place]!, at = (block * from + first[place]!) * 3; tap < end; tap++, at += 3) {
        const weight = fixed[tap]!;
        red = (red + Math.imul(values[at]!, weight)) | 0;
        green = (green + Math.imul(values[at + 1]!, weight)) | 0;
        blue = (blue + Math.imul(values[at + 2]!, weight)) | 0;
      }
      made[put] = red >> precision;
      made[put + 1] = green >> precision;
      made[put + 2] = blue >> precision;
    }
  }
  return new Uint8Array(made.buffer);
}

function floatsAlong(values: Float32Array, { outer, from, to, inner }: Axes, { first, starts, exact }: Weights): Float32Array {
  const made = new Float32Array(outer * to * inner);
  const sums = new Float64Array(inner);
  for (let block = 0; block < outer; block++) {
    for (let place = 0; place < to; place++) {
      sums.fill(0);
      const end = starts[place + 1]!;
      for (let tap = starts[place]!, at = (block * from + first[place]!) * inner; tap < end; tap++) {
        const weight = exact[tap]!;
        for (let k = 0; k < inner; k++, at++) sums[k] = sums[k]! + values[at]! * weight;
      }
      made.set(sums, (block * to + place) * inner);
    }
  }
  return made;
}

/** A picture stretched to a size. */
export function stretched(picture: Picture, height: number, width: number, filter: Filter): Picture {
  const { channels } = picture;
  if (filter === "nearest") return nearest(picture, height, width);
  let { values } = picture;
  if (width !== picture.width) values = along(values, { outer: picture.height, from: picture.width, to: width, inner: channels }, filter);
  if (height !== picture.height) values = along(values, { outer: 1, from: picture.height, to: height, inner: width * channels }, filter);
  return { height, width, channels, values };
}

function nearest({ values, channels, ...old }: Picture, height: number, width: number): Picture {
  const made = values instanceof Uint8Array ? new Uint8Array(height * width * channels) : new Float32Array(height * width * channels);
  const [lines, places] = [steps(old.height, height), steps(old.width, width)];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (lines[y]! * old.width + places[x]!) * channels;
      for (let k = 0; k < channels; k++) made[at++] = values[from + k]!;
    }
  }
  return { height, width, channels, values: made };
}

/** The old place under the middle of each new one; added up as Pillow adds, whose rounding decides at borders. */
function steps(from: number, to: number): Int32Array {
  const scale = from / to;
  let middle = scale * 0.5;
  return Int32Array.from({ length: to }, () => {
    const place = Math.min(from - 1, Math.floor(middle));
    middle += scale;
    return place;
  });
}

/** A window of a picture; what lies outside is black. */
function cut({ values, channels, height, width }: Picture, top: number, left: number, to: { height: number; width: number }): Picture {
  const size = to.height * to.width * channels;
  const made = values instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
  const first = Math.max(0, left);
  const last = Math.min(width, left + to.width);
  for (let y = Math.max(0, -top); y < to.height && y + top < height; y++) {
    const from = ((y + top) * width + first) * channels;
    made.set(values.subarray(from, from + (last - first) * channels), (y * to.width + first - left) * channels);
  }
  return { height: to.height, width: to.width, channels, values: made };
}

/** Brings a picture to a size as torchvision's `Resize` and `CenterCrop` do; `channels` first, as Pillow's `convert` comes first. */
export function resizedPicture(
  picture: Picture,
  { height, width, fit, shorter, filter }: Resizing,
  channels: 1 | 3 = picture.channels,
): Picture {
  const source = withChannels(picture, channels);
  if (fit === "stretch") return stretched(source, height, width, filter);
  const scale = fit === "pad" ? Math.min(height / source.height, width / source.width) : scaleToCrop(source, { height, width }, shorter);
  const between = { height: scaled(source.height, scale), width: scaled(source.width, scale) };
  const made = stretched(source, between.height, between.width, filter);
  return cut(made, halfEven((made.height - height) / 2), halfEven((made.width - width) / 2), { height, width });
}

/** torchvision cuts the longer side off towards zero. */
const scaled = (side: number, scale: number) => Math.max(1, Math.trunc(side * scale + 1e-9));

function scaleToCrop(
  source: { height: number; width: number },
  to: { height: number; width: number },
  shorter: number | undefined,
): number {
  if (shorter !== undefined) return shorter / Math.min(source.height, source.width);
  return Math.max(to.height / source.height, to.width / source.width);
}

/** As Python rounds. */
function halfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
