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

/** For each new place along one axis: the first old one that counts, and the weights from there on. */
interface Weights {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

/** Pictures of one size need the same weights again and again. */
const known = new Map<string, Weights>();
const mostKnown = 64;

function weightsFor(from: number, to: number, filter: Exclude<Filter, "nearest">, isBytes: boolean): Weights {
  const key = `${from} ${to} ${filter} ${isBytes}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = weightsOf(from, to, filter);
  const used = isBytes ? { ...made, weights: made.weights.map(fixed) } : made;
  if (known.size >= mostKnown) known.clear();
  known.set(key, used);
  return used;
}

function weightsOf(from: number, to: number, filter: Exclude<Filter, "nearest">): Weights {
  const { support, at } = kernels[filter];
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const first = new Int32Array(to);
  const weights = Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - reach + 0.5));
    const high = Math.min(from, Math.trunc(centre + reach + 0.5));
    first[place] = low;
    const raw = Float64Array.from({ length: high - low }, (_, k) => at((k + low - centre + 0.5) * (1 / stretch)));
    const sum = raw.reduce((total, each) => total + each, 0);
    return sum === 0 ? raw : raw.map((each) => each / sum);
  });
  return { first, weights };
}

const fixed = (weights: Float64Array) =>
  weights.map((each) => Math.trunc(each < 0 ? each * 2 ** precision - 0.5 : each * 2 ** precision + 0.5));

/** One direction: `outer` lines of `from` pixels, `step` values apart, `inner` values wide. */
function along(
  values: PictureValues,
  axes: { outer: number; from: number; to: number; inner: number },
  filter: Exclude<Filter, "nearest">,
) {
  const { outer, from, to, inner } = axes;
  const isBytes = values instanceof Uint8Array;
  const made = isBytes ? new Uint8ClampedArray(outer * to * inner) : new Float32Array(outer * to * inner);
  const { first, weights } = weightsFor(from, to, filter, isBytes);
  const [start, scale] = isBytes ? [2 ** (precision - 1), 2 ** -precision] : [0, 1];
  for (let line = 0; line < outer; line++) {
    for (let place = 0; place < to; place++) {
      const row = weights[place]!;
      const source = (line * from + first[place]!) * inner;
      const target = (line * to + place) * inner;
      for (let k = 0; k < inner; k++) {
        let sum = start!;
        for (let tap = 0, at = source + k; tap < row.length; tap++, at += inner) sum += values[at]! * row[tap]!;
        made[target + k] = isBytes ? Math.floor(sum * scale!) : sum;
      }
    }
  }
  return isBytes ? new Uint8Array(made.buffer) : (made as Float32Array);
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
