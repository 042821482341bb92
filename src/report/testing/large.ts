import type { Assessment, Result } from "../../assess/index.ts";
import { sampleAssessment } from "./sample.ts";

type Series = Result["series"][number];

/** One plot of every kind and of every part that a kind may have. */
export const everySeries: readonly Series[] = [
  {
    name: "Accuracy by severity",
    kind: "line",
    x: { label: "severity", values: [0, 1, 2, 3, 4, 5] },
    y: { label: "accuracy", unit: "share", name: "noise", values: [0.91, 0.88, 0.82, 0.71, 0.6, 0.44] },
    low: [0.9, 0.86, 0.8, 0.69, 0.57, 0.41],
    high: [0.92, 0.9, 0.84, 0.73, 0.63, 0.47],
    reference: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
    others: ["blur", "fog", "JPEG", "occlusion", "shift"].map((name, at) => ({
      name,
      values: [0.91, 0.9, 0.86, 0.8, 0.7, 0.6].map((value) => value - at * 0.05),
    })),
  },
  {
    name: "Confusion of classes",
    kind: "matrix",
    x: { label: "predicted", values: ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"] },
    rows: { label: "true", values: ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"] },
    y: { label: "rows", unit: "rows", values: Array.from({ length: 100 }, (_, at) => (at % 11 === 0 ? 870 + at : (at * 37) % 60)) },
  },
  {
    name: "Accuracy against latency",
    kind: "points",
    x: { label: "latency", unit: "ms", values: [0.4, 1.2, 1.4, 3.1, 6] },
    y: { label: "balanced accuracy", unit: "share", values: [0.71, 0.79, 0.74, 0.83, 0.82] },
    low: [0.69, 0.77, 0.72, 0.81, 0.8],
    high: [0.73, 0.81, 0.76, 0.85, 0.84],
    labels: ["logistic regression", "boosted trees of 50", "shallow tree", "boosted trees of 400", "net"],
    front: [0, 1, 3],
  },
  {
    name: "Rows by group",
    kind: "bars",
    x: { label: "group", values: ["a group of a very long name that does not end", "b"] },
    y: { label: "share", unit: "share", values: [0.7, 0.3] },
  },
];

/** The sample, where one result has as many findings as evidence may hold, another every kind of plot, and one claim has hundreds of results. */
export function largeAssessment(findings = 10_000, subjects = 300): Assessment {
  const sample = sampleAssessment();
  const results = sample.results.map((result): Result => {
    if (result.claim === "contaminated-data/conflicting-labels") return { ...result, ...manyFindings(findings) };
    if (result.claim === "unbalanced-data/group-balance") return { ...result, series: everySeries };
    return result;
  });
  const size = results.find(({ claim }) => claim === "weak-algorithm/size");
  if (size === undefined) throw new Error("the sample has a model's size");
  const verdicts = ["met", "undecided", "unmet"] as const;
  const more = Array.from({ length: subjects }, (_, at): Result => {
    const subject = `candidate ${at + 1} on applicants`;
    return {
      ...size,
      subject,
      verdict: verdicts[at % 20 === 7 ? 2 : at % 10 === 3 ? 1 : 0] ?? "met",
      reason: `the file holds ${at + 1} MB`,
    };
  });
  return { ...sample, results: [...results, ...more] };
}

const manyFindings = (many: number): Pick<Result, "findings" | "findingsTotal" | "verdict"> => ({
  verdict: "unmet",
  findingsTotal: many * 3,
  findings: Array.from({ length: many }, (_, at) => ({
    artefact: "applicants/train",
    ...(at % 5 === 4 ? { place: `group ${at}` } : { row: (at * 7919) % 32_561 }),
    column: ["race", "sex", "=HYPERLINK(1)"][at % 3] ?? "race",
    reason: `same inputs as row ${(at * 104_729) % 32_561}, another label \`${at % 2 === 0 ? ">50K" : "<=50K"}\``,
    probability: 0.99 - (at / many) * 0.5,
  })),
});
