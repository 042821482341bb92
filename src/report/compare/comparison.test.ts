import { describe, expect, it } from "vitest";
import type { Result } from "../../assess/index.ts";
import { comparisonOf, type Limits, renderComparison, renderComparisonMarkdown } from "../index.ts";

type Measure = Result["measures"][number];

const of = (candidate: string, is: string, more = {}) => ({ candidate, is, ...more });
const measured: readonly Measure[] = [
  {
    name: "gain-over-chosen",
    value: -0.02,
    unit: "points",
    low: -0.03,
    high: -0.01,
    population: "p",
    of: of("net", "candidate", { metric: "accuracy" }),
  },
  {
    name: "gain-over-chosen",
    value: 0.01,
    unit: "points",
    low: -0.01,
    high: 0.03,
    population: "p",
    of: of("tree", "baseline", { metric: "accuracy" }),
  },
  { name: "accuracy", value: 0.84, unit: "share", low: 0.83, high: 0.85, population: "p", of: of("net", "candidate") },
  { name: "size", value: 1000, unit: "bytes", of: of("net", "candidate") },
  { name: "time-per-million", value: 7_200_000, unit: "ms", of: of("net", "candidate") },
  { name: "accuracy", value: 0.86, unit: "share", low: 0.85, high: 0.87, population: "p", of: of("boosted", "chosen") },
  { name: "size", value: 3000, unit: "bytes", of: of("boosted", "chosen") },
  { name: "time-per-million", value: 3_600_000, unit: "ms", of: of("boosted", "chosen") },
  { name: "accuracy", value: 0.87, unit: "share", low: 0.86, high: 0.88, population: "p", of: of("tree", "baseline") },
];
const result = (measures: readonly Measure[]) =>
  ({
    dataset: "people",
    subject: "people",
    measures,
    series: [],
    verdict: "met",
    reason: "none is better",
    remedy: null,
  }) as unknown as Result;

const limits: Limits = {
  success: { metric: "accuracy", target: 0.845, better: "high" },
  latencyMs: null,
  sizeBytes: 2000,
  costPerMillion: 1.5,
  costPerHour: 1,
};

describe("a comparison of models", () => {
  const found = comparisonOf(result(measured), undefined, limits);

  it("puts the chosen one first and those trained here last", () => {
    expect(found?.candidates.map(({ id }) => id)).toEqual(["boosted", "net", "tree"]);
  });

  it("says of each limit whether a model keeps to it beyond its interval", () => {
    expect(found?.candidates.map(({ within }) => within)).toEqual([
      { accuracy: "yes", size: "no", "cost-per-million": "yes" },
      { accuracy: "open", size: "yes", "cost-per-million": "no" },
      { accuracy: "yes", size: "open", "cost-per-million": "open" },
    ]);
    expect([found?.left, found?.open]).toEqual([[], []]);
  });

  it("leaves the models that keep to every limit, and names those of which it is open", () => {
    const wide = comparisonOf(result(measured), undefined, { ...limits, sizeBytes: 5000, costPerMillion: 2 });
    expect([wide?.left, wide?.open]).toEqual([["boosted"], ["net"]]);
  });

  it("makes a cost of the machine's time and its price: two hours at one an hour cost two", () => {
    expect(found?.candidates.map(({ measures }) => measures["cost-per-million"]?.value)).toEqual([1, 2, undefined]);
  });

  it("calls a difference real where its interval does not hold zero", () => {
    expect(found?.differences.map(({ candidate, real }) => [candidate, real])).toEqual([
      ["net", true],
      ["tree", false],
    ]);
  });

  it("is nothing where nothing was measured", () => {
    expect(comparisonOf(result([]), undefined, limits)).toBeNull();
  });

  it("keeps to the width of the terminal, whatever the models are called", () => {
    const long = measured.map((measure) => ({ ...measure, of: { ...measure.of, candidate: String(measure.of?.candidate).repeat(20) } }));
    for (const columns of [50, 80, 100]) {
      const text = renderComparison(comparisonOf(result(long), undefined, limits)!, { colour: false, columns });
      expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(columns);
    }
  });

  it("names in text and Markdown what differs and what the limits leave", () => {
    for (const text of [renderComparison(found!, { colour: false }), renderComparisonMarkdown(found!)]) {
      const plain = text.replace(/\s+/g, " ");
      expect(plain).toContain("net −2.0 points");
      expect(plain).toContain("Not told apart from it: tree");
      expect(plain).toContain("the declared limits leave none");
    }
  });
});
