import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectRows } from "../../data/index.ts";
import { openHttp, secretsFor } from "./http.ts";
import { openLedger } from "./ledger.ts";
import { measureLoad } from "./load.ts";
import { openEndpoint } from "./open.ts";
import { openPace } from "./pace.ts";
import { accessOf, addressOf, applicants, bound, contact, scratch } from "./testing/bindings.ts";
import { steppedClock } from "./testing/clock.ts";
import { score, startFake } from "./testing/fake.ts";

describe("asking an endpoint", () => {
  it("asks each different row once, whatever the order, the repetitions and the sizes of requests", async () => {
    await using fake = await startFake();
    const folder = scratch();
    const table = applicants(60);
    const reach = (batch: number) => ({
      address: addressOf(fake.url, "open-inference"),
      access: accessOf(fake.url, folder, { batch }),
      table,
    });
    await bound(reach(4));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(59), { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (picked, batch) => {
        await using model = await openEndpoint(await bound(reach(batch)), {});
        const some = selectRows(table, Int32Array.from(picked));
        const { probabilities } = await model.predict(some);
        const [income, debt] = ["income", "debt"].map((name) => (some.columns[name] as { values: Float64Array }).values);
        for (const at of picked.keys()) expect(probabilities?.[2 * at + 1]).toBeCloseTo(score(income?.[at] ?? 0, debt?.[at] ?? 0), 6);
      }),
      { numRuns: 25 },
    );
    const sent = fake.seen.slice(16);
    expect(new Set(sent).size).toBe(sent.length);
    expect(fake.rows).toBeLessThanOrEqual(16 + 60);
  });

  it("never has more requests under way than it may", async () => {
    await using fake = await startFake();
    const access = accessOf(fake.url, scratch(), { inFlight: 3, batch: 2 });
    await using model = await openEndpoint(await bound({ address: addressOf(fake.url, "open-inference"), access }), {});
    await model.predict(applicants(200));
    expect(fake.mostAtOnce).toBeLessThanOrEqual(3);
  });

  it("stops at the budget, with what was answered kept; with a larger one only the rest is asked", async () => {
    await using fake = await startFake();
    const folder = scratch();
    const reach = (queries: number) => ({
      address: addressOf(fake.url, "open-inference"),
      access: accessOf(fake.url, folder, { queries, batch: 4, inFlight: 2 }),
    });
    const small = await openEndpoint(await bound(reach(60)), {});
    await expect(small.predict(applicants(100))).rejects.toMatchObject({
      code: "QUERY_BUDGET_SPENT",
      remedy: expect.stringMatching(/Raise `queries`/),
    });
    await small[Symbol.asyncDispose]();
    expect(fake.rows).toBe(60);
    await using large = await openEndpoint(await bound(reach(1000)), {});
    await large.predict(applicants(100));
    expect(fake.seen.slice(16).length).toBe(new Set(fake.seen.slice(16)).size);
  });

  it("tells rows that cannot be sent by their place", async () => {
    await using fake = await startFake();
    const binding = await bound({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, scratch()) });
    await using model = await openEndpoint(binding, {});
    const table = applicants(30);
    (table.columns.debt as { values: Float64Array }).values[17] = Number.NaN;
    await expect(model.predict(table)).rejects.toMatchObject({
      code: "MODEL_INPUT_INVALID",
      place: { at: "row 17" },
      message: expect.stringMatching(/“debt” is empty/),
    });
  });

  it("sends a missing number as null where the protocol has one", async () => {
    await using fake = await startFake({ protocol: "mlflow" });
    await using model = await openEndpoint(
      await bound({ address: addressOf(fake.url, "mlflow"), access: accessOf(fake.url, scratch()) }),
      {},
    );
    const table = applicants(30);
    (table.columns.debt as { values: Float64Array }).values[17] = Number.NaN;
    const { probabilities } = await model.predict(table);
    expect(probabilities?.[35]).toBeCloseTo(score((table.columns.income as { values: Float64Array }).values[17] ?? 0, null), 6);
  });
});

