import { number } from "../../define.ts";

/** Times of one model differ by so much from one run to the next, which no interval of a single run knows of. */
export const noiseBetweenRuns = number(
  0.1,
  "our own measurement: the throughput of one model differed by up to a tenth between runs on a machine of two cores; a smaller difference tells nothing",
  "share",
);
