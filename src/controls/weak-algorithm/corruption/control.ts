import type { Random } from "../../../base/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Curve, Finding, Measure, Series } from "../../measured.ts";
import { type Corrupted, type CorruptedKind, corrupted } from "../../needs/corrupted.ts";
import { artefactOf } from "../../needs/splits.ts";
import { type Success, successOrBalance } from "../../needs/success.ts";
import { pairedGain } from "../../shared/scores/paired.ts";
import { answeredOf } from "../../shared/scores/scored.ts";
import { metricWords } from "../../shared/scores/words.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
const confidence = 0.95;
const steps = [1, 2, 3, 4, 5] as const;

/** Claims that no kind of corruption, at the step that policy names, makes the model's quality fall by more than `fall`. */
export const corruption = defineControl({
  claim: "weak-algorithm/corruption",
  needs: {
    corrupted: corrupted({ split: "test" }),
    artefact: artefactOf({ split: "test" }),
    success: successOrBalance({ without: "log-loss" }),
    random: randomness("weak-algorithm/corruption intervals"),
    replicates: effort({ quick: 1000, standard: 2000, thorough: 5000 }),
  },
  policy: {
    fall: number(0.05, "our own convention: of a hundred answers, five more are wrong than on clean inputs"),
    refused: number(
      0,
      "our own convention: rows that the model does not answer at all are not withstood, unless somebody who knows says how many such kinds cannot occur or are caught before it",
    ),
    step: number(
      3,
      "our own convention: the middle of the five steps, after the five severities of D. Hendrycks and T. Dietterich (ICLR 2019)",
    ),
  },

  measure({ corrupted: { clean, kinds, questions }, artefact, success, random, replicates }) {
    const among = kinds.filter((kind) => !isRefused(kind)).length;
    const falls = kinds.flatMap((kind) => fallsOf(kind, { clean, success, random, replicates, among }));
    const refused = kinds.filter(isRefused);
    return {
      measures: [...falls, ...refused.map(refusal), { name: "rows-asked", value: clean.rows, unit: "rows", queries: questions }],
      findings: refused.map((kind) => refusalFound(kind, artefact)),
      series: seriesOf(kinds, falls, success),
    };
  },

  judge({ measures }, { fall: limit, step, refused: mayBe }) {
    const at = measures.filter(({ name, of }) => name === "fall" && of?.step === step);
    const refused = measures.filter(({ name }) => name === "rows-refused").map(({ of }) => String(of?.corruption));
    const silent = `rows with ${refused.join(" and with ")} are not answered at all`;
    const beside = refused.length === 0 ? "" : `; ${silent}`;
    const worst = at.toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0));
    const decisive = worst.map((measure) => ({ measure, limit, better: "low" as const }));
    const [first] = worst;
    if (first === undefined) {
      const { says: why, remedy } = withoutFalls(measures, step, refused);
      return undecided(`${why}${beside}`, { remedy });
    }
    if (sideOf(first, limit, "low") === "bad") {
      const more = worst.filter((measure) => sideOf(measure, limit, "low") === "bad").length - 1;
      const others =
        more === 0 ? "" : `; ${more} more kind${more === 1 ? "" : "s"} of corruption lie${more === 1 ? "s" : ""} beyond the limit`;
      return unmet(`${says(first, limit)}${others}${beside}`, { remedy: remedyFor(first), decisive });
    }
    const [highest] = at.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    if (highest === undefined) throw new Error("there is a first, so there is a highest");
    if (sideOf(highest, limit, "low") === "both")
      return undecided(`${says(highest, limit)}: too few rows to tell${beside}`, { remedy: rowsFor(highest, limit), decisive });
    if (refused.length > mayBe)
      return undecided(`${silent}, so that nothing is known of the model's quality there; otherwise, ${says(highest, limit)}`, {
        remedy: fillIn(refused),
        decisive,
      });
    return met(`of ${at.length} kinds of corruption none costs more: ${says(highest, limit)}${beside}`, { decisive });
  },
});

const isRefused = ({ steps: all }: CorruptedKind) => all.some(({ reply }) => "refused" in reply);

interface Falling {
  readonly clean: Corrupted["clean"];
  readonly success: Success;
  readonly random: Random;
  readonly replicates: number;
  /** Kinds whose intervals hold together, at each step. */
  readonly among: number;
}

function fallsOf(
  { name, of, steps: all }: CorruptedKind,
  { clean, success: { metric, favourable }, random, replicates, among }: Falling,
): Measure[] {
  const before = answeredOf(clean, favourable);
  return all.flatMap(({ amount, reply }, at): Measure[] => {
    if ("refused" in reply) return [];
    const options = { random: random.fork(`${name} ${amount}`), replicates, confidence: 1 - (1 - confidence) / among };
    const found = pairedGain(metric, before, answeredOf({ ...clean, ...reply }, favourable), options);
    if (found === null) return [];
    const { value, low, high, n } = found;
    const unit = metricWords[metric].unit === "share" ? "points" : metricWords[metric].unit;
    const what = { corruption: name, step: at + 1, amount: inWords(amount, of), metric };
    return [{ name: "fall", value, unit, low, high, confidence, population, n, baseline: 0, of: what }];
  });
}

