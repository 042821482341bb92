import { auc, type Interval, quantiles, tprAtFpr } from "../../../tensor/index.ts";
import { defineControl, number } from "../../define.ts";
import type { Measure, Series } from "../../measured.ts";
import { type UnlikeKind, type Unlikely, unlike } from "../../needs/unlike.ts";
import { shareAmounts } from "../../shared/amounts.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { fixed, met, undecided, unmet } from "../../verdicts.ts";

const population = "rows made in these ways, against rows like those of the test split";
const confidence = 0.95;
/** Half of the test rows are answered with at least the usual confidence. */
const usual = 0.5;

/** Claims that of inputs unlike the training data no larger share than `sure` is answered at least as confidently as half of the test rows are. */
export const outOfDistribution = defineControl({
  claim: "weak-algorithm/out-of-distribution",
  needs: { unlike: unlike("weak-algorithm/out-of-distribution") },
  policy: {
    told: number(
      0.9,
      "our own convention: in nine of ten pairs of a test row and a made one, a shallow tree trained here says which is which; rows that are less unlike may be answered surely",
    ),
    sure: number(
      0.25,
      "our own convention: half of what a model shows that notices nothing, since one half of the test rows are answered so",
      "share",
    ),
  },

  measure({ unlike: { usual: known, kinds, questions } }) {
    const answered = kinds.flatMap((kind) => (kind.confidences === null ? [] : [{ ...kind, confidences: kind.confidences }]));
    // Three measures of each kind, and all of them hold together.
    const each = 1 - (1 - confidence) / Math.max(1, 3 * answered.length);
    const of = ({ name, confidences, told }: Answered): Measure[] => {
      const sure = labelled(confidences, known);
      const tree = labelled(told.made, told.usual);
      return [
        ...measureOf("as-sure-as-usual", "share", tprAtFpr(sure.scores, sure.isMade, usual, each), name, usual, questions),
        ...measureOf(
          "auc-of-doubt",
          "score",
          auc(
            sure.scores.map((score) => -score),
            sure.isMade,
            each,
          ),
          name,
          0.5,
          questions,
        ),
        ...measureOf("auc-of-a-tree", "score", auc(tree.scores, tree.isMade, each), name, 0.5, questions),
        ...tiedAt(median(known), confidences, name),
      ];
    };
    return {
      measures: [...answered.flatMap(of), ...kinds.filter(({ confidences }) => confidences === null).map(notAnswered)],
      series: curves(known, answered),
    };
  },

  judge({ measures }, { sure: limit, told }) {
    const seen = measures.filter(({ name }) => name === "as-sure-as-usual");
    const shares = seen.filter(({ of }) => (ofKind(measures, "auc-of-a-tree", of?.inputs)?.low ?? 0) >= told);
    const silent = measures.filter(({ name }) => name === "rows-not-answered").map(({ of = {} }) => String(of.inputs));
    const beside = silent.length === 0 ? "" : `; rows with ${silent.join(" and with ")} are not answered at all`;
    const decisive = shares.map((measure) => ({ measure, limit, better: "low" as const }));
    const byProof = shares.toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0));
    const [first] = byProof;
    if (first === undefined) {
      const reason =
        seen.length > 0
          ? "no rows were made that a tree trained here tells from test rows well enough"
          : "no rows unlike the training data were answered";
      return undecided(`${reason}${beside}`, {
        remedy: "Test on more rows, at least some hundred, and on columns of which training saw more than one value.",
      });
    }
    if (sideOf(first, limit, "low") === "bad") {
      const others = byProof.slice(1).filter((measure) => sideOf(measure, limit, "low") === "bad");
      const also =
        others.length === 0 ? "" : `; rows with ${others.map(({ of = {} }) => String(of.inputs)).join(" or ")} go beyond the limit too`;
      return unmet(`${says(first, measures, limit)}${also}${beside}`, { remedy, decisive });
    }
    const [highest = first] = shares.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    if (sideOf(highest, limit, "low") === "both") {
      if (isSaturated(measures, highest, limit))
        return undecided(`${says(highest, measures, limit)}: too many have the very same confidence to tell${beside}`, {
          remedy: unsaturate,
          decisive,
        });
      return undecided(`${says(highest, measures, limit)}: too few rows to tell${beside}`, { remedy: moreRows(highest, limit), decisive });
    }
    return met(`the model doubts what is unlike its training data; least of all: ${says(highest, measures, limit)}${beside}`, { decisive });
  },
});

