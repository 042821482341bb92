import { clopperPearson, confusion } from "../../../tensor/index.ts";
import { defineControl, number } from "../../define.ts";
import type { Finding, Measure, Series } from "../../measured.ts";
import { predictions } from "../../needs/predictions.ts";
import { artefactOf } from "../../needs/splits.ts";
import { shareAmounts } from "../../shared/amounts.ts";
import { plain } from "../../shared/pairs/seen.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { count, met, percent, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
const confidence = 0.95;
/** Of many pairs of classes, the most confused and those whose intervals reach furthest. */
const mostPairs = { confused: 40, reaching: 20 };
const mostFindings = 10;
/** A larger matrix cannot be read. */
const mostClasses = 60;

/** Claims that no class is taken for one other class more often than `rate`, among rows like those of the test split. */
export const classConfusion = defineControl({
  claim: "weak-algorithm/class-confusion",
  needs: { answers: predictions({ split: "test" }), artefact: artefactOf({ split: "test" }) },
  policy: {
    rate: number(0.2, "our own convention: of five rows of a class, no more than one is taken for another given class", "share"),
  },

  measure({ answers: { truth, answers, classes }, artefact }) {
    const counts = confusion(truth, answers, classes.length);
    const rows = classes.map((_, at) =>
      counts.subarray(at * classes.length, (at + 1) * classes.length).reduce((sum, each) => sum + each, 0),
    );
    const pairs = pairsOf(counts, rows, classes);
    const empty = classes.filter((_, at) => rows[at] === 0);
    return {
      measures: [
        ...telling(pairs),
        ...empty.map((name): Measure => ({ name: "class-rows", value: 0, unit: "rows", of: { class: name } })),
        { name: "pairs-of-classes", value: pairs.length, unit: "rows", n: rows.reduce((sum, each) => sum + each, 0) },
      ],
      findings: pairs
        .filter(({ value }) => value > 0)
        .slice(0, mostFindings)
        .map((pair) => finding(pair, artefact)),
      findingsTotal: pairs.filter(({ value }) => value > 0).length,
      ...(classes.length > mostClasses || pairs.length === 0 ? {} : { series: [matrix(counts, rows, classes)] }),
    };
  },

  judge({ measures }, { rate: limit }) {
    const pairs = measures.filter(({ name }) => name === "taken-for");
    const empty = measures.filter(({ name }) => name === "class-rows").map(({ of = {} }) => plain(of.class));
    const proven = pairs.filter((pair) => sideOf(pair, limit, "low") === "bad");
    const open = pairs.filter((pair) => sideOf(pair, limit, "low") === "both").toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    const decisive = [...proven, ...open, ...pairs.filter((pair) => sideOf(pair, limit, "low") === "good")]
      .slice(0, 8)
      .map((measure) => ({ measure, limit, better: "low" as const }));
    const [worst] = proven;
    if (worst !== undefined) {
      const others = proven.length - 1;
      const { value: all = 0 } = measures.find(({ name }) => name === "pairs-of-classes") ?? {};
      const least = all > pairs.length && proven.length >= mostPairs.confused ? "at least " : "";
      const more =
        others === 0
          ? ""
          : `; ${least}${others} more pair${others === 1 ? "" : "s"} of classes lie${others === 1 ? "s" : ""} beyond the limit`;
      return unmet(`${says(worst, limit)}${more}`, { remedy: remedyFor(worst), decisive });
    }
    const [widest] = open;
    if (widest !== undefined) {
      const remedy = moreRows(widest, limit, `test rows of ${plain(widest.of?.class)}`);
      return undecided(`${says(widest, limit)}: too few rows to tell${open.length === 1 ? "" : `, as for ${open.length - 1} more`}`, {
        remedy,
        decisive,
      });
    }
    if (empty.length > 0 || pairs.length === 0) {
      const what = empty.length === 0 ? "the test split has no labelled row" : `the test split has no row of ${listed(empty)}`;
      return undecided(`${what}, so that nothing is known of what it is taken for`, { remedy: "Test on rows of each class." });
    }
    const [highest] = pairs.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    const { value = pairs.length } = measures.find(({ name }) => name === "pairs-of-classes") ?? {};
    return met(`of ${count(value)} pairs of classes none is confused more: ${highest === undefined ? "" : says(highest, limit)}`, {
      decisive,
    });
  },
});

/** Every class with rows and every other class, the most confused first; their intervals hold together. */
function pairsOf(counts: Float64Array, rows: readonly number[], classes: readonly string[]): Measure[] {
  const known = rows.filter((n) => n > 0).length;
  const each = 1 - (1 - confidence) / Math.max(1, known * (classes.length - 1));
  const pairs = classes.flatMap((name, truth) =>
    classes.flatMap((other, answer): Measure[] => {
      const found = truth === answer ? null : clopperPearson(counts[truth * classes.length + answer]!, rows[truth]!, each);
      if (found === null) return [];
      const { value, low, high, n } = found;
      return [{ name: "taken-for", value, unit: "share", low, high, confidence, population, n, baseline: 0, of: { class: name, other } }];
    }),
  );
  return pairs.sort((a, b) => (b.low ?? 0) - (a.low ?? 0) || b.value - a.value);
}

function telling(pairs: readonly Measure[]): Measure[] {
  const kept = new Set(pairs.slice(0, mostPairs.confused));
  for (const pair of pairs.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0)).slice(0, mostPairs.reaching)) kept.add(pair);
  return pairs.filter((pair) => kept.has(pair));
}

function finding({ of = {}, value, n = 0 }: Measure, artefact: string): Finding {
  const reason = `${percent(value)} of ${count(n)} rows of ${plain(of.class)} are taken for ${plain(of.other)}`;
  return { artefact, place: `${plain(of.class)} taken for ${plain(of.other)}`, reason };
}

/** Rows are true classes, each adding up to 1. */
const matrix = (counts: Float64Array, rows: readonly number[], classes: readonly string[]): Series => ({
  name: "what each class is answered as",
  kind: "matrix",
  x: { label: "answer", values: classes.map((name) => plain(name)) },
  y: {
    label: "share of the class's rows",
    unit: "share",
    values: Array.from(counts, (each, at) => each / Math.max(1, rows[Math.floor(at / classes.length)]!)),
  },
  rows: { label: "true class", values: classes.map((name) => plain(name)) },
});

const says = (pair: Measure, limit: number) =>
  `${plain(pair.of?.class)} is taken for ${plain(pair.of?.other)} in ${besideLimit(pair, limit, shareAmounts, { joint: "joint" })} of its rows`;

const listed = (names: readonly string[]) =>
  names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more classes` : names.join(" and ");

const remedyFor = ({ of = {} }: Measure) =>
  `Look at rows of ${plain(of.class)} that are answered ${plain(of.other)}: check their labels, gather more of them or features that tell the two apart, or weight ${plain(of.class)} in training; where one of the two mistakes costs more, move the threshold between them.`;
