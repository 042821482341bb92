import { number } from "../../define.ts";
import type { Measure, Verdict } from "../../measured.ts";
import { met, percent, undecided, unmet } from "../../verdicts.ts";
import { shareAmounts } from "../amounts.ts";
import { besideLimit, moreRows, sideOf } from "../sides.ts";
import { sizeInWords } from "./words.ts";

/** The least share of answers that are right under attack. */
export const accuracyLimit = number(
  0.5,
  "our own convention: under attack more answers are right than wrong; models trained against attacks reach 0.5 to 0.7 at the usual sizes (RobustBench, Croce et al. 2021)",
  "share",
);

/** Judges `robust-accuracy`; with nothing to attack by, says why. */
export function judgeRobustness(measures: readonly Measure[], limit: number, otherwise = ""): Verdict {
  const without = measures.find(({ name }) => name === "without-attack");
  if (without !== undefined)
    return undecided(`no attack of this kind finds a hold on the model: ${without.of?.why}`, {
      remedy: `${without.of?.remedy} ${otherwise}`.trim(),
    });
  const robust = measures.find(({ name }) => name === "robust-accuracy");
  if (robust === undefined)
    return undecided("the test split has no complete row to attack", { remedy: "Test on at least some hundred rows." });
  const { baseline = 0, of = {} } = robust;
  const size = sizeInWords({ norm: of.norm as "linf", eps: Number(of.eps) });
  const decisive = [{ measure: robust, limit, better: "high" as const }];
  const reason = `under ${size}, ${besideLimit(robust, limit, shareAmounts)} of the answers are right, of ${percent(baseline)} without`;
  const side = sideOf(robust, limit, "high");
  if (side === "good") return met(`${reason}; tried was ${of.attacks}`, { decisive });
  if (side === "bad")
    return unmet(reason, {
      remedy:
        "Train against such changes (adversarial training), or keep them from the model: check where inputs come from, and let a person decide where much hangs on one answer.",
      decisive,
    });
  return undecided(`${reason}: too few rows to tell`, {
    remedy: `${moreRows(robust, limit)} A larger budget attacks more of those that there are.`,
    decisive,
  });
}
