import { defineControl } from "../../define.ts";
import { constrained } from "../../needs/evasion/constrained.ts";
import { personalValues } from "../../needs/evasion/personal.ts";
import { artefactOf } from "../../needs/splits.ts";
import { askedOf, foundIn } from "../../shared/evasion/changed.ts";
import { accuracyLimit, judgeRobustness } from "../../shared/evasion/judge.ts";
import { shareOf } from "../../shared/evasion/measure.ts";

/** Claims that at least `accuracy` of all answers are right, and stay so when rows change as the declaration says that somebody could change them. */
export const constrainedAccuracy = defineControl({
  claim: "evasion/constrained-accuracy",
  needs: {
    constrained: constrained({ knows: "gradients", aim: "truth", label: "evasion/constrained-accuracy" }),
    artefact: artefactOf({ split: "test" }),
    personal: personalValues(),
  },
  policy: { accuracy: accuracyLimit },
  metFrom: "standard",

  measure({ constrained: seen, artefact, personal }) {
    const n = seen.rows.length;
    const stand = seen.fooled.reduce((sum, each) => sum + 1 - each, 0);
    return {
      measures: shareOf("robust-accuracy", stand, n, { ...askedOf(seen), baseline: (n - seen.wrong) / Math.max(1, n) }),
      ...foundIn(seen, { artefact, personal }),
    };
  },

  judge: ({ measures }, { accuracy }) => judgeRobustness(measures, accuracy),
});
