import { defineControl, number } from "../../define.ts";
import type { Finding, Measure, Series } from "../../measured.ts";
import { type Near, near } from "../../needs/evasion/near.ts";
import { artefactOf } from "../../needs/splits.ts";
import { shareAmounts } from "../../shared/amounts.ts";
import { shareOf } from "../../shared/evasion/measure.ts";
import { quotedClass, short, sizeInWords } from "../../shared/evasion/words.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the training split";
const mostFindings = 100;
const parts = 20;

/** Claims that the declared size of change carries no larger share of training rows than `near` over the model's boundary. */
export const boundaryDistance = defineControl({
  claim: "evasion/boundary-distance",
  needs: { near: near(), artefact: artefactOf({ split: "train" }) },
  policy: {
    near: number(
      0.5,
      "our own convention: for most of what it learned from, the model's answer hangs on more than the declared change; it is the limit of adversarial-attack/white-box seen from the training data",
      "share",
    ),
  },
  metFrom: "standard",

  measure({ near: seen, artefact }) {
    const { distances, rows, size, tried, queries } = seen;
    const within = nearest(seen).filter((at) => distances[at]! <= size.eps);
    return {
      measures: [
        ...shareOf("near-boundary", within.length, rows.length, { population, queries, of: { ...size, attacks: tried } }),
        ...middleOf(seen),
      ],
      findings: within.slice(0, mostFindings).map((at) => finding(seen, at, artefact)),
      findingsTotal: within.length,
      series: curveOf(seen),
    };
  },

  judge({ measures }, { near: limit }) {
    const share = measures.find(({ name }) => name === "near-boundary");
    if (share === undefined)
      return undecided("the training split has no complete row", { remedy: "Train on rows without missing values, or fill them in." });
    const decisive = [{ measure: share, limit, better: "low" as const }];
    const { of = {} } = share;
    const says = `${sizeInWords({ norm: of.norm as "linf", eps: Number(of.eps) })} carries ${besideLimit(share, limit, shareAmounts)} of the training rows over the boundary`;
    const side = sideOf(share, limit, "low");
    if (side === "good") return met(`${says}; tried was ${of.attacks}`, { decisive });
    if (side === "bad")
      return unmet(says, {
        remedy:
          "Train with such changes (adversarial training, or augmentation by what callers can change), gather rows of the classes that lie close, or let the model abstain near its boundary.",
        decisive,
      });
    return undecided(`${says}: too few rows to tell`, {
      remedy: `${moreRows(share, limit, "training rows")} A larger budget looks at more of those that there are.`,
      decisive,
    });
  },
});

/** Rows whose answer was changed, the nearest first. */
const nearest = ({ distances }: Near) =>
  [...distances.keys()].filter((at) => Number.isFinite(distances[at]!)).sort((a, b) => distances[a]! - distances[b]! || a - b);

/** The median distance, where all were looked for: a row of which none was found counts as further than any. */
function middleOf(seen: Near): Measure[] {
  const { distances, rows, isFree } = seen;
  const at = nearest(seen)[Math.floor(rows.length / 2)];
  if (!isFree || at === undefined) return [];
  return [{ name: "median-distance", value: distances[at]!, unit: "ratio", n: rows.length, of: { norm: seen.size.norm } }];
}

const finding = ({ rows, answers, becomes, classes, distances, size }: Near, at: number, artefact: string): Finding => ({
  artefact,
  row: rows[at]!,
  reason: `a change of ${short(distances[at]!)} (${size.norm}) makes ${quotedClass(classes[becomes[at]!])} of ${quotedClass(classes[answers[at]!])}`,
});

/** The share of rows that lie within each distance. */
function curveOf(seen: Near): Series[] {
  const { distances, rows, size, isFree } = seen;
  const known = nearest(seen);
  const last = known.at(-1);
  if (!isFree || last === undefined) return [];
  const end = Math.max(2 * size.eps, distances[known[Math.floor(known.length * 0.95)] ?? last]!);
  const x = Array.from({ length: parts + 1 }, (_, at) => (end * at) / parts);
  const y = x.map((far) => known.filter((at) => distances[at]! <= far).length / rows.length);
  return [
    {
      name: "training rows by their distance to the boundary",
      kind: "line",
      x: { label: `distance (${size.norm})`, values: x },
      y: { label: "share of rows within it", unit: "share", values: y },
    },
  ];
}
