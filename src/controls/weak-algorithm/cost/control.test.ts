import { expect, it } from "vitest";
import { testControl } from "../../testing/test-control.ts";
import { cost } from "./control.ts";

/** A thousand rows a second: a million take 1,000 s, which at 3.6 an hour cost 1. */
const latencies = {
  timesMs: new Float64Array(),
  batches: [
    { rows: 64, rowsPerSecond: 500 },
    { rows: 1024, rowsPerSecond: 1000 },
  ],
};

testControl(cost, {
  met: [{ called: "well below the limit", latencies, policy: { limit: 1.2, costPerHour: 3.6 }, reason: /take 1\.00e\+3 s|take 1000 s/ }],
  unmet: [{ called: "well above it", latencies, policy: { limit: 0.9, costPerHour: 3.6 }, reason: /cost 1\.00 \(limit 0\.9\)/ }],
  undecided: [
    { called: "exactly the limit", latencies, policy: { limit: 1, costPerHour: 3.6 }, reason: /nearer to it than runs lie/ },
    { called: "a little more, which the next run may not be", latencies, policy: { limit: 0.95, costPerHour: 3.6 } },
    { called: "nothing was timed", latencies: { timesMs: new Float64Array(), batches: [] }, policy: { limit: 1, costPerHour: 1 } },
  ],
  inapplicable: [{ called: "the machine is free", latencies, policy: { limit: 1, costPerHour: 0 } }],
});

it("is judged by the faster batch, and its limit is drawn in the measure's own unit", async () => {
  const measured = await cost.measure({ latencies });
  const { decisive } = cost.judge(measured, { limit: 2, costPerHour: 3.6, noise: 0.1 }, new Date(0));
  expect(decisive).toEqual([
    { measure: { name: "time-per-million", value: 1e6, unit: "ms", of: { batch: 1024 } }, limit: 2e6, better: "low" },
  ]);
});
