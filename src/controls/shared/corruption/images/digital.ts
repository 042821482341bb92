import { stretched, throughJpeg } from "../../../../data/index.ts";
import type { Change } from "./picture.ts";

/** Fewer pixels: averaged down to the rest of the resolution, and up again. */
export const pixelation: Change = (picture, amount) => {
  const { height, width } = picture;
  const small = (side: number) => Math.max(1, Math.trunc(side * (1 - amount)));
  const { values } = stretched(stretched(picture, small(height), small(width), "box"), height, width, "box");
  return { ...picture, values: Float32Array.from(values) };
};

/** Towards the mean of each channel. */
export const contrast: Change = (picture, amount) => {
  const { channels, values } = picture;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < values.length; at += channels) sum += values[at]!;
    const mean = sum / (values.length / channels);
    for (let at = channel; at < values.length; at += channels) values[at] = mean + (values[at]! - mean) * (1 - amount);
  }
  return picture;
};

/** Written as JPEG of that quality, and read again. */
export const jpeg: Change = async (picture, amount) => {
  const { values } = picture;
  const bytes = new Uint8ClampedArray(values.length);
  for (let at = 0; at < values.length; at++) bytes[at] = values[at]! * 255;
  const back = await throughJpeg({ ...picture, values: new Uint8Array(bytes.buffer) }, amount);
  for (let at = 0; at < values.length; at++) values[at] = back[at]! / 255;
  return picture;
};
