import type { Change } from "./picture.ts";

/** Something in the way: a black square over a share `amount` of the picture, anywhere. */
export const occlusion: Change = (picture, amount, random) => {
  const { height, width, channels, values } = picture;
  const side = Math.max(1, Math.min(Math.round(Math.sqrt(amount * height * width)), height, width));
  const top = Math.floor(random.uniform() * (height - side + 1));
  const left = Math.floor(random.uniform() * (width - side + 1));
  for (let y = top; y < top + side; y++) values.fill(0, (y * width + left) * channels, (y * width + left + side) * channels);
  return picture;
};

/** Off centre: moved by `amount` times the shorter side in any direction, to the nearest pixel; pixels at the edge repeat. */
export const shift: Change = (picture, amount, random) => {
  const { height, width, channels, values } = picture;
  const angle = 2 * Math.PI * random.uniform();
  const far = Math.max(1, amount * Math.min(height, width));
  const [down, right] = [Math.round(far * Math.sin(angle)), Math.round(far * Math.cos(angle))];
  const made = new Float32Array(values.length);
  for (let y = 0, put = 0; y < height; y++) {
    const line = Math.min(height - 1, Math.max(0, y - down)) * width;
    for (let x = 0; x < width; x++) {
      const from = (line + Math.min(width - 1, Math.max(0, x - right))) * channels;
      for (let k = 0; k < channels; k++) made[put++] = values[from + k]!;
    }
  }
  return { ...picture, values: made };
};