describe("an endpoint's identity", () => {
  const hour = 3_600_000;

  it("stays while its probes are answered alike, and another model behind it is another endpoint", async () => {
    const weights = { debt: 1 };
    await using fake = await startFake({ score: (income, debt) => score(income, weights.debt * (debt ?? 0)) });
    const folder = scratch();
    const at = (now: number, maySend = true) =>
      contact({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, folder), now, maySend });
    const first = await at(0);
    const early = await at(hour - 1);
    expect([early.binding.generation, fake.rows]).toEqual([first.binding.generation, 16]);
    weights.debt = 1 + 1e-9; // another machine, which rounds otherwise
    const later = await at(2 * hour);
    expect([later.binding.generation, fake.rows]).toEqual([first.binding.generation, 32]);
    weights.debt = 0.5;
    expect((await at(2.5 * hour)).binding.generation).toBe(first.binding.generation);
    const changed = await at(4 * hour);
    expect(changed.binding.generation).not.toBe(first.binding.generation);
    expect(changed.unanswered).toEqual({ test: 40 - 8 });
  });

  it("that was never heard of is planned with, without a word to it", async () => {
    await using fake = await startFake();
    const { binding, unanswered } = await contact({
      address: addressOf(fake.url, "open-inference"),
      access: accessOf(fake.url, scratch()),
      maySend: false,
    });
    expect([binding.generation, binding.access.trouble, unanswered, fake.requests]).toEqual([null, null, { test: 40 }, 0]);
  });
});

describe("a rate", () => {
  it("is kept, after a tenth of a second's worth at once", async () => {
    const clock = steppedClock();
    const pace = openPace(100, clock);
    const went: number[] = [];
    for (let turn = 0; turn < 60; turn++) {
      await pace.turn();
      went.push(clock.time);
    }
    expect(went.slice(0, 10)).toEqual(Array(10).fill(0));
    for (let turn = 10; turn < 60; turn++) expect(went[turn]).toBeCloseTo((turn - 9) * 10, 6);
  });

  it("waits for everybody when one is told to", async () => {
    const clock = steppedClock();
    const pace = openPace(null, clock);
    expect(pace.turn()).toBeNull();
    pace.pause(500);
    await pace.turn();
    expect(clock.time).toBe(500);
  });
});

describe("credentials", () => {
  const credentials = [
    { header: "Authorization", env: "SEXTANT_PAIR", scheme: "Basic" },
    { header: "X-Api-Key", env: "SEXTANT_KEY", scheme: null },
  ] as const;

  it("are sent as their schemes have them", async () => {
    await using fake = await startFake();
    const access = accessOf(fake.url, scratch(), { credentials });
    await contact({
      address: addressOf(fake.url, "open-inference"),
      access,
      environment: { SEXTANT_PAIR: "name:word", SEXTANT_KEY: "k-1" },
    });
    expect(fake.headers).toMatchObject({ authorization: `Basic ${Buffer.from("name:word").toString("base64")}`, "x-api-key": "k-1" });
  });

  it("that are missing, or would break out of their header, are a problem that does not repeat them", () => {
    expect(() => secretsFor(credentials, { SEXTANT_PAIR: "name:word" })).toThrow(
      expect.objectContaining({ code: "ENDPOINT_CREDENTIAL_MISSING" }),
    );
    const broken = () => secretsFor(credentials, { SEXTANT_PAIR: "name:word\r\nX-Evil: 1", SEXTANT_KEY: "k" });
    expect(broken).toThrow(/holds what no header may hold/);
    expect(broken).not.toThrow(/Evil/);
  });
});

