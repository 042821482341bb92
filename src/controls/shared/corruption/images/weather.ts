import type { Random } from "../../../../base/index.ts";
import type { Change, Light } from "./picture.ts";

/** Too much light: added to the value of hue, saturation and value, which both stay. */
export const brightness: Change = (picture, amount) => {
  const { channels, values } = picture;
  for (let start = 0; start < values.length; start += channels) {
    let most = values[start]!;
    for (let at = start + 1; at < start + channels; at++) most = Math.max(most, values[at]!);
    const lit = Math.min(1, most + amount);
    for (let at = start; at < start + channels; at++) values[at] = most > 0 ? (values[at]! * lit) / most : lit;
  }
  return picture;
};

/** A cloud of white, a plasma of diamonds and squares, laid over the picture, which keeps its brightest value (Hendrycks and Dietterich, ICLR 2019). */
export const fog: Change = (picture, amount, random) => {
  const { width, channels, values } = picture;
  const { cloud, side } = plasma(picture, random);
  let most = 0;
  for (let at = 0; at < values.length; at++) most = Math.max(most, values[at]!);
  const kept = most / (most + amount || 1);
  for (let pixel = 0, at = 0; at < values.length; pixel++) {
    const veil = amount * cloud[Math.floor(pixel / width) * side + (pixel % width)]!;
    for (const end = at + channels; at < end; at++) values[at] = (values[at]! + veil) * kept;
  }
  return picture;
};

/** How much each halving of the squares calms the cloud. */
const decay = 2;

/** Heights in [0, 1] on a square of a power of two that repeats at its edges. */
function plasma({ height, width }: Light, random: Random): { readonly cloud: Float64Array; readonly side: number } {
  const side = 2 ** Math.ceil(Math.log2(Math.max(height, width, 2)));
  const cloud = new Float64Array(side * side);
  const place = (y: number, x: number) => ((y + side) & (side - 1)) * side + ((x + side) & (side - 1));
  const wobble = (a: number, b: number, c: number, d: number, by: number) =>
    (cloud[a]! + cloud[b]! + cloud[c]! + cloud[d]!) / 4 + by * (2 * random.uniform() - 1);
  for (let step = side, by = 1; step >= 2; step /= 2, by /= decay) {
    const half = step / 2;
    for (let y = 0; y < side; y += step)
      for (let x = 0; x < side; x += step)
        cloud[place(y + half, x + half)] = wobble(place(y, x), place(y, x + step), place(y + step, x), place(y + step, x + step), by);
    for (let y = 0; y < side; y += half)
      for (let x = (y / half) % 2 === 0 ? half : 0; x < side; x += step)
        cloud[place(y, x)] = wobble(place(y - half, x), place(y + half, x), place(y, x - half), place(y, x + half), by);
  }
  let [low, high] = [cloud[0]!, cloud[0]!];
  for (const each of cloud) {
    if (each < low) low = each;
    if (each > high) high = each;
  }
  for (let at = 0; at < cloud.length; at++) cloud[at] = (cloud[at]! - low) / (high - low || 1);
  return { cloud, side };
}
