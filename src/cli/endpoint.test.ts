import { globSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fake, reply, startFake } from "../models/endpoint/testing/fake.ts";
import { folders, tinyProject } from "./testing/project.ts";
import { sextant, sextantWith } from "./testing/run.ts";

const folder = folders();
const secret = "a-token-that-nobody-guesses";

/** What a careless server says to a stranger: what it was sent. */
function refuseWithout(authorization: string, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers.authorization === authorization) return false;
  reply(response, { error: `not allowed: ${request.headers.authorization}` }, false, 401);
  return true;
}

const everyFile = (root: string) =>
  globSync("**/*", { cwd: root, exclude: () => false })
    .concat(globSync(".sextant/**/*", { cwd: root }))
    .map((path) => join(root, path))
    .filter((path) => statSync(path).isFile());

interface Told {
  readonly results: readonly {
    readonly claim: string;
    readonly verdict: string;
    readonly reason: string;
    readonly remedy?: string;
    readonly cached: boolean;
  }[];
  readonly artefacts: readonly { readonly id: string; readonly about: string }[];
}
const told = ({ out }: { out: string }) => JSON.parse(out) as Told;
const resultOf = (ran: { out: string }, claim: string) => told(ran).results.find((each) => each.claim === claim);

/** The small project, with its model behind an endpoint instead of in a file. */
function behind({ url }: Pick<Fake, "url">, { queries = 40_000, more = "" } = {}): Record<string, string | Uint8Array> {
  const { "tiny.onnx": _, "sextant.yaml": text, ...files } = tinyProject({ rows: 400 });
  const declared = String(text)
    .replace(
      "    file: tiny.onnx\n",
      `    endpoint: { url: "${url}", protocol: open-inference, model: credit, queries: ${queries}${more} }\n`,
    )
    .replace(", sizeMiB: 1", "");
  return { ...files, "sextant.yaml": declared };
}

/** The small project, and the service that answers with its model. */
function served({ url }: Pick<Fake, "url">, more = ""): Record<string, string | Uint8Array> {
  const { "sextant.yaml": text, ...files } = tinyProject({ rows: 400 });
  const service = `services:
  - id: desk
    model: tiny
    endpoint: { url: "${url}", protocol: open-inference, model: credit, queries: 5000${more} }
    load: { perSecond: 2000 }
`;
  return { ...files, "sextant.yaml": String(text).replace(/services: .*\n/, service) };
}

describe("a model behind an endpoint", () => {
  it("is assessed as one in a file is, and the second run asks nothing", async () => {
    await using fake = await startFake();
    const root = await folder(behind(fake));
    const claims = ["weak-algorithm/success-metric", "algorithm-bias/demographic-parity", "weak-algorithm/calibration"];
    const only = claims.flatMap((claim) => ["--only", claim]);
    const assess = (where: string) => sextant("assess", where, "--format", "json", ...only);
    const first = await assess(root);
    const file = await assess(await folder(tinyProject({ rows: 400 })));
    for (const claim of claims) expect(resultOf(first, claim)?.reason).toBe(resultOf(file, claim)?.reason);
    expect(told(first).artefacts.find(({ id }) => id === "model:tiny")?.about).toBe(
      `open-inference at ${new URL(fake.url).host}, ${fake.rows.toLocaleString("en-GB")} of 40,000 queries used`,
    );
    const rows = fake.rows;
    const second = await assess(root);
    expect([second.code, fake.rows]).toEqual([first.code, rows]);
    expect(told(second).results.every(({ verdict, cached }) => cached || verdict === "unassessed")).toBe(true);
  });

  it("is timed by asking it anew, one row at a time", async () => {
    await using fake = await startFake();
    const ran = await sextant("assess", await folder(behind(fake)), "--only", "weak-algorithm/latency", "--format", "json");
    expect(resultOf(ran, "weak-algorithm/latency")?.reason).toMatch(/99 of 100 answers to one row come within/);
    expect(fake.rows).toBe(16 + 550);
  });

  it("is not asked for what its budget has no room for, and that is known before anything runs", async () => {
    await using fake = await startFake();
    const root = await folder(behind(fake, { queries: 500 }));
    const ran = await sextant("assess", root, "--format", "json");
    expect(resultOf(ran, "weak-algorithm/success-metric")?.verdict).not.toBe("unassessed");
    expect(resultOf(ran, "weak-algorithm/latency")).toMatchObject({
      verdict: "unassessed",
      reason: expect.stringMatching(/asks .* up to 550 queries, and its budget has room for 92 /),
      remedy: expect.stringMatching(/Raise `queries`/),
    });
    expect(fake.rows).toBeLessThanOrEqual(500);
    expect(ran.code).not.toBe(3);
  });

  it("is shown in the plan with what it would be asked, and the plan asks nothing", async () => {
    await using fake = await startFake();
    const root = await folder(behind(fake));
    const planned = await sextant("assess", root, "--plan", "--only", "weak-algorithm/success-metric");
    expect(fake.requests).toBe(0);
    expect(planned.out).toMatch(/asks open-inference at 127\.0\.0\.1:\d+ up to 400 queries/);
    expect(planned.out).toMatch(/up to 400 queries in all, of 40,000 that are left/);
    await sextant("assess", root, "--only", "weak-algorithm/success-metric");
    const after = await sextant("assess", root, "--plan", "--only", "weak-algorithm/success-metric");
    expect(after.out).not.toMatch(/up to [\d,]+ queries/);
    expect(after.out).toMatch(/^known/m);
  });

  it("that is down leaves its own controls errored and everything else measured; when it is up again nothing is lost", async () => {
    const root = await folder(behind({ url: "http://127.0.0.1:9" }));
    const ran = await sextant("assess", root, "--format", "json");
    expect(ran.code).toBe(3);
    expect(resultOf(ran, "weak-algorithm/success-metric")).toMatchObject({
      verdict: "errored",
      reason: expect.stringMatching(/127\.0\.0\.1:9 cannot be reached: nothing listens there/),
    });
    expect(resultOf(ran, "contaminated-data/split-overlap")?.verdict).toBe("met");
  });

  it("has its credential from the environment alone: it reaches the server and nothing that is written or said", async () => {
    await using fake = await startFake({ quirk: ({ request, response }) => refuseWithout(`Bearer ${secret}`, request, response) });
    const root = await folder(behind(fake, { more: ", bearer: { env: SEXTANT_TEST_TOKEN }" }));
    const without = await sextant("assess", root, "--format", "json", "--only", "weak-algorithm/success-metric");
    expect(resultOf(without, "weak-algorithm/success-metric")?.reason).toMatch(/environment variable SEXTANT_TEST_TOKEN.* is not set/);
    const wrong = await sextantWith(
      { SEXTANT_TEST_TOKEN: "wrong-one" },
      "assess",
      root,
      "--format",
      "json",
      "--only",
      "weak-algorithm/success-metric",
    );
    expect(resultOf(wrong, "weak-algorithm/success-metric")?.reason).toMatch(/status 401: it says .*\(credential\)/);
    expect(`${wrong.out}${wrong.err}`).not.toContain("wrong-one");
    const right = await sextantWith(
      { SEXTANT_TEST_TOKEN: secret },
      "assess",
      root,
      "--format",
      "json",
      "--only",
      "weak-algorithm/success-metric",
    );
    expect(resultOf(right, "weak-algorithm/success-metric")?.verdict).not.toBe("errored");
    expect(fake.headers.authorization).toBe(`Bearer ${secret}`);
    expect(`${right.out}${right.err}`).not.toContain(secret);
    for (const file of everyFile(root)) expect(readFileSync(file).includes(secret), file).toBe(false);
  });
});

