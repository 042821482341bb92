import type { Random } from "../../../../base/index.ts";
import type { Change, Light } from "./picture.ts";

/** Too much light: added to the value of hue, saturation and value, which both stay. */
export const brightness: Change = (picture, amount) => {
  const { channels, values } = picture;
  for (let start = 0; start < values.length; start += channels) {
    const most = Math.max(...values.subarray(start, start + channels));
    const lit = Math.min(1, most + amount);
    for (let at = start; at < start + channels; at++) values[at] = most > 0 ? (values[at]! * lit) / most : lit;
  }
  return picture;
};

/** A cloud of white, a plasma of diamonds and squares, laid over the picture, which keeps its brightest value (Hendrycks and Dietterich, ICLR 2019). */
export const fog: Change = (picture, amount, random) => {
  const { width, channels, values } = picture;
  const { cloud, side } = plasma(picture, random);
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  for (let at = 0; at < values.length; at++) {
    const pixel = Math.floor(at / channels);
    const veil = cloud[Math.floor(pixel / width) * side + (pixel % width)]!;
    values[at] = ((values[at]! + amount * veil) * most) / (most + amount || 1);
  }
  return picture;
};

/** How much each halving of the squares calms the cloud. */
const decay = 2;

/** Heights in [0, 1] on a square of a power of two that repeats at its edges. */
function plasma({ height, width }: Light, random: Random): { readonly cloud: Float64Array; readonly side: number } {
  const side = 2 ** Math.ceil(Math.log2(Math.max(height, width, 2)));
  const cloud = new Float64Array(side * side);
  const place = (y: number, x: number) => ((y + side) % side) * side + ((x + side) % side);
  const wobble = (corners: readonly number[], by: number) =>
    corners.reduce((sum, at) => sum + cloud[at]!, 0) / 4 + by * (2 * random.uniform() - 1);
  for (let step = side, by = 1; step >= 2; step /= 2, by /= decay) {
    const half = step / 2;
    for (let y = 0; y < side; y += step)
      for (let x = 0; x < side; x += step)
        cloud[place(y + half, x + half)] = wobble([place(y, x), place(y, x + step), place(y + step, x), place(y + step, x + step)], by);
    for (let y = 0; y < side; y += half)
      for (let x = (y / half) % 2 === 0 ? half : 0; x < side; x += step)
        cloud[place(y, x)] = wobble([place(y - half, x), place(y + half, x), place(y, x - half), place(y, x + half)], by);
  }
  const low = cloud.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const high = cloud.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  return { cloud: cloud.map((each) => (each - low) / (high - low || 1)), side };
}
