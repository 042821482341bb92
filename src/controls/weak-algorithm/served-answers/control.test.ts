import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { Served } from "../../needs/endpoint-served.ts";
import type { EachService } from "../../needs/services.ts";
import { testControl } from "../../testing/test-control.ts";
import { servedAnswers } from "./control.ts";

/** `rows` rows, of which the first `differ` have another label at the service; scores lie `apart` apart, or there are none. */
function one(rows: number, differ: number, apart: number | null = null, service = "offers"): Served {
  const tested = Int32Array.from({ length: rows }, (_, row) => row % 2);
  const served = tested.map((label, row) => (row < differ ? 1 - label : label));
  const scores = apart === null ? null : new Float64Array(rows).fill(apart);
  return { service, artefact: "dataset:applicants/test", classes: ["no", "yes"], tested, served, apart: scores };
}
const services = (...each: readonly Served[]): { served: EachService<Served> } => ({ served: { each, unasked: [] } });
const beside = (...of: Parameters<typeof one>) => services(one(...of));

/** Each row's answer is another one with this probability. */
function noisy(random: Random, share: number) {
  const alike = one(8000, 0);
  return services({ ...alike, served: alike.tested.map((label) => (random.uniform() < share ? 1 - label : label)) });
}

testControl(servedAnswers, {
  met: [
    { called: "the same labels", ...beside(5000, 0), reason: /^0 of 5,000 answers differ .*limit 0\.1 %\)$/ },
    { called: "the same labels, and scores but for rounding", ...beside(5000, 0, 3e-7) },
    { called: "one row on the threshold", ...beside(20_000, 5, 1e-6) },
    {
      called: "two services that do, and a third that was not asked",
      served: {
        each: [one(6000, 0), one(6000, 0, null, "batch")],
        unasked: [{ service: "old", why: "service “old” is declared without an endpoint that may be asked" }],
      },
      reason: /^service “offers”: 0 of 6,000 .*; service “batch”: 0 of 6,000 .*; not asked: service “old” is declared without/,
    },
  ],
  unmet: [
    { called: "one row in a hundred differs", ...beside(5000, 50), reason: /^50 of 5,000 answers differ/ },
    {
      called: "labels agree and scores do not: another model with the same threshold",
      ...beside(5000, 0, 0.02),
      reason: /2\.0 points apart/,
    },
    {
      called: "the second of two services is another model",
      ...services(one(5000, 0), one(5000, 50, null, "batch")),
      reason: /^service “batch”: 50 of 5,000 answers differ .*; service “offers”: 0 of 5,000/,
    },
  ],
  undecided: [
    { called: "too few rows", ...beside(400, 0), reason: /^0 of 400/ },
    { called: "about as many as the limit", ...beside(10_000, 9) },
    { called: "no rows", ...beside(0, 0), reason: /no row was asked/ },
  ],
  planted: { effect: (random) => noisy(random, 0.005), null: (random) => noisy(random, 0.001), found: 0.99, falseAlarms: 0.025 },
});

describe("served answers", () => {
  it("have the exact interval: scipy.stats.binomtest(3, 1000).proportion_ci(0.95, 'exact')", async () => {
    const { measures } = await servedAnswers.measure(beside(1000, 3));
    expect(measures[0]).toMatchObject({ value: 0.003, low: expect.closeTo(0.000619, 6), high: expect.closeTo(0.008742, 6), n: 1000 });
  });

  it("name the rows that differ, labels first, and never say what was answered", async () => {
    const seen = one(1000, 0, 0);
    seen.served[700] = 1 - (seen.tested[700] ?? 0);
    if (seen.apart !== null) seen.apart[20] = 0.3;
    const { findings = [], findingsTotal } = await servedAnswers.measure(services(seen));
    expect(findings.map(({ row }) => row)).toEqual([700, 20]);
    expect(findingsTotal).toBe(2);
    expect(JSON.stringify(findings)).not.toMatch(/yes|"no"/);
  });

  it("of several services have intervals that hold together, and findings that name each", async () => {
    const { measures, findings = [], findingsTotal } = await servedAnswers.measure(services(one(1000, 3), one(1000, 200, null, "batch")));
    expect(measures[0]?.confidence).toBeCloseTo(0.975);
    expect(findingsTotal).toBe(203);
    expect(new Set(findings.map(({ reason }) => /service “(\w+)”/.exec(reason)?.[1]))).toEqual(new Set(["offers", "batch"]));
  });

  it("keep the worst hundred of many", async () => {
    const { findings = [], findingsTotal } = await servedAnswers.measure(noisy(seededRandom(1), 0.1));
    expect(findings.length).toBe(100);
    expect(findingsTotal).toBeGreaterThan(600);
  });
});
