import { defineControl } from "../../define.ts";
import { attacked } from "../../needs/evasion/attacked.ts";
import { artefactOf } from "../../needs/splits.ts";
import { accuracyLimit, judgeRobustness } from "../../shared/evasion/judge.ts";
import { measureAttacked } from "../../shared/evasion/measure.ts";
import { signInWords, signLimit, signsBeyond, signsOf } from "../../shared/evasion/signs.ts";
import { undecided } from "../../verdicts.ts";

/** Claims that at least `accuracy` of all answers are right, and stay so at the declared size of change, against attacks that follow the model's gradients. */
export const whiteBox = defineControl({
  claim: "adversarial-attack/white-box",
  needs: { attacked: attacked(), artefact: artefactOf({ split: "test" }) },
  policy: { accuracy: accuracyLimit, signs: signLimit },
  metFrom: "standard",

  measure({ attacked: seen, artefact }) {
    const measured = measureAttacked(seen, artefact);
    return { ...measured, measures: [...measured.measures, ...signsOf(seen)] };
  },

  judge({ measures }, { accuracy, signs }) {
    const verdict = judgeRobustness(measures, accuracy, "What needs no gradients is measured under adversarial-attack/black-box.");
    const [sign] = signsBeyond(measures, signs);
    if (verdict.verdict !== "met" || sign === undefined) return verdict;
    return undecided(`${verdict.reason}; but ${signInWords(sign)}: the attacks may have failed, and not the model held`, {
      remedy:
        "See adversarial-attack/gradient-masking; attack through what hides the gradient (a steep or rounded step, saturated scores) by a smooth stand-in, and measure again with a larger budget.",
      ...(verdict.decisive === undefined ? {} : { decisive: verdict.decisive }),
    });
  },
});
