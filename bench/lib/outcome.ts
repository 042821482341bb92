/** One thing compared. `ratio` is ours / peer where more is better and peer / ours where less is; a limit takes the peer's place where there is none. */
export interface Case {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly unit?: string;
  /** Of the single rounds' ratios. */
  readonly low?: number;
  readonly high?: number;
}

/** A bench's last line. */
export interface Outcome {
  readonly bench: string;
  readonly pass: boolean;
  /** What the worst case's ratio must reach. */
  readonly bar: number;
  readonly better: "higher" | "lower";
  /** Geometric mean over the cases. */
  readonly ratio: number;
  /** The worst case's, and the best one's. */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly cases: readonly Case[];
}

/** What a bench may use. */
export interface Bench {
  /** The Python of the bench's own environment; null when it has no requirements.txt. */
  readonly python: string | null;
  /** For what is made on the way; kept between runs and ignored by git. */
  readonly scratch: string;
  /** What stands behind the bench's name. */
  readonly args: readonly string[];
  /** A line for the screen and the log. */
  note(line: string): void;
}

/** The line from its cases: passed when the worst of them reaches the bar and `sound`, what else must hold, does. */
export function outcome(
  settled: Pick<Outcome, "bench" | "bar" | "better" | "unit" | "peer">,
  cases: readonly Case[],
  sound: boolean,
): Outcome {
  const ratios = cases.map(({ ratio }) => ratio);
  const low = Math.min(...ratios);
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  return { ...settled, pass: sound && low >= settled.bar, ratio: mean, low, high: Math.max(...ratios), cases };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
