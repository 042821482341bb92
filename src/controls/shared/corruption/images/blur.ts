import type { Change } from "./picture.ts";

/** Out of focus: a Gaussian of standard deviation `amount` times the shorter side, cut off at four of them; pixels at the edge repeat beyond it. */
export const blur: Change = (picture, amount) => {
  const { height, width, channels, values } = picture;
  const weights = gaussian(amount * Math.min(height, width));
  const across = along(values, { lines: height, length: width, inner: channels }, weights);
  return { ...picture, values: along(across, { lines: 1, length: height, inner: width * channels }, weights) };
};

function gaussian(sigma: number): Float64Array {
  const reach = Math.floor(4 * sigma + 0.5);
  const raw = Float64Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * sigma ** 2)));
  const sum = raw.reduce((total, each) => total + each, 0);
  return raw.map((each) => each / sum);
}

interface Axes {
  readonly lines: number;
  readonly length: number;
  /** Values side by side that are treated alike. */
  readonly inner: number;
}

function along(values: Float32Array, { lines, length, inner }: Axes, weights: Float64Array): Float32Array {
  const reach = (weights.length - 1) / 2;
  const made = new Float32Array(values.length);
  for (let line = 0; line < lines; line++)
    for (let place = 0; place < length; place++)
      for (let k = 0; k < inner; k++) {
        let sum = 0;
        for (let tap = -reach; tap <= reach; tap++) {
          const at = Math.min(length - 1, Math.max(0, place + tap));
          sum += weights[tap + reach]! * values[(line * length + at) * inner + k]!;
        }
        made[(line * length + place) * inner + k] = sum;
      }
  return made;
}
