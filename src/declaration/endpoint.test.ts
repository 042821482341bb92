import { describe, expect, it } from "vitest";
import { exposedCredentials } from "./exposed.ts";
import { readDeclaration } from "./read.ts";
import { aboutEndpoint } from "./resolve-endpoint.ts";
import { brief, problemsFrom, project } from "./testing/project.ts";

const head = "version: 1\nsystem: { name: s }\n";
const ok = "url: https://models.example/base, protocol: open-inference, model: credit, queries: 100";
const declared = (endpoint: string) => `${head}models:\n  - id: m\n    endpoint: { ${endpoint} }\n`;
const problems = async (text: string, files: Record<string, string> = {}) =>
  problemsFrom(() => readDeclaration(project({ "sextant.yaml": text, ...files })));

describe("an endpoint that is declared", () => {
  it("may be asked in four protocols, with credentials from the environment and an authority of its own", async () => {
    const mapping = 'url: https://h.example, protocol: mapping, queries: 1, request: { rows: "$rows" }, response: { rows: /p, label: "" }';
    const each = [
      `${ok}, version: 3, bearer: { env: SEXTANT_TOKEN }, ca: own.pem, timeoutMs: 1000, retries: 0, ratePerSecond: 5.5, inFlight: 64, batch: 1`,
      "url: { env: SEXTANT_URL }, protocol: mlflow, queries: 1, headers: { X-Api-Key: { env: SEXTANT_KEY } }",
      "url: http://127.0.0.1:8501, protocol: tf-serving, model: m, format: inputs, signature: s, queries: 1, basic: { env: SEXTANT_PAIR }",
      mapping,
    ];
    for (const endpoint of each) {
      const { declaration } = await readDeclaration(project({ "sextant.yaml": declared(endpoint), "own.pem": "" }));
      expect(declaration.models?.[0]?.endpoint).toBeDefined();
    }
  });

  it.each([
    ["a secret that stands in the file", `${ok}, bearer: abc123`, /endpoint\.bearer: expected/],
    ["a header whose value stands in the file", `${ok}, headers: { X-Api-Key: abc123 }`, /X-Api-Key: expected/],
    [
      "a name and a password in the address",
      "url: https://me:word@models.example, protocol: mlflow, queries: 1",
      /without a name and a password/,
    ],
    ["another protocol than HTTP", "url: file:///etc/passwd, protocol: mlflow, queries: 1", /begins with https:\/\/ or http:\/\//],
    [
      "a variable that is not Sextant's: it may hold another's secret",
      `${ok}, bearer: { env: AWS_SECRET_ACCESS_KEY }`,
      /begins with SEXTANT_/,
    ],
    ["no budget", "url: https://models.example, protocol: mlflow", /has no queries/],
    [
      "no name of the model",
      "url: https://models.example, protocol: open-inference, queries: 1",
      /endpoint\.model: expected the model's name on the server/,
    ],
    [
      "no body for a mapping",
      "url: https://models.example, protocol: mapping, queries: 1, response: { label: /l }",
      /endpoint\.request: expected/,
    ],
    [
      "a body without a place for rows",
      'url: https://m.example, protocol: mapping, queries: 1, request: { a: 1 }, response: { label: "" }',
      /"\$rows"/,
    ],
    [
      "a body with two places for rows",
      'url: https://m.example, protocol: mapping, queries: 1, request: { a: "$rows", b: "$row" }, response: { label: "" }',
      /in one place/,
    ],
    [
      "an answer without a place",
      'url: https://m.example, protocol: mapping, queries: 1, request: "$rows", response: { rows: /p }',
      /`label`, `scores` or both/,
    ],
    [
      "a header that the client sets itself",
      `${ok}, headers: { Content-Length: { env: SEXTANT_N } }`,
      /headers that the client does not set itself/,
    ],
    ["two ways to say who asks", `${ok}, bearer: { env: SEXTANT_A }, basic: { env: SEXTANT_B }`, /one of `bearer` and `basic`/],
    ["more in flight than sixty-four", `${ok}, inFlight: 65`, /at most 64/],
    ["a misspelt key", `${ok}, query: 5`, /there is no “query”/],
  ])("with %s is refused", async (_, endpoint, message) => {
    const found = await problems(declared(endpoint));
    expect(found.map(({ message: what }) => what).join("\n")).toMatch(message);
    expect(JSON.stringify(found.map(({ message: what, remedy }) => [what, remedy])), "what may be secret is not repeated").not.toMatch(
      /abc123|me:word/,
    );
    for (const { place } of found) expect(place.line).toBe(5);
  });

  it("is one of the kinds of model that there are, and exactly one", async () => {
    const both = `${head}models:\n  - id: m\n    file: m.onnx\n    endpoint: { ${ok} }\n`;
    const found = await problems(both, { "m.onnx": "" });
    expect(found.map(({ message }) => message).join("\n")).toMatch(/exactly one of `file`, `endpoint`, `predictions`/);
  });

  it("names its authority inside the project", async () => {
    expect(brief(await problems(declared(`${ok}, ca: ../own.pem`)))).toEqual([expect.stringMatching(/ARTEFACT_ESCAPES$/)]);
    expect(brief(await problems(declared(`${ok}, ca: own.pem`)))).toEqual([expect.stringMatching(/ARTEFACT_MISSING$/)]);
  });
});

describe("a service that is declared", () => {
  const service = (endpoint: string) =>
    `${head}models: [{ id: m, endpoint: { ${ok} } }]\nservices:\n  - { id: s, model: m, endpoint: ${endpoint} }\n`;

  it("has an address that is recorded, or an endpoint that is asked, and a load", async () => {
    for (const endpoint of ['"https://models.example"', `{ ${ok} }, load: { perSecond: 20 }`]) {
      const { declaration } = await readDeclaration(project({ "sextant.yaml": service(endpoint) }));
      expect(declaration.services?.[0]?.endpoint).toBeDefined();
    }
  });

  it("is not asked by half: an endpoint without a budget is refused", async () => {
    const found = await problems(service("{ url: https://models.example, protocol: mlflow }"));
    expect(found.map(({ message }) => message).join("\n")).toMatch(/has no queries/);
  });
});

describe("credentials that are sent in the clear", () => {
  const warned = async (url: string, more = ", bearer: { env: SEXTANT_TOKEN }", environment: Readonly<Record<string, string>> = {}) => {
    const text = declared(`url: ${url}, protocol: open-inference, model: credit, queries: 100${more}`);
    const read = await readDeclaration(project({ "sextant.yaml": text }));
    return exposedCredentials(read, (name) => environment[name]).map(({ code, place, message }) => [code, place.line, message]);
  };
  const warning = [["ENDPOINT_UNENCRYPTED", 5, expect.stringContaining("endpoint of “m” (models.example) are sent over http://")]];

  it("are warned of at their line, also where the address stands in the environment", async () => {
    expect(await warned("http://models.example/base")).toEqual(warning);
    expect(
      await warned("{ env: SEXTANT_URL }", ", headers: { X-Key: { env: SEXTANT_KEY } }", { SEXTANT_URL: "http://models.example" }),
    ).toEqual(warning);
  });

  it.each([
    ["over https://", "https://models.example", undefined],
    ["to this machine", "http://localhost:8080", undefined],
    ["to this machine by number", "http://127.3.2.1:8080", undefined],
    ["to this machine in IPv6", '"http://[::1]:8080"', undefined],
    ["where there are none", "http://models.example", ""],
    ["where the address is not known", "{ env: SEXTANT_URL }", undefined],
  ])("are not warned of %s", async (_, url, more) => expect(await warned(url, more)).toEqual([]));

  it("are said in what a report tells of the endpoint", () => {
    const state = { protocol: "mlflow", host: "models.example", account: "a", ledger: "l", queries: 10, spent: 0, unanswered: {} } as const;
    expect(aboutEndpoint({ ...state, isExposed: true })).toMatch(/0 of 10 queries used; its credentials are sent over http:/);
    expect(aboutEndpoint({ ...state, isExposed: false })).toMatch(/queries used$/);
  });
});
