import type { Measure, Measured, Verdict } from "../../measured.ts";
import { inapplicable, met, percent, undecided, unmet } from "../../verdicts.ts";
import { pointAmounts } from "../amounts.ts";
import { plain } from "../pairs/seen.ts";
import { besideLimit, moreRows, sideOf } from "../sides.ts";
import { rareBelow } from "./measure.ts";

/** Judges the excess errors of what is rare: met only if each interval ends within the limit and nothing rare is without test rows. */
export function judgeRare({ measures }: Measured, limit: number, what: "class" | "group"): Verdict {
  const shares = measures.filter(({ name }) => name === "training-share");
  if (shares.length === 0) return inapplicable(`no ${what} is rare in the training data: none has less than ${rareBelow} of an even share`);
  const excess = measures.filter(({ name }) => name === "excess-error");
  const unknown = measures.filter(({ name }) => name === "test-rows");
  const on = (side: ReturnType<typeof sideOf>) => excess.filter((measure) => sideOf(measure, limit, "low") === side);
  const proven = on("bad");
  const open = on("both").toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
  const decisive = [...proven, ...open, ...on("good")].slice(0, 8).map((measure) => ({ measure, limit, better: "low" as const }));
  const [worst] = proven;
  if (worst !== undefined) {
    const more =
      proven.length === 1 ? "" : `; ${proven.length - 1} more rare ${what === "class" ? "classes" : "groups"} lie beyond the limit`;
    return unmet(`${says(worst, shares, limit)}${more}`, { remedy: remedyFor(worst), decisive });
  }
  const [first] = unknown;
  const beside = first === undefined ? "" : `; of ${nameOf(first)} there is no test row to compare`;
  const [widest] = open;
  if (widest !== undefined) {
    const rest = open.length === 1 ? "" : `, as for ${open.length - 1} more`;
    const remedy = moreRows(widest, limit, `test rows of ${nameOf(widest)}`);
    return undecided(`${says(widest, shares, limit)}: too few rows to tell${rest}${beside}`, { remedy, decisive });
  }
  if (first !== undefined)
    return undecided(`of ${nameOf(first)}, rare in training, there is no test row to compare`, {
      remedy: `Test on rows of ${nameOf(first)} and of others.`,
      decisive,
    });
  const [highest] = excess.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
  return met(
    highest === undefined ? "nothing rare is answered worse" : `nothing rare is answered worse by more: ${says(highest, shares, limit)}`,
    { decisive },
  );
}

const nameOf = ({ of = {} }: Measure) => `${plain(of.group)} of ${plain(of.column)}`;

function says(measure: Measure, shares: readonly Measure[], limit: number): string {
  const { of = {}, value } = measure;
  const share = shares.find((each) => each.of?.column === of.column && each.of?.group === of.group)?.value ?? 0;
  const direction = value > 0 ? "answered wrong more often than other rows" : "answered wrong no more often than other rows";
  return `${nameOf(measure)}, ${percent(share)} of the training rows, is ${direction}: its error differs by ${besideLimit(measure, limit, pointAmounts, { joint: "joint" })}`;
}

const remedyFor = (measure: Measure) =>
  `Gather more training rows of ${nameOf(measure)}, or weight those that there are, train again, and check what that does to the others; until then do not let the model decide there alone.`;
