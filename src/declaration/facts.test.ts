import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogue, cellId, factIds } from "../catalogue/index.ts";
import { factsOf, threatsOf } from "./facts.ts";
import { type Declaration, declarationSchema } from "./schema.ts";

/** Everything that decides a threat is declared, and in the quietest way. */
const quiet: Declaration = {
  version: 1,
  system: { name: "A", affects: { whom: "nobody" } },
  datasets: [{ id: "d", splits: { test: "t.csv" }, personal: false, confidential: false, sources: [{ by: "ourselves" }] }],
  models: [{ id: "m", file: "m.onnx", base: "none", learns: false }],
  services: [],
};
const [dataset] = quiet.datasets ?? [];
const [model] = quiet.models ?? [];
if (dataset === undefined || model === undefined) throw new Error("the base declaration has a dataset and a model");

const withDataset = (more: Partial<typeof dataset>): Declaration => ({ ...quiet, datasets: [{ ...dataset, ...more }] });
const withModel = (more: Partial<typeof model>): Declaration => ({ ...quiet, models: [{ ...model, ...more }] });
const service = { id: "s", model: "m", callers: "staff", answers: "labels", feedback: false } as const;
const withService = (more: object = {}, of: Declaration = quiet): Declaration => ({ ...of, services: [{ ...service, ...more }] });

const standing = (declaration: Declaration) => new Set(threatsOf(declaration).flatMap((cell) => (cell.applies ? [cellId(cell)] : [])));
/** `+` for cells that come to stand with the change, `-` for those that go. */
function changes(from: Declaration, to: Declaration): string[] {
  const [before, after] = [standing(from), standing(to)];
  return [
    ...[...after].filter((id) => !before.has(id)).map((id) => `+${id}`),
    ...[...before].filter((id) => !after.has(id)).map((id) => `-${id}`),
  ].sort();
}

const bias = ["+algorithm-bias/development", "+algorithm-bias/model-design"];
const outsiders = ["+adversarial-attack/development", "+evasion/data-preparation", "+evasion/development"];
const somebody = [
  "+membership-inference/data-preparation",
  "+membership-inference/development",
  "+model-inversion/data-preparation",
  "+model-inversion/development",
];
const operated = ["+contaminated-data/deployment", "+contaminated-data/operation", "+weak-algorithm/deployment"];
const poisoned = ["+data-poisoning/data-preparation", "+data-poisoning/development"];

describe("a declared fact changes these cells and no others:", () => {
  const cases: readonly [fact: string, from: Declaration, to: Declaration, cells: readonly string[]][] = [
    [
      "affects-people",
      quiet,
      { ...quiet, system: { name: "A", affects: { whom: "people" } } },
      [...bias, ...outsiders, "+unexplainability/development"],
    ],
    [
      "affects-anyone",
      quiet,
      { ...quiet, system: { name: "A", affects: { whom: "organisations" } } },
      [...outsiders, "+unexplainability/development"],
    ],
    ["affects-people, unknown", quiet, { ...quiet, system: { name: "A" } }, [...bias, ...outsiders, "+unexplainability/development"]],
    ["personal-data", quiet, withDataset({ personal: true }), somebody],
    ["personal-data, unknown", quiet, withDataset({ personal: undefined }), somebody],
    ["confidential-data", quiet, withDataset({ confidential: true }), somebody],
    ["confidential-data, unknown", quiet, withDataset({ confidential: undefined }), somebody],
    ["others-data", quiet, withDataset({ sources: [{ by: "ourselves" }, { by: "others" }] }), [...outsiders, ...poisoned]],
    ["others-data, by users", quiet, withDataset({ sources: [{ by: "users" }] }), [...outsiders, ...poisoned]],
    ["others-data, unknown", quiet, withDataset({ sources: [{ name: "a disk" }] }), [...outsiders, ...poisoned]],
    ["others-base-model", quiet, withModel({ base: { by: "others" } }), ["+data-poisoning/development"]],
    ["others-base-model, ours", quiet, withModel({ base: { by: "ourselves" } }), []],
    ["others-base-model, unknown", quiet, withModel({ base: { name: "Some" } }), ["+data-poisoning/development"]],
    ["has-service", quiet, withService(), operated],
    [
      "strangers-query",
      withService(),
      withService({ callers: "strangers" }),
      [...outsiders, "+evasion/deployment", "+model-extraction/deployment", "+model-extraction/development"],
    ],
    [
      "strangers-query, customers",
      withService(),
      withService({ callers: "customers" }),
      [...outsiders, "+evasion/deployment", "+model-extraction/deployment", "+model-extraction/development"],
    ],
    [
      "strangers-query, unknown",
      withService(),
      withService({ callers: undefined }),
      [...outsiders, "+evasion/deployment", "+model-extraction/deployment", "+model-extraction/development"],
    ],
    ["strangers-query, systems", withService(), withService({ callers: "systems" }), []],
    ["answers-scores", withService(), withService({ answers: "scores" }), ["+model-extraction/development"]],
    ["feedback-trains", withService(), withService({ feedback: true }), [...poisoned, "+data-poisoning/deployment"]],
    ["learns-in-operation", withService(), withService({}, withModel({ learns: true })), ["+data-poisoning/deployment"]],
    ["learns-in-operation without a service", quiet, withModel({ learns: true }), []],
    [
      "holds-training-data, and what its data is like, unknown",
      quiet,
      { ...quiet, datasets: [] },
      [...outsiders, ...poisoned, ...somebody, "-dataset-compromise/deployment", "-dataset-compromise/development"],
    ],
  ];
  test.each(cases)("%s", (_, from, to, cells) => {
    for (const declaration of [from, to]) expect(declarationSchema.safeParse(declaration).success).toBe(true);
    expect(changes(from, to)).toEqual([...cells].sort());
  });

  test("and each fact of the catalogue is among them", () => {
    const tested = cases.map(([fact]) => fact.split(",")[0]);
    expect(factIds.filter((id) => !tested.includes(id))).toEqual([]);
  });
});