const refusal = ({ name, steps: all }: CorruptedKind): Measure => ({
  name: "rows-refused",
  value: all.filter(({ reply }) => "refused" in reply).length,
  unit: "rows",
  of: { corruption: name },
});

function refusalFound({ name, steps: all }: CorruptedKind, artefact: string): Finding {
  const code = all.flatMap(({ reply }) => ("refused" in reply ? [reply.refused] : []))[0] ?? "";
  return { artefact, reason: `the model does not answer rows with ${name} (${code}): the system needs a way to go on without it` };
}

/** How far quality falls, step by step: a curve for each kind. */
function seriesOf(kinds: readonly CorruptedKind[], falls: readonly Measure[], { metric }: Success): Series[] {
  const curves = kinds.flatMap(({ name }): Required<Curve>[] => {
    const own = steps.map((step) => falls.find(({ of }) => of?.corruption === name && of.step === step));
    const known = own.filter((fall) => fall !== undefined);
    if (known.length < steps.length) return [];
    const values = (end: "value" | "low" | "high") => [0, ...known.map((fall) => fall[end] ?? fall.value)];
    return [{ name, values: values("value"), low: values("low"), high: values("high") }];
  });
  const [first, ...others] = curves;
  if (first === undefined) return [];
  const { says: measure, unit } = metricWords[metric];
  return [
    {
      name: `fall of ${measure} under corruption`,
      kind: "line",
      x: { label: "step of corruption", values: [0, ...steps] },
      y: { label: `fall of ${measure}`, unit: unit === "share" ? "points" : unit, name: first.name, values: first.values },
      low: first.low,
      high: first.high,
      others,
    },
  ];
}

/** `5 % of rows have one number in another unit`, `80 as the quality of JPEG`. */
const inWords = (amount: number, of: string) => `${of.startsWith("of ") ? `${Number((amount * 100).toPrecision(6))} %` : amount} ${of}`;

function says(fall: Measure, limit: number): string {
  const { corruption: kind, amount, metric } = fall.of ?? {};
  const { says: measure, gaps } = metricWords[String(metric) as Success["metric"]];
  return `with ${kind} (${amount}), ${measure} ${fall.value < 0 ? "does not fall: its fall is" : "falls by"} ${besideLimit(fall, limit, gaps, { joint: "joint" })}`;
}

/** Why nothing stands at the step, and what would change it. */
function withoutFalls(measures: readonly Measure[], step: number, refused: readonly string[]): { says: string; remedy: string } {
  const { value: rows = 0, queries = 0 } = measures.find(({ name }) => name === "rows-asked") ?? {};
  if (measures.some(({ name }) => name === "fall"))
    return {
      says: `the model was not measured at step ${step} of any corruption`,
      remedy: "Set `step` under `policy` to a whole number from 1 to 5.",
    };
  if (refused.length > 0) return { says: "no corrupted row was answered", remedy: fillIn(refused) };
  if (queries > rows)
    return {
      says: "the rows that were asked about do not determine the measure of success",
      remedy: "Test on more rows, with a label, and of every class.",
    };
  return {
    says: "there is nothing in these rows that could be corrupted in one of the ways known here",
    remedy:
      "Train and test on columns of which training saw more than one value: nothing is known of what else may go wrong with this model's inputs.",
  };
}

const remedies: { readonly [kind: string]: string } = {
  "missing values":
    "Train on rows with values taken out as they will be missing, or fill them in before the model and say so with the answer.",
  "swapped units": "Check each number against the range that training saw before the model answers, and refuse what lies outside.",
  "values at the end of their range": "Watch for numbers that stick to one end of their range, and check the sensors or forms behind them.",
  "swapped categories": "Check categories against what else the row says, or ask for them again where the answer depends on one.",
};

const remedyFor = ({ of = {} }: Measure) =>
  remedies[String(of.corruption)] ??
  "Add such inputs to the training data, or make the model rely less on single values (regularisation, smoothing, ensembles), and measure again.";

const fillIn = (refused: readonly string[]) =>
  `Make the model, or what stands before it, answer such rows (fill in what is missing), and measure again; where they cannot occur or are caught before, say so: \`refused: ${refused.length}\` under \`policy\`, with \`because\`.`;

const rowsFor = (measure: Measure, limit: number) => `${moreRows(measure, limit)} A larger budget asks about more of those that there are.`;
