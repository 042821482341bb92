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
  const refused = measures.filter(({ name }) => name === "values-refused").map(({ of = {} }) => plain(of.column));
  const beside =
    refused.length === 0 ? "" : `; some values of ${refused.slice(0, 3).join(", ")} are not answered at all, and count as no change`;
  const reason = `${change} turns ${besideLimit(any, limit, shareAmounts, { joint: "joint" })} of the answers${most(byColumn)}${beside}`;
  const decisive = [any, ...byColumn.slice(0, 7)].map((measure) => ({ measure, limit, better: "low" as const }));
  const side = sideOf(any, limit, "low");
  if (side === "good") return met(reason, { decisive });
  if (side === "bad") return unmet(reason, { remedy: remedy(plain(byColumn[0]?.of?.column ?? "")), decisive });
  return undecided(`${reason}: too few rows to tell`, {
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
