import type { Result } from "../../assess/index.ts";
import { cellsOfClaim, requirementsOfClaim } from "../../catalogue/index.ts";

type Measure = Result["measures"][number];
type Deciding = Result["decisive"][number];
type Series = Result["series"][number];

/** Words from outside: what a hostile project would choose. */
export interface Names {
  readonly system: string;
  readonly purpose: string;
  readonly models: readonly string[];
  readonly dataset: string;
  readonly column: string;
  readonly groups: readonly string[];
  readonly person: string;
}

export const plainNames: Names = {
  system: "Credit scoring",
  purpose: "Decides whether a loan application goes to a person or is granted at once.",
  models: ["boosted", "net"],
  dataset: "applicants",
  column: "race",
  groups: ["White", "Black", "Asian-Pac-Islander", "Amer-Indian-Eskimo", "Other"],
  person: "Ada Byron",
};

const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`;

/** A measured result with the parts that most results share; every figure is invented. */
function result(claim: string, subject: string, rest: Partial<Result> & Pick<Result, "verdict" | "reason">): Result {
  const measured = rest.verdict !== "unassessed" && rest.verdict !== "errored";
  return {
    control: claim,
    claim,
    subject,
    artefacts: ["dataset/test"],
    cells: cellsOfClaim(claim).map(({ threat, stage }) => ({ threat, stage })),
    requirements: requirementsOfClaim(claim).map(({ id }) => id),
    remedy: null,
    measures: rest.decisive?.map(({ measure }) => measure) ?? [],
    findings: [],
    findingsTotal: rest.findings?.length ?? 0,
    series: [],
    attachments: [],
    pictures: [],
    decisive: [],
    policy: [],
    measuredAt: measured ? "2026-11-23T14:05:09.120Z" : null,
    evidence: measured ? digest("4") : null,
    seed: null,
    budget: null,
    cached: false,
    milliseconds: measured ? 412 : 0,
    ...rest,
  };
}

const among = "people like those of the test split";
const gapMeasure = (column: string, lower: string, upper: string, value: number, half: number, n: number): Measure => ({
  name: "difference of true-positive rates",
  value,
  unit: "points",
  low: value - half,
  high: value + half,
  confidence: 0.95,
  population: among,
  n,
  of: { column, lower, upper },
});
const deciding = (measure: Measure, limit: number, better: "low" | "high"): Deciding => ({ measure, limit, better });
const gapPolicy = [{ name: "gap", value: 0.05, source: "our own choice: half of what the adverse-impact literature calls large" }];

/** The results of a run over the sample system, by what they are about. */
export const sampleResults = (names: Names): Result[] => [
  ...biasResults(names),
  ...dataResults(names),
  ...qualityResults(names),
  ...privacyResults(names),
  ...laterResults(names),
];

const subjects = ({ models, dataset }: Names) => models.map((model) => ({ model, subject: `${model} on ${dataset}`, dataset }));

function biasResults(names: Names): Result[] {
  const { column, groups } = names;
  const pairs = groups.flatMap((lower, at) => groups.slice(at + 1).map((upper) => [lower, upper] as const));
  return subjects(names).flatMap(({ subject, model, dataset }, at) => {
    const values = pairs.map(([lower, upper], pair) =>
      gapMeasure(column, lower, upper, 0.031 + 0.004 * pair * (at + 1), 0.02 + 0.005 * pair, 2400 - pair * 210),
    );
    const women = gapMeasure("sex", "Female", "Male", 0.091 - at * 0.062, 0.029 - at * 0.012, 3846);
    const gaps = [women, ...values].map((measure) => deciding(measure, 0.05, "low"));
    const odds = deciding({ ...women, name: "difference of false-positive rates", value: 0.012, low: 0.004, high: 0.02 }, 0.05, "low");
    const impact = deciding(
      {
        name: "ratio of favourable rates",
        value: 0.44 + at * 0.31,
        unit: "ratio",
        low: 0.4 + at * 0.3,
        high: 0.49 + at * 0.29,
        n: 16_281,
        baseline: 1,
        of: { column: "sex", lower: "Female", upper: "Male" },
      },
      0.8,
      "high",
    );
    return [
      result("algorithm-bias/equal-opportunity", subject, {
        model,
        dataset,
        verdict: at === 0 ? "unmet" : "undecided",
        reason:
          at === 0
            ? "Female lies 9.1 points below Male (6.2 to 12.0; limit 5.0)"
            : `${groups[0]} against ${groups[1]}: up to 6.1 points; the limit of 5.0 lies inside`,
        remedy:
          at === 0
            ? "Give each group a threshold of its own, or accept the gap with a reason."
            : "About 4,000 more rows of the smaller group would decide.",
        decisive: gaps.toSorted((a, b) => b.measure.value - a.measure.value),
        policy: gapPolicy,
        seed: 7,
      }),
      result("algorithm-bias/equalised-odds", subject, {
        model,
        dataset,
        verdict: "met",
        reason: "no pair of groups lies further apart than 2.0 points",
        decisive: [odds],
        policy: gapPolicy,
      }),
      result("algorithm-bias/disparate-impact", subject, {
        model,
        dataset,
        verdict: "unmet",
        reason: `Female are favoured ${at === 0 ? "0.44" : "0.75"} times as often as Male (limit 0.80)`,
        remedy: "Look at what the label itself encodes before changing the model.",
        decisive: [impact],
        policy: [
          {
            name: "ratio",
            value: 0.8,
            source: "US 29 CFR 1607.4(D), the four-fifths rule",
            because: "kept although the system is used in Europe: there is no stricter number",
          },
        ],
      }),
    ];
  });
}

function dataResults({ dataset, column, groups }: Names): Result[] {
  const share = (value: number, of: string): Measure => ({
    name: "share of the rarest",
    value,
    unit: "share",
    n: 32_561,
    of: { column, group: of },
  });
  const last = groups.at(-1) ?? "";
  const conflicts = Array.from({ length: 24 }, (_, row) => ({
    artefact: `${dataset}/train`,
    row: row * 131,
    column,
    reason: `same inputs as row ${row * 131 + 57}, another label`,
    probability: 0.98 - row / 50,
  }));
  const bars: Series = {
    name: "Rows by group",
    kind: "bars",
    x: { label: column, values: groups },
    y: { label: "share", values: groups.map((_, at) => 0.8 / 4 ** at) },
  };
  return [
    result("unbalanced-data/class-balance", dataset, {
      dataset,
      verdict: "met",
      reason: "the rarest class, >50K, is 24.1 % of the training rows",
      decisive: [deciding({ name: "share of the rarest", value: 0.2408, unit: "share", n: 32_561 }, 0.1, "high")],
      policy: [{ name: "least", value: 0.1, source: "bench/results/balance.log" }],
      cached: true,
      measuredAt: "2026-11-20T08:00:00.000Z",
    }),
    result("unbalanced-data/group-balance", dataset, {
      dataset,
      verdict: "unmet",
      reason: `${last} is 0.8 % of the training rows (limit 1.0 %)`,
      remedy: "Collect more rows of this group, or say why its share is right.",
      decisive: [deciding(share(0.0083, last), 0.01, "high")],
      series: [bars],
      policy: [{ name: "least", value: 0.01, source: "bench/results/balance.log" }],
    }),
    result("contaminated-data/split-overlap", dataset, {
      dataset,
      verdict: "met",
      reason: "0.03 % of the test rows stand in the training split too",
      decisive: [deciding({ name: "share of test rows seen in training", value: 0.0003, unit: "share", n: 16_281 }, 0.01, "low")],
      measures: [
        { name: "share of test rows seen in training", value: 0.0003, unit: "share", n: 16_281 },
        { name: "rows in both", value: 5, unit: "rows" },
      ],
    }),
    result("contaminated-data/conflicting-labels", dataset, {
      dataset,
      verdict: "undecided",
      reason: "1.9 % of the rows have a twin with another label; the limit is 2.0 %",
      remedy: "Look at the rows listed.",
      decisive: [
        deciding(
          { name: "share of rows with a contradicting twin", value: 0.019, unit: "share", low: 0.0174, high: 0.0206, n: 32_561 },
          0.02,
          "low",
        ),
      ],
      findings: conflicts,
      findingsTotal: 1204,
    }),
  ];
}

function qualityResults(names: Names): Result[] {
  return subjects(names).flatMap(({ subject, model, dataset }, at) => {
    const better: Measure = {
      name: "balanced accuracy above the best baseline",
      value: 0.034 + at * 0.006,
      unit: "points",
      low: 0.026 + at * 0.006,
      high: 0.042 + at * 0.006,
      baseline: 0,
      n: 16_281,
      population: among,
    };
    const names_ = ["majority", "logistic regression", "shallow tree", "nearest neighbours"];
    const accuracies = names_.map(
      (name, each): Measure => ({
        name: "balanced accuracy",
        value: 0.5 + each * 0.07,
        unit: "share",
        low: 0.49 + each * 0.07,
        high: 0.51 + each * 0.07,
        n: 16_281,
        of: { baseline: name },
      }),
    );
    const diagram = Array.from({ length: 10 }, (_, bin) => 0.05 + bin / 10);
    const reliability: Series = {
      name: "Reliability",
      kind: "points",
      x: { label: "predicted probability", values: diagram },
      y: { label: "observed share", values: diagram.map((p) => p * 0.9 + 0.02) },
      low: diagram.map((p) => Math.max(0, p * 0.9 - 0.02)),
      high: diagram.map((p) => p * 0.9 + 0.06),
      reference: diagram,
    };
    return [
      result("weak-algorithm/beats-baselines", subject, {
        model,
        dataset,
        verdict: "met",
        reason: "3.4 points above regularised logistic regression",
        decisive: [deciding(better, 0.01, "high")],
        measures: [better, ...accuracies],
        policy: [{ name: "margin", value: 0.01, source: "bench/results/baselines.log" }],
        seed: 7,
      }),
      result("weak-algorithm/size", subject, {
        model,
        dataset,
        verdict: "met",
        reason: "the file holds 412 kB",
        decisive: [deciding({ name: "size of the model", value: 412_033 * (at + 1), unit: "bytes" }, 2_000_000, "low")],
      }),
      result("weak-algorithm/latency", subject, {
        model,
        dataset,
        verdict: "unassessed",
        reason: "no limit of latency is declared",
        remedy: "Declare it: `limits: { latencyMs: ... }`.",
      }),
      result("weak-algorithm/calibration", subject, {
        model,
        dataset,
        verdict: "met",
        reason: "probabilities are off by 1.2 points on average",
        decisive: [
          deciding(
            { name: "expected calibration error", value: 0.012, unit: "points", low: 0.008, high: 0.019, n: 16_281, baseline: 0.004 },
            0.05,
            "low",
          ),
        ],
        series: [reliability],
      }),
      result(
        "weak-algorithm/generalisation-gap",
        subject,
        at === 0
          ? {
              model,
              dataset,
              verdict: "met",
              reason: "the test split loses 0.9 points",
              decisive: [
                deciding(
                  { name: "loss of accuracy from training to test", value: 0.009, unit: "points", low: -0.002, high: 0.02 },
                  0.03,
                  "low",
                ),
              ],
            }
          : {
              model,
              dataset,
              verdict: "errored",
              reason: "the isolated process needed more than its 512 MiB of memory",
              remedy: "Raise the limit with SEXTANT_MEMORY_MIB.",
            },
      ),
    ];
  });
}

function privacyResults(names: Names): Result[] {
  const rates = Array.from({ length: 101 }, (_, at) => at / 100);
  const curve: Series = {
    name: "Telling members from others",
    kind: "line",
    x: { label: "false-positive rate", values: rates },
    y: { label: "true-positive rate", values: rates.map((x) => x ** 0.9) },
    low: rates.map((x) => Math.max(0, x ** 0.9 - 0.02)),
    high: rates.map((x) => Math.min(1, x ** 0.9 + 0.02)),
    reference: rates,
  };
  return subjects(names).map(({ subject, model, dataset }) =>
    result("membership-inference/loss-screen", subject, {
      model,
      dataset,
      verdict: "met",
      reason: "an attacker who sees the loss finds 1.3 % of the members at 1 % false alarms",
      decisive: [
        deciding(
          {
            name: "true-positive rate at 1 % false positives",
            value: 0.013,
            unit: "share",
            low: 0.011,
            high: 0.016,
            baseline: 0.01,
            n: 8000,
            queries: 16_000,
            population: "members and others like these",
          },
          0.02,
          "low",
        ),
      ],
      series: [curve],
      seed: 7,
    }),
  );
}

/** Of controls that are still to come: whole cells met or undecided. */
function laterResults({ dataset }: Names): Result[] {
  const met = ["model-inversion/identifiers-in-data", "model-inversion/secrets-in-data", "model-inversion/needless-columns"];
  const open = ["evasion/boundary-distance", "evasion/augmentation-coverage"];
  return [
    ...met.map((claim) => result(claim, dataset, { dataset, verdict: "met", reason: "nothing was found in 32,561 rows" })),
    ...open.map((claim) =>
      result(claim, dataset, {
        dataset,
        verdict: "undecided",
        reason: "500 rows are too few to tell",
        remedy: "Run it with `--budget thorough`.",
      }),
    ),
  ];
}
