import type { Change } from "./picture.ts";

/** Of a sensor in the dark: normal, of standard deviation `amount`. */
export const gaussianNoise: Change = (picture, amount, random) => {
  const { values } = picture;
  for (let at = 0; at < values.length; at++) values[at] = values[at]! + amount * random.normal();
  return picture;
};

/** Of light itself, which comes in grains: a count of mean value / amount, by its quantile, so that one random number makes each value. */
export const shotNoise: Change = (picture, amount, random) => {
  const { values } = picture;
  for (let at = 0; at < values.length; at++) values[at] = amount * poisson(values[at]! / amount, random.uniform());
  return picture;
};

/** The smallest count whose cumulative Poisson probability reaches `u`. */
function poisson(mean: number, u: number): number {
  let count = 0;
  let probability = Math.exp(-mean);
  let reached = probability;
  while (reached < u && count < 1000) {
    count++;
    probability *= mean / count;
    reached += probability;
  }
  return count;
}

/** Of bad pixels: a share `amount` of all values is black or white. */
export const impulseNoise: Change = (picture, amount, random) => {
  const { values } = picture;
  for (let at = 0; at < values.length; at++) {
    const drawn = random.uniform();
    if (drawn < amount) values[at] = drawn < amount / 2 ? 0 : 1;
  }
  return picture;
};
