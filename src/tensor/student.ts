import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";

/** Student's two-sided critical value (1908): 2.776 for .95 and 4 degrees of freedom. From the beta distribution of df / (df + t²). */
export function criticalStudent(confidence: number, df: number): number {
  const share = betaQuantile(1 - confidence, df / 2, 0.5);
  return Math.sqrt((df * (1 - share)) / share);
}
