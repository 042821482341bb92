import type { MetricName } from "../../../tensor/index.ts";
import type { Measure } from "../../measured.ts";

/** Whether another candidate is better than the chosen one in a respect: beyond its interval, not at all, or not to be told. */
export type Better = "yes" | "no" | "open";

export interface Respect {
  readonly name: string;
  readonly better: Better;
}

/** Times differ by less than this share from one run to the next on the same machine. */
export function respectsOf(measures: readonly Measure[], candidate: string, chosen: string, metric: MetricName, noise: number): Respect[] {
  const of = (name: string, id: string) => measures.find((each) => each.name === name && each.of?.candidate === id);
  const gain = of("gain-over-chosen", candidate);
  return [
    { name: metric, better: gain === undefined ? "open" : beyond(gain, 0) },
    { name: "latency", better: apart(of("latency-p99", candidate), of("latency-p99", chosen)) },
    { name: "size", better: smaller(of("size", candidate), of("size", chosen), 0) },
    { name: "cost", better: smaller(of("time-per-million", candidate), of("time-per-million", chosen), noise) },
  ];
}

const beyond = ({ low = Number.NaN, high = Number.NaN }: Measure, limit: number): Better =>
  low > limit ? "yes" : high <= limit ? "no" : "open";

/** Less by intervals that do not meet. */
function apart(ours: Measure | undefined, theirs: Measure | undefined): Better {
  if (ours?.low === undefined || ours.high === undefined || theirs?.low === undefined || theirs.high === undefined) return "open";
  return ours.high < theirs.low ? "yes" : ours.low >= theirs.high ? "no" : "open";
}

function smaller(ours: Measure | undefined, theirs: Measure | undefined, noise: number): Better {
  if (ours === undefined || theirs === undefined) return "open";
  if (ours.value < theirs.value * (1 - noise)) return "yes";
  return ours.value >= theirs.value * (1 + noise) ? "no" : "open";
}
