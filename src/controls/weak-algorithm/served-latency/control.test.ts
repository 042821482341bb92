import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { ServedTimes } from "../../needs/endpoint-served.ts";
import type { EachService } from "../../needs/services.ts";
import { testControl } from "../../testing/test-control.ts";
import { servedLatency } from "./control.ts";

const timesOf = (times: ArrayLike<number>, failed = 0, service = "offers"): ServedTimes => ({
  service,
  timesMs: Float64Array.from(times),
  failed,
  firstFailure: failed > 0 ? "offers answers with status 500" : null,
  perSecond: 20,
  answeredPerSecond: 19.9,
});
const services = (...each: readonly ServedTimes[]): { times: EachService<ServedTimes> } => ({ times: { each, unasked: [] } });
const timed = (times: ArrayLike<number>, failed = 0) => services(timesOf(times, failed));

/** Most requests take about 3 ms, a share of them `slow` ms. */
function requests(n: number, share: number, slow: number, failed = 0) {
  const random = seededRandom(9);
  return timed(
    Array.from({ length: n }, (_, call) => (call < share * n ? slow : 3 + random.uniform())),
    failed,
  );
}

testControl(servedLatency, {
  policy: { limitMs: 50 },
  met: [
    {
      called: "all are fast",
      ...requests(1000, 0, 0),
      reason: /^at 20\.0 requests a second, 99 of 100 are answered within .*limit 50\.00 ms\)$/,
    },
    {
      called: "one of two services is fast, and the other declares no load",
      times: { each: [timesOf(new Float64Array(1000).fill(3))], unasked: [{ service: "batch", why: "service “batch” declares no load" }] },
      reason: /^at 20\.0 .*; not asked: service “batch” declares no load$/,
    },
    { called: "one in a thousand fails", ...requests(2000, 0.001, 30_000, 2), reason: /2 requests failed, and count as the slowest/ },
  ],
  unmet: [
    {
      called: "the second of two services is slow",
      ...services(timesOf(new Float64Array(1000).fill(3)), timesOf(new Float64Array(1000).fill(80), 0, "batch")),
      reason: /^service “batch”: at 20\.0 .* 80\.00 ms .*; service “offers”: at 20\.0 .* 3\.00 ms/,
    },
    { called: "three in a hundred stall", ...requests(2000, 0.03, 400), reason: /400\.00 ms/ },
    { called: "three in a hundred fail: no answer is no fast answer", ...requests(2000, 0.03, 30_000, 60), reason: /60 requests failed/ },
  ],
  undecided: [
    { called: "about one in a hundred is slow", ...requests(1000, 0.01, 90), reason: /too near to tell/ },
    { called: "a hundred calls cannot bound it", ...requests(100, 0, 0), reason: /too few calls/ },
    { called: "nothing was timed", ...timed([]), reason: /no answer was timed/ },
  ],
});

describe("served latency", () => {
  it("says at which load it was measured, and how much of it was answered", async () => {
    const { measures } = await servedLatency.measure(requests(1000, 0, 0));
    expect(measures.find(({ name }) => name === "latency-p99")?.of).toMatchObject({ service: "offers", perSecond: 20 });
    expect(measures.find(({ name }) => name === "answered-per-second")?.value).toBe(19.9);
  });
});
