import { defineControl } from "../../define.ts";
import { guessed } from "../../needs/evasion/guessed.ts";
import { artefactOf } from "../../needs/splits.ts";
import { accuracyLimit, judgeRobustness } from "../../shared/evasion/judge.ts";
import { measureAttacked } from "../../shared/evasion/measure.ts";

/** Claims that at least `accuracy` of all answers are right, and stay so at the declared size of change, against attacks that see nothing but answers. */
export const blackBox = defineControl({
  claim: "adversarial-attack/black-box",
  needs: { guessed: guessed(), artefact: artefactOf({ split: "test" }) },
  policy: { accuracy: accuracyLimit },
  metFrom: "standard",

  measure: ({ guessed: seen, artefact }) => measureAttacked(seen, artefact),

  judge: ({ measures }, { accuracy }) => judgeRobustness(measures, accuracy),
});