const ofKind = (measures: readonly Measure[], measure: string, inputs: string | number | undefined) =>
  measures.find(({ name, of }) => name === measure && of?.inputs === inputs);

interface Answered extends UnlikeKind {
  readonly confidences: Float64Array;
}

function labelled(made: Float64Array, others: Float64Array) {
  const scores = new Float64Array(made.length + others.length);
  scores.set(made);
  scores.set(others, made.length);
  return { scores, isMade: Uint8Array.from(scores, (_, at) => (at < made.length ? 1 : 0)) };
}

function measureOf(
  name: string,
  unit: Measure["unit"],
  found: Interval | null,
  inputs: string,
  baseline: number,
  queries: number,
): Measure[] {
  if (found === null) return [];
  const { value, low, high, n } = found;
  return [{ name, value, unit, low, high, confidence, population, baseline, n, queries, of: { inputs } }];
}

const median = (values: Float64Array) => values.toSorted()[values.length - 1 - (values.length >> 1)];

/** Where rows are exactly as sure as the middle test row, neither to be counted nor left out: the shares without and with them. */
function tiedAt(middle: number | undefined, confidences: Float64Array, inputs: string): Measure[] {
  const share = (counts: (confidence: number) => boolean) => confidences.filter(counts).length / confidences.length;
  if (middle === undefined || !confidences.includes(middle)) return [];
  const tied = (name: string, value: number): Measure => ({ name, value, unit: "share", of: { inputs } });
  return [
    tied(
      "surer-than-usual",
      share((each) => each > middle),
    ),
    tied(
      "no-less-sure-than-usual",
      share((each) => each >= middle),
    ),
  ];
}

/** More rows bring both ends nearer to the shares without and with the ties, and to nothing between. */
function isSaturated(measures: readonly Measure[], { of = {} }: Measure, limit: number): boolean {
  const [without, withTies] = ["surer-than-usual", "no-less-sure-than-usual"].map((name) => ofKind(measures, name, of.inputs)?.value);
  return without !== undefined && withTies !== undefined && without <= limit && limit < withTies;
}

const notAnswered = ({ name }: UnlikeKind): Measure => ({ name: "rows-not-answered", value: 1, unit: "rows", of: { inputs: name } });

const places = Array.from({ length: 21 }, (_, at) => at / 20);

/** How sure the model is, from the least sure row to the surest: test rows, and each kind beside them. */
function curves(known: Unlikely["usual"], answered: readonly Answered[]): Series[] {
  if (known.length === 0) return [];
  return [
    {
      name: "confidence on test rows and on rows unlike training",
      kind: "line",
      x: { label: "share of rows, the least sure first", unit: "share", values: places },
      y: { label: "probability of the class answered", unit: "share", name: "test rows", values: quantiles(known, places) },
      others: answered.map(({ name, confidences }) => ({ name, values: quantiles(confidences, places) })),
    },
  ];
}

function says(share: Measure, measures: readonly Measure[], limit: number): string {
  const { inputs } = share.of ?? {};
  const area = (measure: string) => fixed(ofKind(measures, measure, inputs)?.value ?? 0.5, 2);
  const told = `its doubt tells them from test rows with an area of ${area("auc-of-doubt")}, where 0.5 is chance and a shallow tree reaches ${area("auc-of-a-tree")}`;
  return `of rows with ${inputs}, ${besideLimit(share, limit, shareAmounts, { joint: "joint" })} are answered as surely as the surer half of test rows (${told})`;
}

const unsaturate =
  "More rows would not decide: the model gives many rows one and the same confidence, most often 1. Let it give scores that differ (logits, or probabilities with more digits), or make it less sure of itself (label smoothing, calibration by a temperature before the answer is rounded), and measure again.";

const remedy =
  "Do not take the model's confidence for a sign that it knows such inputs: check inputs against what training saw before it answers (ranges, known combinations, a detector of novelty), and refuse or hand over what lies outside.";