describe("a service", () => {
  it("that answers as the tested model does is found equal, row by row, and timed at its load", async () => {
    await using fake = await startFake();
    const root = await folder(served(fake));
    const ran = await sextant("assess", root, "--format", "json", "--only", "weak-algorithm");
    expect(resultOf(ran, "weak-algorithm/served-answers")?.reason).toMatch(/^0 of 400 answers differ/);
    expect(resultOf(ran, "weak-algorithm/served-latency")?.reason).toMatch(
      /^at 2,?000\.0 requests a second, 99 of 100 are answered within/,
    );
    expect(fake.rows).toBe(400 - 8 + 16 + 550);
    await sextant("assess", root, "--only", "weak-algorithm");
    expect(fake.rows).toBe(400 - 8 + 16 + 550);
  });

  it("that answers with another model is found out, with the rows that differ", async () => {
    await using fake = await startFake({ score: (income, debt) => 1 / (1 + Math.exp(-(0.5 * (income ?? 0) + (debt ?? 0)))) });
    const ran = await sextant("assess", await folder(served(fake)), "--format", "json", "--only", "weak-algorithm/served-answers");
    const result = resultOf(ran, "weak-algorithm/served-answers") as { verdict: string; findings: { row: number }[] } | undefined;
    expect(result?.verdict).toBe("unmet");
    expect(result?.findings.length).toBe(100);
  });

  it("with an address alone is recorded, and nothing is sent there", async () => {
    await using fake = await startFake();
    const { "sextant.yaml": text, ...files } = tinyProject({ rows: 400 });
    const declared = String(text).replace("model: tiny, callers", `model: tiny, endpoint: "${fake.url}", callers`);
    const ran = await sextant("assess", await folder({ ...files, "sextant.yaml": declared }), "--format", "json");
    expect(resultOf(ran, "weak-algorithm/served-answers")?.verdict).toBe("unassessed");
    expect(fake.requests).toBe(0);
  });
});

it("that is sent credentials over http:// is warned of by threats and by the plan, which go on", async () => {
  const { "sextant.yaml": text = "", ...files } = behind({ url: "http://models.example" }, { more: ", bearer: { env: SEXTANT_TOKEN }" });
  const root = await folder({ ...files, "sextant.yaml": text });
  for (const args of [
    ["threats", root, "-q"],
    ["assess", root, "--plan"],
  ]) {
    const { code, err } = await sextantWith({ SEXTANT_TOKEN: secret }, ...args);
    expect([code, err]).toEqual([0, expect.stringMatching(/sextant\.yaml:\d+:\d+ {2}ENDPOINT_UNENCRYPTED/)]);
  }
});