test("nothing declared, nothing known: every threat stands", () => {
  const facts = factsOf({ version: 1, system: { name: "A" } });
  expect(Object.values(facts).every((truth) => truth === null)).toBe(true);
  expect(threatsOf({ version: 1, system: { name: "A" } }).every(({ applies }) => applies)).toBe(true);
});

test("all 27 cells are answered in the catalogue's order, each with a sentence", () => {
  const cells = threatsOf(quiet);
  expect(cells.map(cellId)).toEqual(catalogue.cells.map(cellId));
  expect(cells).toHaveLength(27);
  for (const { why } of cells) expect(why).toMatch(/^[A-Z].*\.$/);
});

test("one dataset that is personal makes the data personal, whatever is unknown of the others", () => {
  const other = { id: "e", splits: { test: "t.csv" } };
  expect(factsOf({ ...quiet, datasets: [{ ...dataset, personal: true }, other] })["personal-data"]).toBe(true);
  expect(factsOf({ ...quiet, datasets: [dataset, other] })["personal-data"]).toBe(null);
  expect(factsOf({ ...quiet, datasets: [dataset, dataset] })["personal-data"]).toBe(false);
});

test("to leave a fact out never dismisses a threat", () => {
  const whom = fc.constantFrom("people", "organisations", "nobody", undefined);
  const maybe = fc.constantFrom(true, false, undefined);
  const arbitrary = fc.record({
    whom,
    personal: maybe,
    confidential: maybe,
    by: fc.constantFrom("others", "ourselves", "users", undefined),
    learns: maybe,
    callers: fc.constantFrom("strangers", "customers", "staff", "systems", undefined),
    answers: fc.constantFrom("labels", "scores", undefined),
    feedback: maybe,
  });
  type Values = Partial<Record<"whom" | "personal" | "confidential" | "by" | "learns" | "callers" | "answers" | "feedback", unknown>>;
  const declare = ({ whom, personal, confidential, by, learns, callers, answers, feedback }: Values) =>
    ({
      version: 1,
      system: { name: "A", affects: { whom } },
      datasets: [{ id: "d", splits: { train: "t.csv" }, personal, confidential, sources: [{ by }] }],
      models: [{ id: "m", file: "m.onnx", learns }],
      services: [{ id: "s", model: "m", callers, answers, feedback }],
    }) as Declaration;
  fc.assert(
    fc.property(
      arbitrary,
      fc.constantFrom("whom", "personal", "confidential", "by", "learns", "callers", "answers", "feedback"),
      (values, left) => {
        const less = standing(declare({ ...values, [left]: undefined }));
        for (const id of standing(declare(values))) expect(less).toContain(id);
      },
    ),
  );
});
