import type { MetricName } from "../../../tensor/index.ts";
import type { Measure } from "../../measured.ts";

/** Whether another candidate is better than the chosen one in a respect: beyond its interval, not at all, neither, or not to be told. */
export type Better = "yes" | "no" | "same" | "open";

export interface Respect {
  readonly name: string;
  readonly better: Better;
}

/** `noise`: times differ by less than this share from one run to the next on the same machine. */
export function respectsOf(measures: readonly Measure[], candidate: string, chosen: string, metric: MetricName, noise: number): Respect[] {
  const of = (name: string, id: string) => measures.find((each) => each.name === name && each.of?.candidate === id);
  const gain = of("gain-over-chosen", candidate);
  return [
    { name: metric, better: gain === undefined ? "open" : beyond(gain, 0) },
    { name: "latency", better: apart(of("latency-p99", candidate), of("latency-p99", chosen), noise) },
    { name: "size", better: smaller(of("size", candidate), of("size", chosen)) },
    { name: "cost", better: apart(of("time-per-million", candidate), of("time-per-million", chosen), noise) },
  ];
}

const beyond = ({ low = Number.NaN, high = Number.NaN }: Measure, limit: number): Better =>
  low > limit ? "yes" : high <= limit ? "no" : "open";

/** Less by more than the noise between runs, and by intervals that do not meet where there are some: order statistics know one run alone. */
function apart(ours: Measure | undefined, theirs: Measure | undefined, noise: number): Better {
  if (ours === undefined || theirs === undefined) return "open";
  const [own, other] = [ours, theirs].map(({ value, low = value, high = value }) => ({ low, high }));
  if (own === undefined || other === undefined) return "open";
  if (own.high < other.low * (1 - noise)) return "yes";
  return own.low >= other.high * (1 + noise) ? "no" : "open";
}

/** Sizes are counted, so that two may be the same: as of one architecture that was trained in two ways. */
function smaller(ours: Measure | undefined, theirs: Measure | undefined): Better {
  if (ours === undefined || theirs === undefined) return "open";
  if (ours.value === theirs.value) return "same";
  return ours.value < theirs.value ? "yes" : "no";
}
