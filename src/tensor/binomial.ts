import type { Random } from "../base/index.ts";

/** ln(k!) for whole k >= 0: summed up to 15, then Stirling's series, exact to rounding. */
export function logFactorial(k: number): number {
  if (k < logFactorials.length) return logFactorials[k]!;
  const x = k + 1;
  const inverse2 = 1 / (x * x);
  const series = (1 / 12 - inverse2 * (1 / 360 - inverse2 * (1 / 1260 - inverse2 / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

const logFactorials = [0];
for (let k = 1; k < 16; k++) logFactorials.push(logFactorials[k - 1]! + Math.log(k));

/** P(X <= k) for k = 0 ... n of a binomial, 0 < p < 1. */
export function binomialCdf(n: number, p: number): Float64Array {
  const cdf = new Float64Array(n + 1);
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    const log = logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
    sum += Math.exp(log);
    cdf[k] = Math.min(1, sum);
  }
  return cdf;
}

/** Draws from a binomial distribution, exactly. */
export function drawBinomial(n: number, p: number, random: Random): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random);
  return n * p < 10 ? byInversion(n, p, random) : byRejection(n, p, random);
}

/** Walks up the distribution function; quick where n * p is small. */
function byInversion(n: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  let probability = Math.exp(n * Math.log1p(-p));
  let left = random.uniform() - probability;
  let k = 0;
  for (; left > 0 && k < n; k++) {
    probability *= (odds * (n - k)) / (k + 1);
    left -= probability;
  }
  return k;
}

/** Hörmann 1993, algorithm BTRS: rejection from a transformed uniform. For p <= 1/2 and n * p >= 10. */
function byRejection(n: number, p: number, random: Random): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  const logMode = logFactorial(mode) + logFactorial(n - mode);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const margin = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / margin + b) * u + n * p + 0.5);
    if (k < 0 || k > n) continue;
    if (margin >= 0.07 && v <= 0.92 - 4.2 / b) return k;
    const logDensity = logMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds;
    if (Math.log((v * alpha) / (a / (margin * margin) + b)) <= logDensity) return k;
  }
}
