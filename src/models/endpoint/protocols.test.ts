import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { parsed } from "./ask.ts";
import { type Address, type EndpointInput, type ProtocolName, protocolNames } from "./binding.ts";
import { rawOf } from "./interpret.ts";
import { openEndpoint } from "./open.ts";
import { classesIn } from "./outputs.ts";
import { protocols } from "./protocols/all.ts";
import { joined } from "./protocols/protocol.ts";
import { accessOf, addressOf, applicants, bound, contact, mappingOf, scratch } from "./testing/bindings.ts";
import { score, startFake } from "./testing/fake.ts";

const path = { "open-inference": "", mlflow: "", "tf-serving": "", mapping: "/score" } as const;

describe.each(protocolNames)("an endpoint that speaks %s", (protocol) => {
  it("answers each row as its model does, and the second time nothing is asked", async () => {
    await using fake = await startFake({ protocol });
    const table = applicants(300);
    const url = `${fake.url}${path[protocol]}`;
    const [address, access] = [addressOf(url, protocol), accessOf(url, scratch())];
    const binding = await bound({ address, access, table });
    await using model = await openEndpoint(binding, {});
    const { labels, probabilities } = await model.predict(table);
    const [income, debt] = ["income", "debt"].map((name) => (table.columns[name] as { values: Float64Array }).values);
    const expected = Array.from({ length: 300 }, (_, row) => score(income?.[row] ?? 0, debt?.[row] ?? 0));
    expect([...labels]).toEqual(expected.map((p) => Number(p > 0.5)));
    expect(Array.from(expected, (_, row) => probabilities?.[2 * row + 1])).toEqual(expected.map((p) => expect.closeTo(p, 6)));
    const asked = fake.rows;
    expect(asked).toBe(300 - 8 + 16); // eight probes, each alone and then together, are answers too
    const again = await contact({ address, access, table });
    expect(again).toMatchObject({ spent: asked, unanswered: { test: 0 } });
    await using other = await openEndpoint(again.binding, {});
    expect([...(await other.predict(table)).labels]).toEqual([...labels]);
    expect(fake.rows).toBe(asked);
  });
});

const column = (name: string, changes: Partial<EndpointInput> = {}): EndpointInput => ({
  input: name,
  columns: [name],
  datatype: "FP32",
  holds: "numbers",
  isList: true,
  ...changes,
});
const asked = (protocol: ProtocolName, inputs: readonly EndpointInput[], changes: Partial<Address> = {}) => ({
  address: addressOf("http://h", protocol, changes),
  inputs,
  oneHot: {},
  scoreOutput: null,
  labelOutput: null,
});

describe("bodies", () => {
  const rows = [
    ["[1]", '["a"]'],
    ["[2]", '["b"]'],
  ];
  const both = [column("n"), column("t", { datatype: "BYTES", holds: "texts" })];

  it("of Open Inference hold a tensor for each input, with its shape and type", () => {
    expect(JSON.parse(protocols["open-inference"].bodies(asked("open-inference", both))(rows))).toEqual({
      inputs: [
        { name: "n", shape: [2, 1], datatype: "FP32", data: [[1], [2]] },
        { name: "t", shape: [2, 1], datatype: "BYTES", data: [["a"], ["b"]] },
      ],
    });
  });

  it("of TensorFlow Serving hold instances without a name for one input, objects for several, or columns", () => {
    const body = (inputs: readonly EndpointInput[], format: Address["format"]) =>
      JSON.parse(protocols["tf-serving"].bodies(asked("tf-serving", inputs, { format, signature: "s" }))(rows));
    expect(body([column("n")], "instances")).toEqual({ signature_name: "s", instances: [[1], [2]] });
    expect(body(both, "instances")).toEqual({
      signature_name: "s",
      instances: [
        { n: [1], t: ["a"] },
        { n: [2], t: ["b"] },
      ],
    });
    expect(body(both, "inputs")).toEqual({ signature_name: "s", inputs: { n: [[1], [2]], t: [["a"], ["b"]] } });
  });

  it("of a mapping put rows where the declaration says, and a value that looks like the mark stays a value", () => {
    const mapping = mappingOf({ request: { meta: { v: 1 }, items: ["$row"] }, id: null });
    const body = protocols.mapping.bodies(asked("mapping", [column("t", { isList: false, holds: "texts" })], { mapping }))([['"$row"']]);
    expect(JSON.parse(body)).toEqual({ meta: { v: 1 }, items: [{ t: "$row" }] });
  });

  it("go to the paths that the protocols publish", () => {
    const where = (protocol: ProtocolName, base: string, changes: Partial<Address> = {}) =>
      joined(base, protocols[protocol].path(addressOf(base, protocol, changes), base));
    expect(where("open-inference", "http://h/base/", { model: "a b", version: "2" })).toBe("/base/v2/models/a%20b/versions/2/infer");
    expect(where("tf-serving", "http://h", { version: "3" })).toBe("/v1/models/credit/versions/3:predict");
    expect(where("mlflow", "http://h/serve")).toBe("/serve/invocations");
    expect(where("mlflow", "http://h/serve/invocations")).toBe("/serve/invocations");
    expect(where("mapping", "http://h/score?tenant=1")).toBe("/score?tenant=1");
  });
});

