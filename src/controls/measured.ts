/** How a number reads: a share of one (0.05 is five points), a ratio, a time, a count. */
export type Unit = "share" | "points" | "ratio" | "ms" | "bytes" | "rows" | "score" | "nats";

/** One measured number. Where it speaks of a population it has an interval and that population's name; a census has neither. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly low?: number;
  readonly high?: number;
  readonly confidence?: number;
  /** Whom the interval speaks of: "people like those of the test split". */
  readonly population?: string;
  /** What the number would be without the effect, or of the best simple alternative. */
  readonly baseline?: number;
  readonly n?: number;
  readonly queries?: number;
  /** Set by the engine where randomness was used. */
  readonly seed?: number;
  /** What the number is about, in the data's own words: `{ column: "sex", lower: "Female", upper: "Male" }`. */
  readonly of?: { readonly [role: string]: string | number };
}

/** One thing to look at. Personal values are not repeated: the row's place is enough. */
export interface Finding {
  readonly artefact: string;
  /** 0-based row of the artefact's file, where it speaks of a row. */
  readonly row?: number;
  readonly column?: string;
  readonly place?: string;
  /** How sure, in [0, 1]. */
  readonly probability?: number;
  readonly reason: string;
}

/** One axis of a plot: its words and, where its numbers have one, their unit. */
export interface Axis<V> {
  readonly label: string;
  readonly unit?: Unit;
  readonly values: readonly V[];
}

/** A further curve over the same `x`, in the same unit as `y`. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

/**
 * Something to plot. Lines, bars and points: `y` over `x` (numbers or names), with a band where it has an interval. A matrix (a confusion of classes): `x`
 * names its columns, `rows` its rows, and `y` holds its cells row by row.
 */
export interface Series {
  readonly name: string;
  readonly kind: "line" | "bars" | "points" | "matrix";
  readonly x: Axis<number | string>;
  /** `name` is what this curve is called where there are others beside it. */
  readonly y: Axis<number> & { readonly name?: string };
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** What no effect looks like: the diagonal of a reliability diagram, chance. */
  readonly reference?: readonly number[];
  /** Of lines alone: further curves, such as one for each kind of corruption. */
  readonly others?: readonly Curve[];
  /** Of points alone: what each point is called, such as a candidate model. */
  readonly labels?: readonly string[];
  /** Of points alone: the places in `x.values` of those that nothing beats, joined in this order: a Pareto front. */
  readonly front?: readonly number[];
  /** Of a matrix alone, and always there: its rows. */
  readonly rows?: Axis<string>;
}

/** A picture to look at: kept by its content beside the evidence. */
export interface Picture {
  /** What it shows, for readers: `row 17, as it is: Shirt`. */
  readonly says: string;
  /** A PNG file in base64. */
  readonly png: string;
}

/** All that a control saw: plain JSON, stored as evidence, enough to judge again without measuring. */
export interface Measured {
  readonly measures: readonly Measure[];
  readonly findings?: readonly Finding[];
  /** How many findings there were, when `findings` holds the worst of them only. */
  readonly findingsTotal?: number;
  readonly series?: readonly Series[];
  /** Few and small: 24 of at most 256 KiB. */
  readonly pictures?: readonly Picture[];
}

/** What a control can say of its claim. */
export type VerdictName = "met" | "unmet" | "undecided" | "inapplicable";

/** A judgement of what was measured. `remedy` says what to do next, in the imperative. */
export interface Verdict {
  readonly verdict: VerdictName;
  readonly reason: string;
  readonly remedy?: string;
  /** Measures that decided, worst first, each with its limit and the side that is good: what a plot must show. */
  readonly decisive?: readonly { readonly measure: Measure; readonly limit: number; readonly better: "low" | "high" }[];
}