describe("a server that repeats what it was sent", () => {
  const credentials = [{ header: "Authorization", env: "SEXTANT_PAIR", scheme: "Basic" }] as const;
  const environment = { SEXTANT_PAIR: 'name:a "quoted" word' };
  const spoken = ['a "quoted" word', "code-in-the-address"];

  it("in its answers has none of it kept", async () => {
    await using fake = await startFake({ describe: (about: object) => ({ ...about, echo: spoken, sent: environment.SEXTANT_PAIR }) });
    const folder = scratch();
    const url = `${fake.url}?code=${spoken[1]}`;
    const { binding } = await contact({
      address: addressOf("env:SEXTANT_URL", "open-inference"),
      access: accessOf(url, folder, { credentials }),
      environment,
    });
    expect(binding.access.trouble).toBeNull();
    const kept = globSync("queries/*", { cwd: folder }).map((name) => readFileSync(join(folder, name), "latin1"));
    expect(kept.join("")).toContain("(credential)");
    expect(kept.join("")).not.toMatch(/quoted|code-in-the-address/);
  });

  it("in what it complains of has none of it shown, wherever it is cut", async () => {
    for (const before of [0, 1990]) {
      await using fake = await startFake({
        quirk: ({ response }) => {
          response.writeHead(401).end(`${" ".repeat(before)}${spoken.join(" ")} ${JSON.stringify(spoken)}`);
          return true;
        },
      });
      const access = accessOf(`${fake.url}?code=${spoken[1]}`, scratch(), { credentials });
      const { binding } = await contact({ address: addressOf(fake.url, "open-inference"), access, environment });
      expect(binding.access.trouble?.message).toMatch(/status 401: it says “\(c/);
      expect(binding.access.trouble?.message).not.toMatch(/quot|code-/);
    }
  });
});

describe("a load", () => {
  it("is timed from when each request was due: one stall delays all that wait behind it", async () => {
    const clock = steppedClock();
    await using fake = await startFake({
      quirk: ({ requests }) => {
        clock.time += requests === 9 + 10 + 1 ? 1000 : 1; // the first one that is timed, after probes and warm-up
        return false;
      },
    });
    const binding = await bound({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, scratch()) });
    const { timesMs, failed } = await measureLoad(
      binding,
      applicants(10),
      { calls: 20, warmUp: 10, perSecond: 100, inFlight: 1 },
      { environment: {}, clock },
    );
    expect(failed).toBe(0);
    expect(timesMs[0]).toBeGreaterThanOrEqual(1000);
    for (let call = 1; call < 20; call++) expect(timesMs[call]).toBeGreaterThan(700);
    using ledger = openLedger(binding.access.ledger);
    expect(ledger.spent).toBe(16 + 30);
  });

  it("counts what fails as the slowest, and gives back what was not sent", async () => {
    await using fake = await startFake({
      quirk: ({ requests, response }) => {
        if (requests < 20 || requests % 5 !== 0) return false;
        response.writeHead(500).end();
        return true;
      },
    });
    const binding = await bound({
      address: addressOf(fake.url, "open-inference"),
      access: accessOf(fake.url, scratch(), { timeoutMs: 4000 }),
    });
    const { timesMs, failed, firstFailure } = await measureLoad(
      binding,
      applicants(10),
      { calls: 40, warmUp: 0, perSecond: null, inFlight: 4 },
      { environment: {} },
    );
    expect(failed).toBeGreaterThan(4);
    expect(timesMs.filter((each) => each >= 4000).length).toBe(failed);
    expect(firstFailure).toMatch(/status 500/);
    using ledger = openLedger(binding.access.ledger);
    expect(ledger.spent).toBe(fake.rows);
  });
});

describe("a pool of connections", () => {
  it("asks nothing of a proxy that it was not given, whatever its own environment names", async () => {
    await using fake = await startFake();
    process.env.http_proxy = "http://127.0.0.1:9";
    try {
      await using http = await openHttp(accessOf(fake.url, scratch()), {});
      expect(await http.send({ path: "/v2/models/credit", body: null, mostBytes: 1e6 })).toMatch(/credit/);
    } finally {
      delete process.env.http_proxy;
    }
  });
});
