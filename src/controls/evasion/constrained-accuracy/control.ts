import { defineControl } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { type Constrained, constrained } from "../../needs/evasion/constrained.ts";
import { personalValues } from "../../needs/evasion/personal.ts";
import { artefactOf } from "../../needs/splits.ts";
import { askedOf, foundIn } from "../../shared/evasion/changed.ts";
import { accuracyLimit, judgeRobustness } from "../../shared/evasion/judge.ts";
import { shareOf } from "../../shared/evasion/measure.ts";

const mostRules = 50;

/** A rule that training keeps to: 1 where changed rows had to as well. */
const ruleOf = ({ rule, kept }: Constrained["learned"][number]): Measure => ({
  name: "rule-of-training",
  value: Number(kept),
  unit: "rows",
  of: { rule, kept: kept ? "yes" : "no: `learn: true` would" },
});

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
      measures: [
        ...shareOf("robust-accuracy", stand, n, { ...askedOf(seen), baseline: (n - seen.wrong) / Math.max(1, n) }),
        ...seen.learned.slice(0, mostRules).map(ruleOf),
      ],
      ...foundIn(seen, { artefact, personal }),
    };
  },

  judge: ({ measures }, { accuracy }) => judgeRobustness(measures, accuracy),
});
