import { number } from "../../define.ts";

/** The limits that the three claims of balance share. */
export const fewestRows = number(
  100,
  "our own convention: among fewer rows than 96 a rate is known no better than within ten points either way (95 % interval of one half), so little can be learnt or checked there",
  "rows",
);
export const ofPopulation = number(
  0.8,
  "our own convention, after the four-fifths rule of 29 CFR 1607.4(D): less than four fifths of the declared share counts as rarer",
  "ratio",
);
