import { withChannels } from "./decode.ts";
import type { Filter, Picture, PictureValues, Resizing } from "./types.ts";
import { type FewWeights, precision, type Weights, weightsFor } from "./weights.ts";

// Resampling by convolution: each new pixel is a weighted sum of the old ones under the filter, stretched by the scale where the picture becomes smaller (so that
// nothing is skipped). Bytes are reckoned as Pillow reckons them, in fixed point of 22 bits with a rounding after each direction, so that they come out equal to those
// of Pillow up to version 12; version 13 begins with the other direction at times, which differs by the roundings between: 1 of 255.

/** `outer` blocks of `from` steps, each `inner` values wide, become as many of `to` steps. */
interface Axes {
  readonly outer: number;
  readonly from: number;
  readonly to: number;
  readonly inner: number;
}

function along(values: PictureValues, axes: Axes, filter: Exclude<Filter, "nearest">, isBetween: boolean): PictureValues {
  const weights = weightsFor(axes.from, axes.to, filter);
  if (values instanceof Float32Array) return floatsAlong(values, axes, weights);
  const length = axes.outer * axes.to * axes.inner;
  return bytesAlong(values, axes, weights, isBetween ? roomFor(length) : new Uint8Array(length));
}

/** What lies between the two directions is needed no longer than one picture takes: the usual size shares one place, which spares the collector half of its work. */
const room = new Uint8Array(2 ** 21);
const roomFor = (length: number) => (length <= room.length ? room.subarray(0, length) : new Uint8Array(length));

/** Sums of bytes stay below 2^31: weights add up to 2^22, and little more where some are negative. */
function bytesAlong(values: Uint8Array, axes: Axes, weights: Weights, into: Uint8Array): Uint8Array {
  const { few } = weights;
  if (few !== null) (axes.inner === 3 ? fewPixels : fewLines)(values, axes, few, into);
  else (axes.inner === 3 ? manyPixels : manyLines)(values, axes, weights, new Uint8ClampedArray(into.buffer, into.byteOffset, into.length));
  return into;
}

const half = 1 << (precision - 1);

/** Lines of `inner` values, each the weighted sum of three, which stay in registers. */
function fewLines(values: Uint8Array, { outer, from, to, inner }: Axes, { first, a, b, c }: FewWeights, made: Uint8Array): void {
  for (let block = 0, put = 0; block < outer; block++) {
    for (let place = 0; place < to; place++) {
      const x = a[place]!;
      const y = b[place]!;
      const z = c[place]!;
      let at = (block * from + first[place]!) * inner;
      for (const end = put + inner; put < end; put++, at++)
        made[put] =
          (half + Math.imul(values[at]!, x) + Math.imul(values[at + inner]!, y) + Math.imul(values[at + 2 * inner]!, z)) >> precision;
    }
  }
}

/** The same of pixels in colours. */
function fewPixels(values: Uint8Array, { outer, from, to }: Axes, { first, a, b, c }: FewWeights, made: Uint8Array): void {
  for (let block = 0, put = 0; block < outer; block++) {
    for (let place = 0; place < to; place++, put += 3) {
      const x = a[place]!;
      const y = b[place]!;
      const z = c[place]!;
      const at = (block * from + first[place]!) * 3;
      made[put] = (half + Math.imul(values[at]!, x) + Math.imul(values[at + 3]!, y) + Math.imul(values[at + 6]!, z)) >> precision;
      made[put + 1] = (half + Math.imul(values[at + 1]!, x) + Math.imul(values[at + 4]!, y) + Math.imul(values[at + 7]!, z)) >> precision;
      made[put + 2] = (half + Math.imul(values[at + 2]!, x) + Math.imul(values[at + 5]!, y) + Math.imul(values[at + 8]!, z)) >> precision;
    }
  }
}

function manyLines(values: Uint8Array, { outer, from, to, inner }: Axes, { first, starts, fixed }: Weights, made: Uint8ClampedArray): void {
  const sums = new Int32Array(inner);
  for (let block = 0, put = 0; block < outer; block++) {
    for (let place = 0; place < to; place++, put += inner) {
      sums.fill(half);
      const end = starts[place + 1]!;
      for (let tap = starts[place]!, at = (block * from + first[place]!) * inner; tap < end; tap++) {
        const weight = fixed[tap]!;
        for (let k = 0; k < inner; k++, at++) sums[k] = (sums[k]! + Math.imul(values[at]!, weight)) | 0;
      }
      for (let k = 0; k < inner; k++) made[put + k] = sums[k]! >> precision;
    }
  }
}

/** Pixels in colours, whose three sums stay in registers: half the time. */
function manyPixels(values: Uint8Array, { outer, from, to }: Axes, { first, starts, fixed }: Weights, made: Uint8ClampedArray): void {
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
  const isOtherHeight = height !== picture.height;
  if (width !== picture.width)
    values = along(values, { outer: picture.height, from: picture.width, to: width, inner: channels }, filter, isOtherHeight);
  if (isOtherHeight) values = along(values, { outer: 1, from: picture.height, to: height, inner: width * channels }, filter, false);
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
