import { defineControl } from "../../define.ts";
import { constrained } from "../../needs/evasion/constrained.ts";
import { personalValues } from "../../needs/evasion/personal.ts";
import { artefactOf } from "../../needs/splits.ts";
import { flippedOf, foundIn } from "../../shared/evasion/changed.ts";
import { flipLimit, judgeFlipped } from "../../shared/evasion/judge.ts";

/** Claims that who sees answers alone turns no larger share of them than `flips`, by changes that somebody could really make, within the queries of the budget. */
export const querySearch = defineControl({
  claim: "evasion/query-search",
  needs: {
    searched: constrained({ knows: "answers", aim: "answer", label: "evasion/query-search" }),
    artefact: artefactOf({ split: "test" }),
    personal: personalValues(),
  },
  policy: { flips: flipLimit },
  metFrom: "standard",

  measure: ({ searched, artefact, personal }) => ({ measures: flippedOf(searched), ...foundIn(searched, { artefact, personal }) }),

  judge: ({ measures }, { flips }) => judgeFlipped(measures, flips),
});
