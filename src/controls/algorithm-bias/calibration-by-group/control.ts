import type { Random } from "../../../base/index.ts";
import { calibrationError } from "../../../tensor/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Measure, Series } from "../../measured.ts";
import { type Grouping, sensitiveColumns } from "../../needs/groups.ts";
import { scoredPredictions } from "../../needs/predictions.ts";
import { favourableOrNone } from "../../needs/splits.ts";
import { pointAmounts } from "../../shared/amounts.ts";
import { plain } from "../../shared/pairs/seen.ts";
import { type Claims, claimsOf } from "../../shared/scores/claims.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { count, met, undecided, unmet } from "../../verdicts.ts";

const population = "people like those of the test split";
const confidence = 0.95;
const bins = 10;
/** Fewer rows than these, two for each bin, show nothing of calibration. */
const fewest = 2 * bins;
/** A column with more groups is not looked at group by group, and the verdict says so. */
const mostGroups = 60;

/** Claims that in no group do predicted probabilities and observed rates differ by more than `error` on average, among people like those of the test split. */
export const calibrationByGroup = defineControl({
  claim: "algorithm-bias/calibration-by-group",
  needs: {
    answers: scoredPredictions({ split: "test" }),
    groups: sensitiveColumns({ split: "test" }),
    favourable: favourableOrNone(),
    random: randomness("algorithm-bias/calibration-by-group"),
    replicates: effort({ quick: 500, standard: 1000, thorough: 5000 }),
  },
  policy: {
    error: number(0.05, "our own convention: of a hundred people of a group called 80 % sure, 75 to 85 come true", "points"),
  },

  measure({ answers, groups, favourable, random, replicates }) {
    const claims = claimsOf(answers, favourable);
    const looked = groups.filter((grouping) => grouping.groups.length <= mostGroups);
    const parts = looked.flatMap((grouping) => partsOf(grouping, claims));
    const known = parts.filter(({ confidences }) => confidences.length >= fewest);
    const each = 1 - (1 - confidence) / Math.max(1, known.length);
    const seen = known
      .flatMap((part) => errorOf(part, claims.of, each, random, replicates))
      .toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0));
    return {
      measures: [
        ...seen,
        ...parts.filter((part) => !known.includes(part)).map(tooFew),
        ...groups.filter((grouping) => !looked.includes(grouping)).map(tooMany),
      ],
      ...(seen.length === 0 ? {} : { series: [bars(seen)] }),
    };
  },

  judge({ measures }, { error: limit }) {
    const seen = measures.filter(({ name }) => name === "calibration-error");
    const unknown = measures.filter(({ name }) => name === "rows-of-group" || name === "groups-not-looked-at");
    const on = (side: ReturnType<typeof sideOf>) => seen.filter((measure) => sideOf(measure, limit, "low") === side);
    const proven = on("bad");
    const open = on("both").toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    const decisive = [...proven, ...open, ...on("good")].slice(0, 8).map((measure) => ({ measure, limit, better: "low" as const }));
    const [worst] = proven;
    if (worst !== undefined) {
      const more =
        proven.length === 1
          ? ""
          : `; ${proven.length - 1} more group${proven.length === 2 ? "" : "s"} lie${proven.length === 2 ? "s" : ""} beyond the limit`;
      return unmet(`${says(worst, limit)}${more}`, { remedy: remedyFor(worst), decisive });
    }
    const [widest] = open;
    if (widest !== undefined) {
      const rest = open.length === 1 ? "" : `, as for ${open.length - 1} more`;
      return undecided(`${says(widest, limit)}: too few rows to tell${rest}`, {
        remedy: moreRows(widest, limit, `test rows of ${nameOf(widest)}`),
        decisive,
      });
    }
    const [first] = unknown;
    if (first !== undefined) return undecided(unknownSays(first), { remedy: unknownRemedy(first), decisive });
    const [highest] = seen.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    if (highest === undefined)
      return undecided("no test row has a label and a group", { remedy: "Test on labelled rows, and fill in the sensitive columns." });
    return met(`in no group the probabilities are further off: ${says(highest, limit)}`, { decisive });
  },
});

interface Part {
  readonly of: { readonly column: string; readonly group: string };
  readonly confidences: Float64Array;
  readonly happened: Uint8Array;
}

function partsOf({ column, groups, members }: Grouping, { rows, confidences, happened }: Claims): Part[] {
  return groups.map((group, at) => {
    const own = Int32Array.from(rows.keys()).filter((place) => members[rows[place]!] === at);
    const pick = (place: number) => confidences[place]!;
    return {
      of: { column, group },
      confidences: Float64Array.from(own, pick),
      happened: Uint8Array.from(own, (place) => happened[place]!),
    };
  });
}

/** At the Bonferroni level of all groups of all columns, so that the worst may be picked. */
function errorOf({ of, confidences, happened }: Part, what: Claims["of"], each: number, random: Random, replicates: number): Measure[] {
  const options = { random: random.fork(`${of.column}: ${of.group}`), replicates, nullReplicates: 1, bins, confidence: each };
  const found = calibrationError(confidences, happened, options);
  if (found === null) return [];
  const { value, low, high, n } = found.debiased;
  return [{ name: "calibration-error", value, unit: "points", low, high, confidence, population, n, baseline: 0, of: { ...of, ...what } }];
}

const tooFew = ({ of, confidences }: Part): Measure => ({ name: "rows-of-group", value: confidences.length, unit: "rows", of });
const tooMany = ({ column, groups }: Grouping): Measure => ({
  name: "groups-not-looked-at",
  value: groups.length,
  unit: "rows",
  of: { column },
});

const bars = (seen: readonly Measure[]): Series => ({
  name: "calibration error by group",
  kind: "bars",
  x: { label: "group", values: seen.map(nameOf) },
  y: { label: "calibration error", unit: "points", values: seen.map(({ value }) => value) },
  low: seen.map(({ low = 0 }) => low),
  high: seen.map(({ high = 1 }) => high),
});

const nameOf = ({ of = {} }: Measure) => `${plain(of.group)} of ${plain(of.column)}`;

const says = (measure: Measure, limit: number) =>
  `of ${nameOf(measure)}, the probabilities differ from what happened by ${besideLimit(measure, limit, pointAmounts, { joint: "joint" })} on average`;

function unknownSays({ name, value, of = {} }: Measure): string {
  if (name === "groups-not-looked-at") return `${plain(of.column)} has ${count(value)} groups, too many to look at one by one`;
  return `${plain(of.group)} of ${plain(of.column)} has ${value === 1 ? "one labelled test row" : `${count(value)} labelled test rows`}, too few to show anything of calibration`;
}

const unknownRemedy = ({ name, of = {} }: Measure) =>
  name === "groups-not-looked-at"
    ? `Give ${plain(of.column)} coarser groups in the data, ${mostGroups} at most, or take it out of \`sensitive\`.`
    : `Test on more rows of ${plain(of.group)} of ${plain(of.column)}: some hundreds.`;

const remedyFor = (measure: Measure) =>
  `Calibrate the scores for ${nameOf(measure)} apart, on the evaluation split and never on the test split, where the law allows groups to be treated apart; or find out which feature means something else for them and add what tells them apart.`;
