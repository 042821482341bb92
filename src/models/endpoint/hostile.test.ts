import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { askAll, openAsking } from "./ask.ts";
import type { EndpointBinding } from "./binding.ts";
import { failureOf } from "./failures.ts";
import { openHttp } from "./http.ts";
import { openInterpreter } from "./interpret.ts";
import { openLedger } from "./ledger.ts";
import { openEndpoint } from "./open.ts";
import { accessOf, addressOf, applicants, bound, contact, scratch } from "./testing/bindings.ts";
import { authority, certificate } from "./testing/certificates.ts";
import { steppedClock } from "./testing/clock.ts";
import { type FakeOptions, type Quirk, reply, startFake } from "./testing/fake.ts";

/** Its port; the server ends with the test. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const quietly: Quirk = () => false;

/** A binding that was made while the server still behaved; from then on it does as `turns` says. */
async function meeting(turns: Quirk, options: FakeOptions = {}, access: Partial<Parameters<typeof accessOf>[2]> = {}) {
  const state = { quirk: quietly };
  const fake = await startFake({ ...options, quirk: (about) => state.quirk(about) });
  onTestFinished(() => fake[Symbol.asyncDispose]());
  const binding = await bound({
    address: addressOf(fake.url, options.protocol ?? "open-inference"),
    access: accessOf(fake.url, scratch(), { batch: 5, ...access }),
  });
  const before = fake.requests;
  state.quirk = (about) => turns({ ...about, requests: about.requests - before });
  return { fake, binding, before: fake.rows };
}

/** Asks 40 rows, of which 8 were probes, with a clock that does not wait. */
async function ask(binding: EndpointBinding, clock = steppedClock()) {
  using ledger = openLedger(binding.access.ledger);
  await using http = await openHttp(binding.access, {});
  const table = applicants(40);
  const into = openInterpreter(table.rows, binding);
  const problem = await askAll([{ table, start: 0, into, at: 0 }], openAsking(binding, http, ledger, clock)).then(
    () => null,
    (error: unknown) => {
      const [found] = problemsOf(error);
      if (found === undefined) throw error;
      return found;
    },
  );
  return { answers: into.answers, problem, spent: ledger.spent, waits: clock.waits };
}

const says =
  (status: number, headers: Record<string, string> = {}): Quirk =>
  ({ response }) => {
    response.writeHead(status, headers).end(JSON.stringify({ error: "busy" }));
    return true;
  };
const answers =
  (text: string | Buffer, headers: Record<string, string> = {}): Quirk =>
  ({ response }) => {
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(text);
    return true;
  };

describe("an endpoint that errs now and then", () => {
  it.each([
    ["429", 429],
    ["500", 500],
    ["503", 503],
  ])("with %s is asked again, every attempt counts, and every row has its answer", async (_, status) => {
    const { fake, binding, before } = await meeting((about) => about.requests % 3 === 1 && says(status)(about));
    const { problem, answers: found, spent } = await ask(binding);
    expect(problem).toBeNull();
    expect(found.labels.length).toBe(40);
    expect(fake.rows - before).toBeGreaterThan(32);
    expect(spent).toBe(fake.rows);
  });

  it("that says when to come back is left alone for as long", async () => {
    const { binding } = await meeting((about) => about.requests === 1 && says(429, { "retry-after": "7" })(about), {}, { inFlight: 1 });
    const { problem, waits } = await ask(binding);
    expect(problem).toBeNull();
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(7000);
    expect(Math.max(...waits)).toBeLessThan(7300);
  });

  it("that wants to be left alone for an hour is a problem, and says so", async () => {
    const { binding } = await meeting(says(503, { "retry-after": "3600" }));
    expect((await ask(binding)).problem).toMatchObject({
      code: "ENDPOINT_FAILED",
      message: expect.stringMatching(/status 503.*asks to wait for 3600 s/),
    });
  });

  it("that never recovers is a problem after every attempt, and what was answered before is kept", async () => {
    const { fake, binding } = await meeting((about) => about.requests > 2 && says(500)(about), {}, { retries: 2, inFlight: 1 });
    const { problem, spent } = await ask(binding);
    expect(problem).toMatchObject({
      code: "ENDPOINT_FAILED",
      message: expect.stringMatching(/status 500: it says .*busy.* \(3 attempts\)/),
    });
    expect(spent).toBe(fake.rows);
    using ledger = openLedger(binding.access.ledger);
    expect(ledger.answered).toBe(8 + 10); // the probes, and two requests of five
  });

  it("that breaks off in the middle of an answer is asked again", async () => {
    const { binding } = await meeting(({ requests, response }) => {
      if (requests % 3 !== 0) return false;
      response.writeHead(200, { "content-length": "1000" }).write('{"outputs":');
      response.destroy();
      return true;
    });
    expect((await ask(binding)).problem).toBeNull();
  });
});

