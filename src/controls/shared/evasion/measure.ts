import { clopperPearson } from "../../../tensor/index.ts";
import type { Finding, Measure, Measured, Series } from "../../measured.ts";
import type { Attacked } from "../../needs/evasion/attacked.ts";
import { quotedClass, short } from "./words.ts";

const population = "rows like those of the test split";
const confidence = 0.95;
const mostFindings = 100;
const mostClasses = 40;

/** A share with its exact interval (Clopper and Pearson 1934); nothing where there is nothing to count among. */
export function shareOf(name: string, count: number, n: number, more: Partial<Measure> = {}, at = confidence): Measure[] {
  const found = clopperPearson(count, n, at);
  if (found === null) return [];
  const { value, low, high } = found;
  return [{ name, value, unit: "share", low, high, confidence: at, population, n, ...more }];
}

const sum = (flags: Uint8Array) => flags.reduce((all, each) => all + each, 0);

/** What there is to say where no attack was possible. */
export const withoutAttack = (why: Attacked["why"]): Measure => ({
  name: "without-attack",
  value: 0,
  unit: "rows",
  of: { why: why?.says ?? "", remedy: why?.remedy ?? "" },
});

/**
 * `robust-accuracy`: the share of rows that are answered right and stay so at the declared size of change, beside the accuracy without one; the same by class, with
 * intervals that hold together (Bonferroni).
 */
export function measureAttacked(attacked: Attacked, artefact: string): Measured {
  const { found, why } = attacked;
  if (found === null) return { measures: [withoutAttack(why)] };
  const { rows, norm, eps, queries, tried, pictures } = attacked;
  const n = rows.length;
  const fooled = found.fooled[found.epsilons.indexOf(eps)] ?? found.fooled.at(-1) ?? new Uint8Array(n);
  const of = { norm, eps, attacks: tried };
  const findings = findingsOf(attacked, artefact);
  return {
    measures: [
      ...shareOf("robust-accuracy", n - sum(fooled), n, { baseline: (n - found.wrong) / Math.max(1, n), queries, of }),
      ...byClass(attacked, fooled),
    ],
    findings: findings.slice(0, mostFindings),
    findingsTotal: findings.length,
    series: curveOf(attacked),
    pictures,
  };
}

function byClass({ classes, labels }: Attacked, fooled: Uint8Array): Measure[] {
  const each = 1 - (1 - confidence) / classes.length;
  const measured = classes.flatMap((name, at) => {
    const own = [...labels.keys()].filter((row) => labels[row] === at);
    return shareOf("robust-accuracy-by-class", own.filter((row) => fooled[row] === 0).length, own.length, { of: { class: name } }, each);
  });
  return measured.toSorted((a, b) => a.value - b.value).slice(0, mostClasses);
}

/** Rows that were right and fell within the declared size, the nearest first. */
function findingsOf({ found, rows, labels, classes, norm }: Attacked, artefact: string): Finding[] {
  if (found === null) return [];
  const { distances, answers } = found;
  const fell = [...distances.keys()].filter((at) => Number.isFinite(distances[at]!) && distances[at]! > 0);
  return fell
    .sort((a, b) => distances[a]! - distances[b]!)
    .map((at) => ({
      artefact,
      row: rows[at]!,
      reason: `${quotedClass(classes[labels[at]!])} becomes ${quotedClass(classes[answers[at]!])} by a change of ${short(distances[at]!)} (${norm})`,
    }));
}

/** Accuracy over the size of change, from none to where nothing is bounded. */
function curveOf({ found, rows, eps, norm, classes }: Attacked): Series[] {
  if (found === null || rows.length === 0 || found.epsilons.length < 3) return [];
  const n = rows.length;
  const standing = [n - found.wrong, ...found.fooled.map((fooled) => n - sum(fooled))];
  const shares = standing.map((count) => clopperPearson(count, n, confidence) ?? { value: 0, low: 0, high: 1 });
  const last = found.epsilons.length - 1;
  const names = found.epsilons.map((each, at) =>
    at === last && each > eps ? "no bound" : `${short(each)}${each === eps ? " (declared)" : ""}`,
  );
  return [
    {
      name: "accuracy under attack",
      kind: "line",
      x: { label: `size of change (${norm})`, values: ["none", ...names] },
      y: { label: "share of right answers", unit: "share", values: shares.map(({ value }) => value) },
      low: shares.map(({ low }) => low),
      high: shares.map(({ high }) => high),
      reference: shares.map(() => 1 / classes.length),
    },
  ];
}
