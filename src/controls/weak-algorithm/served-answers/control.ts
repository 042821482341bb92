import { quoted } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import { defineControl, number } from "../../define.ts";
import type { Finding, Measure, Series } from "../../measured.ts";
import { type Served, servedBeside } from "../../needs/endpoint-served.ts";
import { amount, pointAmounts, shareAmounts } from "../../shared/amounts.ts";
import { confidenceOf, nameAmong, notAsked, together } from "../../shared/services.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { count, met, undecided, unmet } from "../../verdicts.ts";

const mostFindings = 100;
const shown = [0, 0.5, 0.9, 0.99, 0.999, 1] as const;

/** Claims that every service answers as the tested model does: the same label to nearly every row, and the same scores but for rounding. */
export const servedAnswers = defineControl({
  claim: "weak-algorithm/served-answers",
  needs: { served: servedBeside() },
  policy: {
    share: number(
      0.001,
      "our own convention: rounding turns the answer of a row on the threshold, and fewer than one row in a thousand lies there",
      "share",
    ),
    apart: number(
      0.001,
      "our own convention: single and double precision, and different runtimes, differ by less than 0.0001 in a probability; ten times as much is another model or other inputs",
      "share",
    ),
  },

  measure({ served: { each, unasked } }) {
    const found = each.map((seen) => findingsOf(seen, Math.ceil(mostFindings / each.length)));
    return {
      measures: [...each.flatMap((seen) => measuresOf(seen, confidenceOf(each.length))), ...notAsked(unasked)],
      series: each.flatMap((seen) => seriesOf(seen, nameAmong(seen.service, each.length))),
      findings: found.flatMap(({ findings }) => findings),
      findingsTotal: found.reduce((sum, { total }) => sum + total, 0),
    };
  },

  judge({ measures }, limits) {
    const found = measures.filter(({ name }) => name === "answers-that-differ").map((differing) => ofService(differing, measures, limits));
    const { worst, reason } = together(found, measures);
    if (worst === undefined) return undecided("no row was asked", { remedy: "Declare a test split that has rows." });
    const decisive = found.flatMap(({ decisive: own }) => own);
    if (worst.side === "bad") return unmet(reason, { remedy, decisive });
    if (worst.side === "good") return met(reason, { decisive });
    return undecided(reason, { remedy: moreRows(worst.differing, limits.share), decisive });
  },
});

const remedy =
  "Compare the file that is served with the one that was tested, by digest; if they are the same, compare how each encodes, fills in and orders the columns. The rows that differ are listed.";

/** What the labels and the scores of one service come to. */
function ofService(differing: Measure, measures: readonly Measure[], { share, apart }: { readonly share: number; readonly apart: number }) {
  const service = String(differing.of?.service);
  const scores = measures.find(({ name, of }) => name === "score-difference" && of?.service === service);
  const rows = differing.n ?? 0;
  const differ = Math.round(differing.value * rows);
  const labels = `${count(differ)} of ${count(rows)} answers differ from the tested model's: ${besideLimit(differing, share, shareAmounts)}`;
  const far = scores !== undefined && scores.value > apart;
  const beside =
    scores === undefined
      ? ""
      : `; scores lie up to ${amount(scores.value, pointAmounts, apart)} apart (limit ${amount(apart, pointAmounts)})`;
  const decisive = [
    { measure: differing, limit: share, better: "low" as const },
    ...(scores === undefined ? [] : [{ measure: scores, limit: apart, better: "low" as const }]),
  ];
  return { service, differing, decisive, side: far ? ("bad" as const) : sideOf(differing, share, "low"), reason: `${labels}${beside}` };
}

const differs = ({ tested, served }: Served, row: number) => tested[row] !== served[row];

function measuresOf(seen: Served, confidenceOfEach: number): Measure[] {
  const { tested, apart, service, artefact } = seen;
  const rows = tested.length;
  const differing = tested.reduce((sum, _, row) => sum + Number(differs(seen, row)), 0);
  const interval = clopperPearson(differing, rows, confidenceOfEach);
  if (interval === null) return [];
  const { value, low, high, confidence } = interval;
  const about = { of: { service } };
  const answers: Measure = {
    name: "answers-that-differ",
    value,
    unit: "share",
    low,
    high,
    confidence,
    n: rows,
    population: `rows like those of ${artefact}`,
    ...about,
  };
  if (apart === null) return [answers];
  return [answers, { name: "score-difference", value: apart.reduce((most, each) => Math.max(most, each), 0), unit: "points", ...about }];
}

/** The rows that differ: other labels first, then the scores that lie furthest apart. */
function findingsOf(seen: Served, most: number): { findings: Finding[]; total: number } {
  const { tested, apart, artefact, service } = seen;
  const far = (row: number) => apart?.[row] ?? 0;
  const rows = Array.from(tested.keys()).filter((row) => differs(seen, row) || far(row) > roundingApart);
  const worst = rows.toSorted((a, b) => Number(differs(seen, b)) - Number(differs(seen, a)) || far(b) - far(a));
  const findings = worst.slice(0, most).map((row): Finding => {
    const scores = apart === null ? "" : ` (scores lie ${amount(far(row), pointAmounts)} apart)`;
    return {
      artefact,
      row,
      reason: `${differs(seen, row) ? `service ${quoted(service)} answers another label than the tested model` : `the scores of service ${quoted(service)} differ`}${scores}`,
    };
  });
  return { findings, total: rows.length };
}

/** Less is rounding: no row worth looking at. */
const roundingApart = 1e-4;

function seriesOf({ apart }: Served, service: string): Series[] {
  if (apart === null || apart.length === 0) return [];
  const sorted = apart.toSorted();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * (sorted.length - 1)))] ?? 0;
  return [
    {
      name: `how far the scores of ${service || "the service"} lie from the tested model's`,
      kind: "line",
      x: { label: "share of rows", values: [...shown], unit: "share" },
      y: { label: "difference of the scores", values: shown.map(at), unit: "points" },
    },
  ];
}