describe("an endpoint that answers something else", () => {
  it.each([
    [
      "a page",
      answers("<!DOCTYPE html><html><body>Sign in</body></html>", { "content-type": "text/html" }),
      "ENDPOINT_ANSWER_INVALID",
      /page \(HTML\)/,
    ],
    ["nothing", answers(""), "ENDPOINT_ANSWER_INVALID", /is empty/],
    ["text behind the JSON", answers('{"outputs":[]} and more'), "ENDPOINT_ANSWER_INVALID", /something stands behind it/],
    ["NaN", answers('{"outputs":[{"name":"probabilities","data":[NaN, 1]}]}'), "ENDPOINT_ANSWER_INVALID", /NaN or Infinity/],
    ["a list", answers("[1,2]"), "ENDPOINT_ANSWER_INVALID", /is a list, not an object/],
    ["another port's protocol", answers('{"predictions":[1]}'), "ENDPOINT_ANSWER_INVALID", /missing, not a list/],
    ["nested without end", answers(`{"outputs":${"[".repeat(50_000)}${"]".repeat(50_000)}}`), "ENDPOINT_ANSWER_INVALID", /./],
    ["gzip that is none", answers("plain", { "content-encoding": "gzip" }), "ENDPOINT_ANSWER_INVALID", /packed as gzip, and it is not/],
    [
      "gzip that grows without end",
      answers(gzipSync(Buffer.alloc(64 * 2 ** 20)), { "content-encoding": "gzip" }),
      "ENDPOINT_ANSWER_INVALID",
      /more than \d+ bytes/,
    ],
    ["a packing of its own", answers("x", { "content-encoding": "lzma" }), "ENDPOINT_ANSWER_INVALID", /packs its answer/],
    [
      "a redirect",
      says(302, { location: "https://elsewhere.example/login?token=abc" }),
      "ENDPOINT_REDIRECTS",
      /sends elsewhere to “https:\/\/elsewhere\.example” \(status 302\)$/,
    ],
    ["a refusal", says(403), "ENDPOINT_REFUSED", /status 403: it says .*busy/],
    ["that it does not know the path", says(404), "ENDPOINT_REFUSED", /status 404/],
  ] as const)("%s is a problem that says so, and is not asked again", async (_, quirk, code, message) => {
    const { fake, binding, before } = await meeting(quirk, {}, { inFlight: 1 });
    const { problem } = await ask(binding);
    expect(problem).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(fake.rows - before).toBe(5);
  });

  it("without end is cut off at its bound", async () => {
    const { binding } = await meeting(({ response }) => {
      response.writeHead(200, { "content-type": "application/json" });
      const pour = () => {
        while (!response.destroyed && response.write(`"${"x".repeat(65_536)}",`));
        if (!response.destroyed) response.once("drain", pour);
      };
      pour();
      return true;
    });
    expect((await ask(binding)).problem).toMatchObject({
      code: "ENDPOINT_ANSWER_INVALID",
      message: expect.stringMatching(/more than \d+ bytes/),
    });
  });

  it("that drips without end, or does not answer at all, has its time", async () => {
    for (const drips of [true, false]) {
      const { binding } = await meeting(
        ({ response }) => {
          if (drips) {
            response.writeHead(200, { "content-type": "application/json" });
            const timer = setInterval(() => response.write(" "), 5);
            response.once("close", () => clearInterval(timer));
          }
          return true;
        },
        {},
        { timeoutMs: 150, retries: 1 },
      );
      expect((await ask(binding)).problem).toMatchObject({
        code: "ENDPOINT_TIMEOUT",
        message: expect.stringMatching(/did not answer within 150 ms \(2 attempts\)$/),
      });
    }
  });

  type Answer = { outputs: { name: string; data: unknown[]; shape: number[] }[] };
  const change = (make: (answer: Answer) => unknown): Quirk => {
    return ({ rows, response }) => {
      const [label, scores] = [Array(rows).fill("granted"), Array(rows).fill([0.25, 0.75]).flat()];
      reply(
        response,
        make({
          outputs: [
            { name: "label", data: label, shape: [rows] },
            { name: "probabilities", data: scores, shape: [rows, 2] },
          ],
        }),
        false,
      );
      return true;
    };
  };

  it.each([
    [
      "fewer rows",
      ({ outputs }: Answer) => ({ outputs: outputs.map((each) => ({ ...each, data: each.data.slice(1) })) }),
      "ENDPOINT_ANSWER_INVALID",
      /holds 4 answers|4 values for 5 rows|9 values for 5 rows/,
    ],
    [
      "another class",
      ({ outputs: [label, scores] }: Answer) => ({
        outputs: [{ ...label, data: ["granted", "maybe", "granted", "granted", "granted"] }, scores],
      }),
      "MODEL_ANSWERS_INVALID",
      /answers “maybe”, which is none of the model's classes \(“refused”, “granted”\)/,
    ],
    [
      "three classes",
      ({ outputs: [label] }: Answer) => ({ outputs: [label, { name: "probabilities", data: Array(15).fill(1 / 3), shape: [5, 3] }] }),
      "MODEL_ANSWERS_INVALID",
      /3 scores per row; 2 classes/,
    ],
    [
      "numbers that are no probabilities",
      ({ outputs: [label] }: Answer) => ({ outputs: [label, { name: "probabilities", data: [1e308, 2, ...Array(8).fill(0.5)] }] }),
      "MODEL_ANSWERS_INVALID",
      /no probability/,
    ],
    [
      "numbers beyond all bounds",
      ({ outputs: [label] }: Answer) =>
        `{"outputs":[${JSON.stringify(label)},{"name":"probabilities","data":[1e999,0,${Array(8).fill(0.5)}]}]}`,
      "MODEL_ANSWERS_INVALID",
      /Infinity/,
    ],
    [
      "texts where scores stand",
      ({ outputs: [label] }: Answer) => ({ outputs: [label, { name: "probabilities", data: Array(10).fill("NaN") }] }),
      "MODEL_ANSWERS_INVALID",
      /where scores were expected/,
    ],
    [
      "no scores any more",
      ({ outputs: [label] }: Answer) => ({ outputs: [label] }),
      "MODEL_ANSWERS_INVALID",
      /has no output “probabilities”/,
    ],
  ] as const)("%s is a problem with its row, and none of it is kept", async (_, make, code, message) => {
    const { binding } = await meeting(change(make as (answer: Answer) => unknown), {}, { inFlight: 1 });
    const { problem } = await ask(binding);
    expect(problem).toMatchObject({ code, message: expect.stringMatching(message), place: { at: expect.stringMatching(/^row \d+$/) } });
    using ledger = openLedger(binding.access.ledger);
    expect(ledger.answered).toBe(8);
  });
});