describe("answers", () => {
  const read = (protocol: ProtocolName, answer: unknown, rows: number, changes: Partial<Address> = {}) =>
    protocols[protocol].read(answer, rows, asked(protocol, [column("n")], changes));

  it("are read in each form that the protocols allow", () => {
    expect(read("mlflow", { predictions: ["a", "b"] }, 2)).toEqual({ predictions: ["a", "b"] });
    expect(
      read(
        "mlflow",
        {
          predictions: [
            [0.1, 0.9],
            [1, 0],
          ],
        },
        2,
      ),
    ).toEqual({
      predictions: [
        [0.1, 0.9],
        [1, 0],
      ],
    });
    expect(read("mlflow", { predictions: [{ l: 1 }, { l: 0 }] }, 2)).toEqual({ l: [1, 0] });
    expect(read("tf-serving", { predictions: [{ p: [1], q: 2 }] }, 1)).toEqual({ p: [[1]], q: [2] });
    expect(read("tf-serving", { outputs: { p: [[0.5], [0.25]] } }, 2, { format: "inputs" })).toEqual({ p: [[0.5], [0.25]] });
    expect(read("tf-serving", { outputs: [1, 2] }, 2, { format: "inputs" })).toEqual({ predictions: [1, 2] });
    const nested = {
      outputs: [
        {
          name: "p",
          shape: [2, 2],
          datatype: "FP32",
          data: [
            [0, 1],
            [1, 0],
          ],
        },
      ],
    };
    expect(read("open-inference", nested, 2)).toEqual({
      p: [
        [0, 1],
        [1, 0],
      ],
    });
  });

  it("with scores by name, or in an order that the answer names, are told by name", () => {
    const mapping = mappingOf({ id: null, response: { rows: "/r", label: null, scores: "/s", classes: "/names", id: null } });
    expect(read("mapping", { names: ["x", "y"], r: [{ s: [0.2, 0.8] }] }, 1, { mapping })).toEqual({ scores: [{ x: 0.2, y: 0.8 }] });
  });

  it("of any form become outputs of as many rows as were asked, or a problem, and nothing else", () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.record({
        predictions: fc.jsonValue({ maxDepth: 3 }),
        outputs: fc.jsonValue({ maxDepth: 3 }),
        results: fc.jsonValue({ maxDepth: 3 }),
      }),
      fc.record({ outputs: fc.array(fc.record({ name: fc.string(), data: fc.jsonValue({ maxDepth: 3 }) }), { maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...protocolNames), anything, fc.integer({ min: 1, max: 3 }), (protocol, answer, rows) => {
        try {
          const outputs = read(protocol, answer, rows);
          for (const values of Object.values(outputs)) expect(values.length).toBe(rows);
          const [name] = Object.keys(outputs);
          if (name !== undefined) expect(rawOf(outputs, rows, { labelOutput: null, scoreOutput: name }).length).toBe(rows);
        } catch (error) {
          expect(problemsOf(error).length).toBe(1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("are JSON and nothing else: any text is parsed or a problem", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `${text}]`),
        ),
        (text) => {
          try {
            expect(parsed(text)).toEqual(JSON.parse(text));
          } catch (error) {
            expect(problemsOf(error)[0]?.code).toBe("ENDPOINT_ANSWER_INVALID");
          }
        },
      ),
    );
  });
});

describe("what a server says of its model", () => {
  it("is held to: a type that JSON cannot carry is refused, with what would do", async () => {
    const half = (answer: { inputs?: { datatype: string }[] }) => ({
      ...answer,
      inputs: [{ name: "x", datatype: "FP16", shape: [-1, 2] }],
    });
    await using fake = await startFake({ describe: half });
    const { mismatches } = await contact({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, scratch()) });
    expect(mismatches[0]).toMatchObject({ code: "MODEL_INPUT_MISMATCH", what: expect.stringMatching(/of type FP16/) });
    expect(fake.rows).toBe(0);
  });

  it("of other inputs than the dataset has is a mismatch, before any row is sent", async () => {
    const wide = () => ({ inputs: [{ name: "x", datatype: "FP32", shape: [-1, 54] }], outputs: [] });
    await using fake = await startFake({ describe: wide });
    const { mismatches } = await contact({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, scratch()) });
    expect(mismatches[0]?.what).toMatch(/takes 54 numbers; dataset “applicants” gives 2/);
    expect(fake.rows).toBe(0);
  });

  it("in another form is a problem", async () => {
    await using fake = await startFake({ describe: () => ({ inputs: "many" }) });
    const { binding } = await contact({ address: addressOf(fake.url, "open-inference"), access: accessOf(fake.url, scratch()) });
    expect(binding.access.trouble).toMatchObject({ code: "ENDPOINT_ANSWER_INVALID" });
  });
});

describe("the order of classes", () => {
  it("is learned from labels beside scores, and not where they contradict each other", () => {
    const chosen = { labelOutput: "l", scoreOutput: "s" };
    const sample = {
      l: ["yes", "no"],
      s: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
    };
    expect(classesIn(sample, chosen, ["no", "yes"])).toEqual(["yes", "no"]);
    expect(classesIn({ l: ["yes"], s: [[0.9, 0.1]] }, chosen, ["no", "yes"])).toEqual(["yes", "no"]);
    expect(classesIn({ l: ["yes"], s: [[0.9, 0.1, 0]] }, chosen, ["no", "yes", "maybe"])).toBeNull();
    expect(
      classesIn(
        {
          l: ["yes", "no"],
          s: [
            [0.9, 0.1],
            [0.8, 0.2],
          ],
        },
        chosen,
        ["no", "yes"],
      ),
    ).toBeNull();
  });
});
