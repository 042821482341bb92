import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOfFile } from "../base/index.ts";
import { readDeclaration } from "./read.ts";
import { resolveSystem } from "./resolve.ts";
import { brief, inspecting, problemsFrom, project } from "./testing/project.ts";

const inspect = inspecting();

const vector = (name: string) => new URL(`../../vectors/models/${name}`, import.meta.url);
const zoo = (name: string) => JSON.parse(readFileSync(vector(`${name}.json`), "utf8"));

const csv = (...lines: string[]) => `${lines.join("\n")}\n`;
const train = csv("age,job,label", "30,a,no", "40,b,yes", "50,a,yes");
const test_ = csv("age,job,label", "31,b,yes", "41,a,no");

const head = (more = "") => `version: 1
system: { name: A }
datasets:
  - id: d
    splits:
      train: data/train.csv
      test: data/test.csv
    label: label
${more}`;

const resolving = (root: string) => async () => resolveSystem(await readDeclaration(root), inspect);
async function wrongWith(files: Record<string, string | Uint8Array>) {
  const root = project(files);
  const problems = await problemsFrom(resolving(root));
  return { problems, short: brief(problems).map((each) => each.replaceAll(`${root}/`, "").replace(/^data\S+ /, "")) };
}

test("a declared system is what its files hold", async () => {
  const root = project({
    "sextant.yaml": head('    sensitive: [job]\n    unused: [age]\n    favourable: "yes"\n'),
    "data/train.csv": train,
    "data/test.csv": test_,
  });
  const system = await resolving(root)();
  expect(system.root).toBe(root);
  const [dataset] = system.datasets;
  expect(dataset?.features).toEqual(["job"]);
  expect(dataset?.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ["age", "number"],
    ["job", "text"],
    ["label", "text"],
  ]);
  expect(dataset?.splits.train).toMatchObject({
    name: "train",
    artefact: "dataset:d/train",
    rows: 3,
    source: { path: join(root, "data/train.csv"), format: "csv" },
  });
  expect(dataset?.splits.test?.digest).toBe(await digestOfFile(join(root, "data/test.csv")));
  expect(dataset?.splits.evaluation).toBeUndefined();
  expect(structuredClone(system)).toEqual(system);
});

test("a declaration without datasets and models resolves to none", async () => {
  const system = await resolving(project({ "sextant.yaml": "version: 1\nsystem: { name: A }\n" }))();
  expect(system).toMatchObject({ datasets: [], models: [] });
});

