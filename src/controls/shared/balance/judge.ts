import type { Measure, Measured, Verdict } from "../../measured.ts";
import { count, type Deciding, met, percent, undecided, unmet } from "../../verdicts.ts";
import { plain } from "../pairs/seen.ts";
import { type Counted, notListed, plural } from "./measure.ts";
import { type BalanceLimits, nameOf, oncePerGroup, remedyFor, type Shortage, shortagesIn } from "./shortages.ts";

const mostDecisive = 8;

/** Unmet if a class or group falls short of a limit; undecided if the declaration lacks what it must be compared with; else met. A census: there is no random error to allow for. */
export function judgeBalance(what: Counted, { measures }: Measured, limits: BalanceLimits): Verdict {
  const rows = measures.filter(({ name }) => name === `${what}-rows`).toSorted((a, b) => a.value - b.value);
  const [fewest] = rows;
  if (fewest === undefined)
    return undecided(`no training row has a ${what}`, { remedy: "Name a column that has values in the training split." });
  const short = shortagesIn(what, measures, limits);
  const [worst, ...more] = oncePerGroup(what, short);
  const decisive = decisiveOf(short, rows, limits);
  if (worst !== undefined)
    return unmet(`${worst.says}${others(what, more.length, measures)}`, { remedy: remedyFor(what, worst, short), decisive });
  if (what === "class" && rows.length === 1) {
    return unmet(`all training rows have one class: ${nameOf(what, fewest)}`, {
      remedy: "Gather training rows of the other classes: a model cannot learn what it never saw.",
    });
  }
  const enough = `every ${what} has at least ${count(limits.rows)} training rows (fewest: ${nameOf(what, fewest)}, ${count(fewest.value)})`;
  const unknown = unknownIn(what, measures, limits);
  if (unknown !== null) {
    return undecided(
      `${enough}, but ${unknown.says}, so whether a ${what} is rarer than among the people that the system is for cannot be told`,
      { remedy: unknown.remedy, decisive },
    );
  }
  return met(`${enough}${comparedWith(what, measures, limits)}`, { decisive });
}

function others(what: Counted, more: number, measures: readonly Measure[]): string {
  const atLeast = measures.some(({ name }) => name === notListed(what)) ? "at least " : "";
  return more === 0 ? "" : more === 1 ? `; ${atLeast}one more ${what} falls short` : `; ${atLeast}${more} more ${plural(what)} fall short`;
}

/** What falls short, worst first; where nothing does, the fewest rows. */
function decisiveOf(short: readonly Shortage[], rows: readonly Measure[], { rows: limit }: BalanceLimits): Deciding[] {
  const fewest = rows.map((measure): Deciding => ({ measure, limit, better: "high" }));
  const worst = short.map(({ measure, limit, better }): Deciding => ({ measure, limit, better }));
  return (worst.length > 0 ? worst : fewest).slice(0, mostDecisive);
}

/** What the declaration must say before more than row counts can be judged. */
function unknownIn(what: Counted, measures: readonly Measure[], { ofEven }: BalanceLimits): { says: string; remedy: string } | null {
  const columnsOf = (name: string) => [...new Set(measures.filter((measure) => measure.name === name).map(({ of }) => plain(of?.column)))];
  const [other] = columnsOf("rows-of-another-population");
  if (other !== undefined) {
    return {
      says: `the declared population of ${other} names none of the ${plural(what)} that were counted`,
      remedy: `Write its values as they stand in the column: \`population: { ${other}: { VALUE: SHARE } }\`. A column of many numbers needs a column of groups beside it.`,
    };
  }
  const none = ofEven === null ? columnsOf("rows-without-population") : [];
  if (none.length > 0) {
    return {
      says: `no population is declared for ${none.join(" and ")}`,
      remedy: `Declare the shares among the people that the system is for: \`population: { ${none.map((column) => `${column}: { VALUE: SHARE }`).join(", ")} }\`.`,
    };
  }
  const unnamed = measures.find(({ name }) => name === `${what}-rows-not-in-population`);
  if (unnamed === undefined) return null;
  return {
    says: `the declared population leaves out ${nameOf(what, unnamed)}`,
    remedy: `Add its share to \`population: { ${plain(unnamed.of?.column)}: { VALUE: SHARE } }\`.`,
  };
}

function comparedWith(what: Counted, measures: readonly Measure[], { ofPopulation, ofEven }: BalanceLimits): string {
  const lowest = (name: string) => measures.filter((measure) => measure.name === name).toSorted((a, b) => a.value - b.value)[0];
  const rarest = lowest(`${what}-share-to-population`);
  if (rarest !== undefined)
    return ` and at least ${ofPopulation} of its share in the declared population (least: ${nameOf(what, rarest)}, ${rarest.value.toFixed(2)})`;
  const smallest = lowest(`${what}-share`);
  if (smallest === undefined || ofEven === null) return "";
  return ` and at least ${ofEven} of an even share (rarest: ${nameOf(what, smallest)}, ${percent(smallest.value)} where even is ${percent(smallest.baseline ?? 0)})`;
}
