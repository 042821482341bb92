import type { Result } from "../../assess/index.ts";

type Measure = Result["measures"][number];

/** What the declaration asks of a model; null where it does not. */
export interface Limits {
  /** The least that the measure of success must reach, or the most where less is better. */
  readonly success: { readonly metric: string; readonly target: number; readonly better: "low" | "high" } | null;
  readonly latencyMs: number | null;
  readonly sizeBytes: number | null;
  /** In the currency of `costPerHour`. */
  readonly costPerMillion: number | null;
  readonly costPerHour: number | null;
}

export type Within = "yes" | "no" | "open";

export interface Compared {
  readonly id: string;
  readonly is: "chosen" | "candidate" | "baseline";
  readonly measures: Readonly<Record<string, Measure>>;
  /** By limit: whether the model keeps to it. A baseline is none of the models that could be served. */
  readonly within: Readonly<Record<string, Within>>;
}

/** The candidates of one dataset side by side. */
export interface Comparison {
  readonly dataset: string;
  readonly metric: string;
  readonly verdict: Pick<Result, "verdict" | "reason" | "remedy">;
  readonly worstGroup: Pick<Result, "verdict" | "reason" | "remedy"> | null;
  readonly candidates: readonly Compared[];
  /** Differences to the chosen model in the measure of success, whose interval holds for all at once. */
  readonly differences: readonly { readonly candidate: string; readonly gain: Measure; readonly real: boolean }[];
  /** Models that keep to every declared limit, and those that may. */
  readonly left: readonly string[];
  readonly open: readonly string[];
  readonly series: Result["series"];
}

const hours = 3_600_000;
const ranks: Readonly<Record<Compared["is"], number>> = { chosen: 0, candidate: 1, baseline: 2 };

/** Reads the comparison out of what was measured. Null where the models were not compared. */
export function comparisonOf(compared: Result, worstGroup: Result | undefined, limits: Limits): Comparison | null {
  const gains = compared.measures.filter(({ name }) => name === "gain-over-chosen");
  const ids = [...new Set(compared.measures.flatMap(({ of }) => (of?.candidate === undefined ? [] : [String(of.candidate)])))];
  const candidates = ids.map((id): Compared => {
    const own = compared.measures.filter(({ of, name }) => of?.candidate === id && name !== "gain-over-chosen");
    const measures = withCost(Object.fromEntries(own.map((measure) => [measure.name, measure])), limits);
    return { id, is: (own[0]?.of?.is ?? "candidate") as Compared["is"], measures, within: withinOf(measures, limits) };
  });
  if (candidates.length === 0) return null;
  candidates.sort((a, b) => ranks[a.is] - ranks[b.is]);
  const models = candidates.filter(({ is }) => is !== "baseline");
  const every = (states: readonly Within[]) =>
    models.filter(({ within }) => Object.values(within).every((state) => states.includes(state)));
  const left = every(["yes"]).map(({ id }) => id);
  return {
    dataset: compared.dataset ?? compared.subject,
    metric: String(gains[0]?.of?.metric ?? limits.success?.metric ?? ""),
    verdict: compared,
    worstGroup: worstGroup ?? null,
    candidates,
    differences: gains.map((gain) => ({ candidate: String(gain.of?.candidate), gain, real: (gain.low ?? 0) > 0 || (gain.high ?? 0) < 0 })),
    left,
    open: every(["yes", "open"])
      .map(({ id }) => id)
      .filter((id) => !left.includes(id)),
    series: compared.series,
  };
}

function withCost(measures: Record<string, Measure>, { costPerHour }: Limits): Record<string, Measure> {
  const time = measures["time-per-million"];
  if (time === undefined || costPerHour === null) return measures;
  return { ...measures, "cost-per-million": { name: "cost-per-million", unit: "ratio", value: (time.value / hours) * costPerHour } };
}

function withinOf(
  measures: Readonly<Record<string, Measure>>,
  { success, latencyMs, sizeBytes, costPerMillion }: Limits,
): Record<string, Within> {
  const asked = [
    success && { name: success.metric, limit: success.target, better: success.better },
    latencyMs !== null && { name: "latency-p99", limit: latencyMs, better: "low" as const },
    sizeBytes !== null && { name: "size", limit: sizeBytes, better: "low" as const },
    costPerMillion !== null && { name: "cost-per-million", limit: costPerMillion, better: "low" as const },
  ].filter((each) => typeof each === "object" && each !== null);
  return Object.fromEntries(asked.map(({ name, limit, better }) => [name, keeps(measures[name], limit, better)]));
}

function keeps(measure: Measure | undefined, limit: number, better: "low" | "high"): Within {
  if (measure === undefined) return "open";
  const { value, low = value, high = value } = measure;
  const [good, bad] = better === "low" ? [high <= limit, low > limit] : [low >= limit, high < limit];
  return good ? "yes" : bad ? "no" : "open";
}
