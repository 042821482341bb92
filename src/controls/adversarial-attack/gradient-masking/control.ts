import { defineControl } from "../../define.ts";
import { attacked } from "../../needs/evasion/attacked.ts";
import { shareAmounts } from "../../shared/amounts.ts";
import { withoutAttack } from "../../shared/evasion/measure.ts";
import { isSign, signInWords, signLimit, signsOf } from "../../shared/evasion/signs.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

/** Claims that none of the signs by which failed attacks show themselves is seen in more than `signs` of the rows. */
export const gradientMasking = defineControl({
  claim: "adversarial-attack/gradient-masking",
  needs: { attacked: attacked() },
  policy: { signs: signLimit },
  metFrom: "standard",

  measure: ({ attacked: seen }) => ({ measures: seen.found === null ? [withoutAttack(seen.why)] : signsOf(seen) }),

  judge({ measures }, { signs: limit }) {
    const without = measures.find(({ name }) => name === "without-attack");
    if (without !== undefined)
      return undecided(`no gradient reaches the model's input: ${without.of?.why}`, { remedy: String(without.of?.remedy) });
    const all = measures.filter(isSign).toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0) || b.value - a.value);
    const [worst] = all;
    if (worst === undefined)
      return undecided("the test split has no complete row to attack", { remedy: "Test on at least some hundred rows." });
    const decisive = all.map((measure) => ({ measure, limit, better: "low" as const }));
    const says = `${signInWords(worst)} (${besideLimit(worst, limit, shareAmounts)})`;
    const side = sideOf(worst, limit, "low");
    if (side === "bad")
      return unmet(`${says}: what attacks with gradients say of this model is too good`, {
        remedy:
          "Look for what hides the gradient: a rounding or a step before the model, saturated scores, randomness. Believe adversarial-attack/black-box rather than white-box until it is gone or attacked through.",
        decisive,
      });
    const open = all.filter((measure) => sideOf(measure, limit, "low") === "both").toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    if (open[0] === undefined) return met(`no sign of masked gradients beyond the limit: ${says}`, { decisive });
    return undecided(`${signInWords(open[0])} (${besideLimit(open[0], limit, shareAmounts)}): too few rows to tell`, {
      remedy: `${moreRows(open[0], limit, "attacked rows")} A larger budget attacks more.`,
      decisive,
    });
  },
});