describe("what does not fit the data is named at its line:", () => {
  const cases: readonly [title: string, yaml: string, train: string, test: string, expected: readonly string[]][] = [
    ["a label that is no column", head().replace("label: label", "label: lable"), train, test_, ["8:12 TABLE_COLUMN_MISSING"]],
    [
      "columns that are none",
      head("    sensitive: [sex, age]\n    identifying: [id]\n    unused: [jobs]\n"),
      train,
      test_,
      ["9:17 TABLE_COLUMN_MISSING", "10:19 TABLE_COLUMN_MISSING", "11:14 TABLE_COLUMN_MISSING"],
    ],
    ["a population of no column", head("    population: { sex: { f: 0.5 } }\n"), train, test_, ["9:24 TABLE_COLUMN_MISSING"]],
    ["a favourable label that never occurs", head("    favourable: maybe\n"), train, test_, ["9:17 LABEL_FAVOURABLE_UNKNOWN"]],
    [
      "a favourable label out of a number column's range",
      head("    favourable: 7\n"),
      csv("a,label", "1,0", "2,1"),
      csv("a,label", "1,0", "2,1"),
      ["9:17 LABEL_FAVOURABLE_UNKNOWN"],
    ],
    [
      "a favourable label without a label",
      head("    favourable: maybe\n").replace("    label: label\n", ""),
      train,
      test_,
      ["8:17 DECLARATION_KEY_MISSING"],
    ],
    ["a label of one class", head(), csv("age,job,label", "30,a,no", "40,b,no"), test_, ["8:12 LABEL_ONE_CLASS"]],
    ["a label of one class in the test split", head(), train, csv("age,job,label", "30,a,no", "40,b,no"), ["8:12 LABEL_ONE_CLASS"]],
    ["an empty label", head(), csv("age,job,label", "30,a,", "40,b,"), test_, ["8:12 LABEL_ONE_CLASS"]],
    ["a column that the test split lacks", head(), train, csv("age,label", "31,yes", "41,no"), ["7:13 TABLE_COLUMNS_DIFFER"]],
    ["a column of another kind", head(), train, csv("age,job,label", "?,b,yes", "41,a,no"), ["7:13 TABLE_COLUMN_KIND"]],
  ];
  test.each(cases)("%s", async (_, yaml, trained, tested, expected) => {
    const { short } = await wrongWith({ "sextant.yaml": yaml, "data/train.csv": trained, "data/test.csv": tested });
    expect(short.map((each) => each.replace("sextant.yaml:", ""))).toEqual(expected);
  });

  test.each([
    [head().replace("label: label", "label: lable"), "Did you mean “label”?"],
    [head("    favourable: yess\n"), "Did you mean “yes”?"],
    [head("    sensitive: [jop]\n"), "Did you mean “job”?"],
  ])("and a slip gets a hint", async (yaml, remedy) => {
    const { problems } = await wrongWith({ "sextant.yaml": yaml, "data/train.csv": train, "data/test.csv": test_ });
    expect(problems.map((problem) => problem.remedy)).toContain(remedy);
  });

  test.each(["clerc", "Clerk", "cle rk"])("a population's value that is a word of the column but for a slip: %s", async (slip) => {
    const yaml = head(`    population: { job: { "${slip}": 0.5 } }\n`);
    const { problems, short } = await wrongWith({
      "sextant.yaml": yaml,
      "data/train.csv": train.replaceAll(",a,", ",clerk,"),
      "data/test.csv": test_,
    });
    expect(short.map((each) => each.split(" ").at(-1))).toEqual(["DECLARATION_REFERENCE"]);
    expect(problems[0]?.remedy).toBe("Did you mean “clerk”?");
  });

  test("a text that stands for missing in one split alone is told how to declare", async () => {
    const files = { "sextant.yaml": head(), "data/train.csv": train, "data/test.csv": csv("age,job,label", "?,b,yes", "41,a,no") };
    const { problems } = await wrongWith(files);
    expect(problems[0]?.remedy).toContain("“?”");
    await expect(resolving(project({ ...files, "sextant.yaml": head('    missing: ["?"]\n') }))()).resolves.toBeDefined();
  });

  test("a column of numbers with a text among them in one split: the first such row and its value are named", async () => {
    const tested = csv(
      "age,job,label",
      "31,b,yes",
      "41,a,no",
      ",a,no",
      `a${"long ".repeat(50)}text,a,no`,
      "x,b,yes",
      "9,b,yes",
      "8,b,no",
      "7,b,no",
    );
    const files = { "sextant.yaml": head(), "data/train.csv": train, "data/test.csv": tested };
    const { problems } = await wrongWith(files);
    expect(problems[0]?.message).toMatch(
      /test\.csv”, but number in “.*train\.csv”: row 3 of “.*test\.csv” .* holds “along long .*”, which is no number$/,
    );
    expect(problems[0]?.message.length).toBeLessThan(500);
    const turned = await wrongWith({ ...files, "data/train.csv": tested, "data/test.csv": train });
    expect(turned.problems[0]?.message).toMatch(/row 3 of “.*train\.csv”/);
  });

  test("a column that is blank in one split is of any kind", async () => {
    const files = { "sextant.yaml": head(), "data/train.csv": train, "data/test.csv": csv("age,job,label", "31,,yes", "41,,no") };
    await expect(resolving(project(files))()).resolves.toBeDefined();
  });

  const ages = train.replace("50,a", "50,18-24");
  test.each(["a: 0.5, nurse: 0.5", "a: 0.5, b: 0.48, z: 0.02", "a: 0.5, z: 0.5", "a: 0.5, A: 0.5", "18-34: 0.5"])(
    "a value of the population that the data lacks is no mistake: it may be the finding (%s)",
    async (shares) => {
      const files = {
        "sextant.yaml": head(`    population: { job: { ${shares} } }\n`),
        "data/train.csv": ages,
        "data/test.csv": test_,
      };
      await expect(resolving(project(files))()).resolves.toBeDefined();
    },
  );
});

test("a mistake in a file names that file, and the line that names it; those of all files come at once", async () => {
  const yaml = head("models:\n  - id: m\n    file: models/m.onnx\n    trainedOn: [d]\n");
  const root = project({
    "sextant.yaml": yaml,
    "data/train.csv": csv("a,label", "1,x", "2"),
    "data/test.csv": "",
    "models/m.onnx": "no model",
  });
  const problems = await problemsFrom(resolving(root));
  const seen = problems.map(({ code, place }) => [code, place.file?.replace(`${root}/`, ""), place.at?.replace(root, "")]);
  expect(seen).toContainEqual(["TABLE_ROW_RAGGED", "data/train.csv", "(named in /sextant.yaml:6:14)"]);
  expect(seen).toContainEqual(["TABLE_EMPTY", "data/test.csv", "(named in /sextant.yaml:7:13)"]);
  expect(seen).toContainEqual([expect.stringMatching(/^MODEL_/), "models/m.onnx", "(named in /sextant.yaml:11:11)"]);
});

