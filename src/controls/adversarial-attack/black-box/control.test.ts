import { type Random, seededRandom } from "../../../base/index.ts";
import { drawnGuesses, unattacked } from "../../testing/drawn-attacked.ts";
import { testControl } from "../../testing/test-control.ts";
import { blackBox } from "./control.ts";

const artefact = "dataset:d/test";
const standing = (share: number, n: number, random: Random = seededRandom(share * 100)) => ({
  guessed: drawnGuesses(random, n, share),
  artefact,
});

testControl(blackBox, {
  met: [{ ...standing(0.7, 400), reason: /are right.*tried was square/ }],
  unmet: [{ ...standing(0.2, 400), reason: /of the answers are right/ }],
  undecided: [
    { ...standing(0.5, 100), called: "the interval holds the limit" },
    { ...standing(0.7, 0), called: "no row" },
    { guessed: unattacked, artefact, called: "a norm that no attack knows" },
  ],
  planted: {
    effect: (random) => standing(0.4, 500, random),
    null: (random) => standing(0.5, 500, random),
    found: 0.97,
    falseAlarms: 0.05,
  },
});
