import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { openEngine } from "../../../data/index.ts";
import { bindModel, describeModel } from "../../../models/index.ts";
import { type Latencies, latencyRecipe } from "../../needs/latency.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { latency } from "./control.ts";

const timed = (times: ArrayLike<number>): { latencies: Latencies } => ({
  latencies: { timesMs: Float64Array.from(times), batches: [{ rows: 64, rowsPerSecond: 9000 }] },
});
/** Most calls take about 1 ms, a share of them `slow` ms. */
const calls = (n: number, share: number, slow: number) => {
  const random = seededRandom(6);
  return timed(Array.from({ length: n }, (_, call) => (call < share * n ? slow : 1 + 0.2 * random.uniform())));
};

testControl(latency, {
  policy: { limitMs: 5 },
  met: [
    {
      called: "all answers are fast",
      ...calls(1000, 0, 0),
      reason: /^99 of 100 answers to one row come within 1\.\d\d ms \(95 % interval .*limit 5\.00 ms\), on the machine that measured$/,
    },
    { called: "one answer in a thousand is slow", ...calls(2000, 0.001, 80) },
  ],
  unmet: [
    { called: "every answer is slow", ...calls(1000, 1, 9) },
    { called: "three answers in a hundred are slow, which a mean or a median hides", ...calls(2000, 0.03, 9), reason: /9\.00 ms/ },
  ],
  undecided: [
    { called: "about one answer in a hundred is slow", ...calls(1000, 0.01, 9), reason: /too near to tell/ },
    { called: "a hundred calls cannot bound what happens once in a hundred", ...calls(100, 0, 0), reason: /too few calls/ },
    { called: "nothing was timed", ...timed([]), reason: /no answer was timed/ },
  ],
});

describe("latency", () => {
  it("has numpy's quantiles", async () => {
    const { measures } = await latency.measure(timed(Array.from({ length: 1000 }, (_, call) => ((call * 7919) % 1000) / 10)));
    // numpy.quantile(numpy.arange(1000) / 10, [0.5, 0.95, 0.99])
    expect(measures.slice(0, 3).map(({ value }) => value)).toEqual([
      expect.closeTo(49.95, 9),
      expect.closeTo(94.905, 9),
      expect.closeTo(98.901, 9),
    ]);
  });

  it("holds the true 99th percentile about as often as it says", async () => {
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = seededRandom(seed, "latency");
      const { measures } = await latency.measure(timed(Array.from({ length: 500 }, () => -Math.log(1 - random.uniform()))));
      const { low = 0, high = 0 } = measures.find(({ name }) => name === "latency-p99") ?? {};
      if (low <= Math.log(100) && Math.log(100) <= high) held++;
    }
    expect(held).toBeGreaterThan(362);
  });

  it("times each call of a real model once, and throughput beside it", async () => {
    const root = new URL("../../../../examples/credit/", import.meta.url).pathname;
    const split = creditSplit("test");
    await using engine = await openEngine({ memoryBytes: 2 ** 28, spillFolder: making().spillFolder });
    const { columns } = await engine.describe(split);
    const path = `${root}models/net.onnx`;
    const facts = await describeModel(path, root);
    const model = bindModel({ path, root, facts }, { model: "net", dataset: "applicants", columns, label: "income-per-year" });
    const { timesMs, batches } = await latencyRecipe.make({ split, model, calls: 30 }, making());
    expect(timesMs.length).toBe(30);
    for (const time of timesMs) expect(time).toBeGreaterThan(0);
    expect(batches.map(({ rows }) => rows)).toEqual([64, 1024]);
  });
});