describe("a model", () => {
  /** The project of a model of the zoo: its rows as a table, its label beside them. */
  function zooProject(more: string, name = "columns-plain", change: (rows: string[][]) => string[][] = (rows) => rows) {
    const { columns, label } = zoo(name) as { label: string; columns: Record<string, (string | number | null)[]> };
    const { [label]: labels = [], ...features } = columns;
    const rows = labels.map((own, at) => [...Object.values(features).map((values) => String(values[at] ?? "")), String(own)]);
    const table = csv([...Object.keys(features), "label"].join(","), ...change(rows).map((row) => row.join(",")));
    const yaml = `version: 1\nsystem: { name: A }\ndatasets:\n  - id: d\n    splits: { test: data/test.csv }\n    label: label\nmodels:\n  - id: m\n    file: models/m.onnx\n${more}`;
    const root = project({ "sextant.yaml": yaml, "data/test.csv": table });
    mkdirSync(dirname(join(root, "models/m.onnx")));
    copyFileSync(vector(`${name}.onnx`), join(root, "models/m.onnx"));
    return root;
  }

  test("is bound to the datasets that it is tested on, else to those that trained it", async () => {
    for (const key of ["testedOn", "trainedOn"]) {
      const system = await resolving(zooProject(`    ${key}: [d]\n`))();
      const [model] = system.models;
      expect(model).toMatchObject({ id: "m", artefact: "model:m", digest: await digestOfFile(join(system.root, "models/m.onnx")) });
      expect(Object.keys(model?.bindings ?? {})).toEqual(["d"]);
      expect(model?.bindings.d).toMatchObject({ path: join(system.root, "models/m.onnx"), root: system.root });
    }
  });

  test("without a dataset, or on one without a label, is described and bound to none", async () => {
    const [alone] = (await resolving(zooProject(""))()).models;
    expect(alone?.bindings).toEqual({});
    expect(alone?.file?.facts.nodes).toBeGreaterThan(0);
  });

  test("whose inputs the columns do not fill is refused at its own line", async () => {
    const root = zooProject("    testedOn: [d]\n    inputs: { nothing: label }\n");
    const problems = await problemsFrom(resolving(root));
    expect(brief(problems).map((each) => each.replace(/^\S*yaml:/, ""))).toContain("11:24 MODEL_INPUT_MISMATCH");
  });

  test("that cannot say some of the labels is refused", async () => {
    const root = zooProject("    testedOn: [d]\n", "columns-plain", (rows) =>
      rows.map((row, at) => (at === 3 ? [...row.slice(0, -1), "other"] : row)),
    );
    const problems = await problemsFrom(resolving(root));
    expect(problems.map(({ code }) => code)).toContain("MODEL_CLASSES_MISMATCH");
  });

  test("that cannot say a label of a later split is refused, with the split's name", async () => {
    const root = zooProject("    testedOn: [d]\n");
    const [header = "", ...rows] = readFileSync(join(root, "data/test.csv"), "utf8").trim().split("\n");
    const other = rows.map((row, at) => (at === 3 ? row.replace(/[^,]*$/, "other") : row));
    writeFileSync(join(root, "data/later.csv"), csv(header, ...other));
    const yaml = readFileSync(join(root, "sextant.yaml"), "utf8");
    writeFileSync(join(root, "sextant.yaml"), yaml.replace("test: data/test.csv", "evaluation: data/test.csv, test: data/later.csv"));
    const problems = await problemsFrom(resolving(root));
    expect(brief(problems).map((each) => each.replace(/^\S*yaml:/, ""))).toEqual(["6:12 LABEL_UNKNOWN"]);
    expect(problems[0]?.message).toContain("data/later.csv");
  });

  test("is told nothing of its inputs while the label is misspelt", async () => {
    const root = zooProject("    testedOn: [d]\n", "logistic-plain");
    const yaml = readFileSync(join(root, "sextant.yaml"), "utf8");
    writeFileSync(join(root, "sextant.yaml"), yaml.replace("label: label", "label: lable"));
    expect((await problemsFrom(resolving(root))).map(({ code }) => code)).toEqual(["TABLE_COLUMN_MISSING"]);
  });

  test("that takes texts as numbers needs a number for each text of each split", async () => {
    const encode = "    testedOn: [d]\n    features: [housing, age, hours-per-week, debt]\n    encode: { housing: ordinal }\n";
    const root = zooProject(encode, "tree-ordinal");
    await expect(resolving(root)()).resolves.toBeDefined();
    const [header = "", ...rows] = readFileSync(join(root, "data/test.csv"), "utf8").trim().split("\n");
    const at = header.split(",").indexOf("housing");
    const other = rows.map((row) => row.split(",").with(at, "castle").join(","));
    writeFileSync(join(root, "data/later.csv"), csv(header, ...rows.slice(1), other[0] ?? ""));
    const yaml = readFileSync(join(root, "sextant.yaml"), "utf8");
    writeFileSync(join(root, "sextant.yaml"), yaml.replace("test: data/test.csv", "evaluation: data/test.csv, test: data/later.csv"));
    const problems = await problemsFrom(resolving(root));
    expect(problems.map(({ code, message }) => [code, message.includes("castle")])).toEqual([["MODEL_INPUT_MISMATCH", true]]);
  });

  test("is not measured on rows without a label", async () => {
    const root = zooProject("    testedOn: [d]\n", "columns-plain", (rows) =>
      rows.map((row, at) => (at === 3 ? [...row.slice(0, -1), ""] : row)),
    );
    const problems = await problemsFrom(resolving(root));
    expect(brief(problems).map((each) => each.replace(/^\S*yaml:/, ""))).toEqual(["6:12 LABEL_UNKNOWN"]);
  });
});