describe("an endpoint that mixes up rows", () => {
  it("is found out by its probes, which come alone and together", async () => {
    await using fake = await startFake({
      twist: ({ outputs }: { outputs: { data: unknown[] }[] }) => ({
        outputs: outputs.map((each) => ({ ...each, data: each.data.toSorted() })),
      }),
    } as FakeOptions);
    const { binding } = await contact({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, scratch()) });
    expect(binding.access.trouble).toMatchObject({ code: "ENDPOINT_UNSTABLE", remedy: expect.stringMatching(/batch: 1/) });
    await expect(openEndpoint(binding, {})).rejects.toMatchObject({ code: "ENDPOINT_UNSTABLE" });
  });

  it("but says which row each answer is to, is put in order", async () => {
    await using fake = await startFake({
      protocol: "mapping",
      twist: ({ results }: { results: unknown[] }) => ({ results: results.toReversed() }),
    } as FakeOptions);
    const binding = await bound({ address: addressOf(`${fake.url}/score`, "mapping"), access: accessOf(`${fake.url}/score`, scratch()) });
    await using model = await openEndpoint(binding, {});
    const table = applicants(40);
    await using plain = await startFake();
    const other = await openEndpoint(
      await bound({ address: addressOf(plain.url, "open-inference"), access: accessOf(plain.url, scratch()) }),
      {},
    );
    expect([...(await model.predict(table)).labels]).toEqual([...(await other.predict(table)).labels]);
    await other[Symbol.asyncDispose]();
  });
});

