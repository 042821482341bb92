import type { Measure, Measured, Verdict } from "../../measured.ts";
import { met, percent, undecided, unmet } from "../../verdicts.ts";
import { shareAmounts } from "../amounts.ts";
import { plain } from "../pairs/seen.ts";
import { besideLimit, moreRows, sideOf } from "../sides.ts";

interface Words {
  /** `another common value of a single column`: what turns the answers. */
  readonly change: string;
  remedy(column: string): string;
}

/** Judges the share of answers that a change of one column turns; the column that turns most is named. */
export function judgeFlips({ measures }: Measured, limit: number, { change, remedy }: Words): Verdict {
  const any = measures.find(({ name }) => name === "flipped");
  const byColumn = measures.filter(({ name }) => name === "flipped-by-column");
  if (any === undefined) return undecided("the test split has no row to ask about", { remedy: "Test on at least a hundred rows." });
  if (byColumn.length > 0 && byColumn.every(({ of }) => Number(of?.values) < 2))
    return undecided("training holds no two common values of a column, so that there is nothing to change an answer by", {
      remedy: "Train on rows that differ in what the model takes, and declare them as the training split.",
    });
  const refused = measures.filter(({ name }) => name === "values-refused").map(({ of = {} }) => plain(of.column));
  const silent = `some values of ${refused.slice(0, 3).join(", ")}${refused.length > 3 ? ` and ${refused.length - 3} more columns` : ""} are not answered at all`;
  const reason = `${change} turns ${besideLimit(any, limit, shareAmounts, { joint: "joint" })} of the answers${most(byColumn)}`;
  const beside = refused.length === 0 ? "" : `; ${silent}, and count as no change`;
  const decisive = [any, ...byColumn.slice(0, 7)].map((measure) => ({ measure, limit, better: "low" as const }));
  const side = sideOf(any, limit, "low");
  if (side === "good" && refused.length > 0)
    return undecided(`${silent}, so that nothing is known of what they turn; otherwise, ${reason}`, {
      remedy: "Make the model, or what stands before it, answer rows with values that are common in training, and measure again.",
      decisive,
    });
  if (side === "good") return met(reason, { decisive });
  if (side === "bad") return unmet(`${reason}${beside}`, { remedy: remedy(plain(byColumn[0]?.of?.column ?? "")), decisive });
  return undecided(`${reason}: too few rows to tell${beside}`, {
    remedy: `${moreRows(any, limit)} A larger budget asks about more of them.`,
    decisive,
  });
}

/** `, most of all capital-gain (31.0 %), education-num (8.2 %) and age (2.1 %)`. */
function most(byColumn: readonly Measure[]): string {
  const named = byColumn
    .filter(({ value }) => value > 0)
    .slice(0, 3)
    .map(({ of = {}, value }) => `${plain(of.column)} (${percent(value)})`);
  if (named.length === 0) return "";
  const [last, ...others] = named.toReversed();
  return `, most of all ${others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`}`;
}
