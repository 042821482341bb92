import type { Measure, Verdict } from "./measured.ts";

/** A measure beside its limit, for the reason's plot. */
export interface Deciding {
  readonly measure: Measure;
  readonly limit: number;
  readonly better: "low" | "high";
}

/** What a verdict may say beside its reason. */
export interface VerdictExtra {
  /** What to do next, in the imperative. */
  readonly remedy?: string | undefined;
  /** The measures that decided, worst first. */
  readonly decisive?: readonly Deciding[];
}

const verdict =
  (name: Verdict["verdict"]) =>
  (reason: string, { remedy, decisive }: VerdictExtra = {}): Verdict => ({
    verdict: name,
    reason,
    ...(remedy === undefined ? {} : { remedy }),
    ...(decisive === undefined ? {} : { decisive }),
  });

/** The claim is not broken by these measurements. `reason` is one plain sentence. */
export const met = verdict("met");
/** The measurements break the claim; the remedy says what would mend it. */
export const unmet = verdict("unmet");
/** Measured, but the interval straddles the limit or the sample is too small; the remedy says what would decide. */
export const undecided = verdict("undecided");
/** The claim does not make sense here; says why. */
export const inapplicable = verdict("inapplicable");

/** `9.1 points`: a difference of shares in percentage points. */
export const points = (share: number) => `${fixed(share * 100, 1)} points`;
/** `12.3 %`: a share as a percentage. */
export const percent = (share: number, digits = 1) => `${fixed(share * 100, digits)} %`;
/** `1,234`: a count, or a power of ten where it is too long to read. */
export const count = (value: number) =>
  Math.abs(value) < tooLong ? value.toLocaleString("en-GB", { maximumFractionDigits: 0 }) : value.toExponential(1);

/** From here on a number is read by its power of ten. */
const tooLong = 1e15;
/** What rounds to nothing has no sign. */
export const fixed = (value: number, digits: number) =>
  Math.abs(value) < tooLong ? value.toFixed(digits).replace(/^-(?=[0.]*$)/, "") : value.toExponential(1);
