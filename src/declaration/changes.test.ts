import { describe, expect, test } from "vitest";
import { readDeclaration } from "./read.ts";
import { resolveSystem } from "./resolve.ts";
import { brief, inspecting, problemsFrom, project } from "./testing/project.ts";

const inspect = inspecting();

const train = "age,debt-ratio,job,label\n30,0.5,clerk,no\n40,0.25,none,yes\n50,0.1,clerk,yes\n";
const declared = (changes: string) =>
  `version: 1\nsystem: { name: A }\ndatasets:\n  - id: d\n    splits: { train: data/train.csv }\n    label: label\n    changes:\n      ${changes}\n`;
const resolving = (changes: string) => async () => {
  const root = project({ "sextant.yaml": declared(changes), "data/train.csv": train });
  return resolveSystem(await readDeclaration(root), inspect);
};
const wrongIn = async (changes: string) => {
  const problems = await problemsFrom(resolving(changes));
  return { problems, short: brief(problems).map((each) => each.replace(/^\S*yaml:/, "")) };
};

test("what fits the data is taken as it is", async () => {
  const changes =
    "columns: { age: { min: 0, step: 1, direction: up, cost: 2 }, job: { among: [none] } }\n      rules: ['`debt-ratio` <= 0.5', 'job == \"none\" or age > 20']";
  const system = await resolving(changes)();
  expect(system.datasets[0]?.declared.changes?.rules).toHaveLength(2);
});

describe("what does not fit is named at its line and column:", () => {
  test.each<[string, string]>([
    ["columns: { agee: { immutable: true } }", "8:24 TABLE_COLUMN_MISSING"],
    ["columns: { label: { immutable: true } }", "8:25 DECLARATION_VALUE"],
    ["columns: { job: { min: 3 } }", "8:30 DECLARATION_VALUE"],
    ["columns: { job: { direction: up } }", "8:36 DECLARATION_VALUE"],
    ["columns: { job: { among: [none, clerc] } }", "8:39 DECLARATION_REFERENCE"],
    ["columns: { age: { among: [30, old] } }", "8:37 DECLARATION_VALUE"],
    ["columns: { age: { min: 100 } }", "8:23 DECLARATION_VALUE"],
    ["columns: { age: { min: 3, max: 2 } }", "8:23 DECLARATION_VALUE"],
    ["columns: { age: { immutable: true, cost: 2 } }", "8:23 DECLARATION_VALUE"],
    ["columns: { age: { among: [30], step: 2 } }", "8:23 DECLARATION_VALUE"],
    ["size: { norm: linf, eps: 8 }", "8:13 DECLARATION_VALUE"],
    ["size: { norm: l0, eps: 1.5 }", "8:13 DECLARATION_VALUE"],
    ["size: { norm: l2, eps: 0 }", "8:30 DECLARATION_VALUE"],
    ['rules: ["age <= 1", "age <="]', "8:27 RULE_INVALID"],
    ['rules: ["ages <= 1"]', "8:15 TABLE_COLUMN_MISSING"],
    ['rules: ["label == 1"]', "8:15 RULE_INVALID"],
    ['rules: ["job + 1 <= 3"]', "8:15 RULE_INVALID"],
    [`rules: ["age == 'old'"]`, "8:15 RULE_INVALID"],
    [`rules: ["job == 'clerc'"]`, "8:15 DECLARATION_REFERENCE"],
  ])("%s", async (changes, expected) => {
    expect((await wrongIn(changes)).short).toEqual([expected]);
  });
});

test.each<[string, string]>([
  ['rules: ["ages <= 1"]', "Did you mean “age”?"],
  ['rules: ["debt-ratio <= 1"]', "Did you mean “debt-ratio”? It stands in backticks: `debt-ratio`."],
  ["columns: { job: { among: [clerc] } }", "Did you mean “clerk”?"],
])("and a slip gets a hint: %s", async (changes, remedy) => {
  expect((await wrongIn(changes)).problems.map((problem) => problem.remedy)).toContain(remedy);
});