describe("an endpoint that packs its answers unasked", () => {
  it("is read all the same", async () => {
    const { binding } = await meeting(quietly, { gzip: true });
    expect((await ask(binding)).problem).toBeNull();
  });
});

describe("an endpoint over TLS", () => {
  const reach = async (name: Parameters<typeof certificate>[0], ca: string | null) => {
    await using fake = await startFake({ tls: certificate(name) });
    const { binding } = await contact({
      address: addressOf(fake.url, "open-inference"),
      access: accessOf(fake.url, scratch(), { ca, retries: 0 }),
    });
    return { trouble: binding.access.trouble, rows: fake.rows };
  };

  it("whose authority is named answers", async () => {
    expect(await reach("signed", authority)).toEqual({ trouble: null, rows: 16 });
  });

  it.each([
    ["that signed itself", "self-signed", null, /it signed itself/],
    ["whose authority nobody knows", "signed", null, /the authority that signed it is not known/],
    ["that has expired", "expired", authority, /it has expired/],
  ] as const)("with a certificate %s is not trusted, and nothing is sent", async (_, name, ca, message) => {
    const { trouble, rows } = await reach(name, ca);
    expect(trouble).toMatchObject({ code: "ENDPOINT_TLS", message: expect.stringMatching(message) });
    expect(rows).toBe(0);
  });

  it("that does not speak it is told apart", async () => {
    await using fake = await startFake();
    const url = fake.url.replace("http:", "https:");
    const { binding } = await contact({ address: addressOf(url, "open-inference"), access: accessOf(url, scratch(), { retries: 0 }) });
    expect(binding.access.trouble).toMatchObject({ code: "ENDPOINT_TLS", message: expect.stringMatching(/does not speak TLS/) });
  });
});

describe("an address where no model answers", () => {
  const troubleAt = async (url: string) =>
    (await contact({ address: addressOf(url, "open-inference"), access: accessOf(url, scratch(), { retries: 0, timeoutMs: 500 }) })).binding
      .access.trouble;

  it("is told as what it is", async () => {
    expect(await troubleAt("http://127.0.0.1:9")).toMatchObject({
      code: "ENDPOINT_UNREACHABLE",
      message: expect.stringMatching(/nothing listens there/),
    });
    expect(await troubleAt("http://no-such-host.invalid")).toMatchObject({ code: "ENDPOINT_UNREACHABLE" });
  });

  it("that is lost once a part of the question left was asked: it counts", () => {
    for (const code of ["EHOSTUNREACH", "ERR_SSL_BAD_RECORD_TYPE", "CERT_REVOKED"]) {
      expect(failureOf({ code }, "h", true), code).toMatchObject({ neverSent: false });
      expect(failureOf({ code }, "h", false), code).toMatchObject({ neverSent: true });
    }
  });

  it("that gives out a cloud's credentials is never asked", async () => {
    expect(await troubleAt("http://169.254.169.254")).toMatchObject({
      code: "ENDPOINT_REFUSED",
      message: expect.stringMatching(/link-local/),
    });
    for (const other of ["[fe80::1]", "[::ffff:169.254.0.1]", "[::ffff:a9fe:1]", "[64:ff9b::a9fe:1]", "[fd00:ec2::1]", "2851995649"])
      expect(await troubleAt(`http://${other}`), other).toMatchObject({ message: expect.stringMatching(/link-local/) });
  });

  it("that speaks no HTTP is told so", async () => {
    const server = createServer((socket: Socket) => void socket.end("220 mail.example ESMTP\r\n"));
    expect(await troubleAt(`http://127.0.0.1:${await listening(server)}`)).toMatchObject({
      code: "ENDPOINT_ANSWER_INVALID",
      message: expect.stringMatching(/does not answer in HTTP/),
    });
  });
});
