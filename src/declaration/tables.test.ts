import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDeclaration } from "./read.ts";
import { resolveSystem } from "./resolve.ts";
import { brief, inspecting, problemsFrom, project } from "./testing/project.ts";

const inspect = inspecting();

const declared = (split: string, more = "") => `version: 1
system: { name: A }
datasets:
  - id: d
    splits: { test: ${split} }
${more}`;
const resolved = async (root: string) => {
  const system = await resolveSystem(await readDeclaration(root), inspect);
  const [dataset] = system.datasets;
  const split = dataset?.splits.test;
  if (dataset === undefined || split === undefined) throw new Error("the split was not found");
  return { columns: dataset.columns.map(({ name, kind }) => `${name} ${kind}`), ...split };
};
const problems = async (files: Record<string, string>) => brief(await problemsFrom(() => resolved(project(files))));

const part = (rows: number) => `a,b\n${"1,x\n".repeat(rows)}`;
const parts = { "data/part-1.csv": part(2), "data/part-2.csv": part(3), "data/notes.txt.md": "x", "data/_SUCCESS": "" };

describe("a table of several files", () => {
  test.each([
    ["a pattern", '"data/part-*.csv"'],
    ["a pattern through folders", '"**/*.csv"'],
    ["a folder", "data"],
    ["a folder with a slash", "data/"],
  ])("is named by %s", async (_, named) => {
    const { rows, columns, reading } = await resolved(project({ ...parts, "sextant.yaml": declared(named) }));
    expect([rows, columns]).toEqual([5, ["a number", "b text"]]);
    expect(reading.files?.map((file) => file.rows)).toEqual([2, 3]);
  });

  test("is a folder of folders, whose keys are columns", async () => {
    const files = { "data/year=2023/x.csv": part(1), "data/year=2024/x.csv": part(2) };
    const { rows, columns } = await resolved(project({ ...files, "sextant.yaml": declared("data") }));
    expect([rows, columns]).toEqual([3, ["a number", "b text", "year number"]]);
  });

  test("is another one when a file has another name or content, and the same wherever the project lies", async () => {
    const digest = async (files: Record<string, string>) =>
      (await resolved(project({ ...files, "sextant.yaml": declared("data") }))).digest;
    const first = await digest(parts);
    expect(await digest(parts)).toBe(first);
    expect(await digest({ ...parts, "data/part-2.csv": part(4) })).not.toBe(first);
    const { "data/part-2.csv": moved, ...rest } = parts;
    expect(await digest({ ...rest, "data/part-3.csv": moved })).not.toBe(first);
  });

  test("a file that is a link out of the project is refused", async () => {
    const outside = project({ "secret.csv": part(1) });
    const root = project({ ...parts, "sextant.yaml": declared("data") });
    symlinkSync(join(outside, "secret.csv"), join(root, "data/part-3.csv"));
    expect(brief(await problemsFrom(() => resolved(root)))).toEqual(["5:21 ARTEFACT_ESCAPES"]);
  });

  test.each([
    ["of two formats", { "data/a.csv": part(1), "data/b.jsonl": '{"a":1}\n' }, "DECLARATION_VALUE"],
    ["of several files of arrays", { "data/a.npy": "", "data/b.npy": "" }, "DECLARATION_VALUE"],
    ["without a table", { "data/a.md": "" }, "ARTEFACT_MISSING"],
  ])("a folder %s is refused", async (_, files, code) => {
    expect(await problems({ ...files, "sextant.yaml": declared("data") })).toEqual([`5:21 ${code}`]);
  });
});

describe("NumPy arrays", () => {
  const vector = (name: string) => readFileSync(new URL(`../../vectors/data/numpy/${name}`, import.meta.url));
  const withArrays = (split: string) => {
    const root = project({ "sextant.yaml": declared(split) });
    mkdirSync(join(root, "data"));
    for (const name of ["stored.npz", "int32.npy", "days.npy"]) writeFileSync(join(root, "data", name), vector(name));
    return root;
  };

  test.each([
    ["data/stored.npz", 3, ["X0 number", "X1 number", "y text"]],
    ['{ arrays: { x: "data/stored.npz#X", when: data/days.npy } }', 3, ["x0 number", "x1 number", "when date"]],
  ])("%s", async (split, wantedRows, wanted) => {
    const { rows, columns } = await resolved(withArrays(split));
    expect([rows, columns]).toEqual([wantedRows, wanted]);
  });

  test.each([
    ["an array that is not there", '{ arrays: { x: "data/stored.npz#Z" } }', "TABLE_ARRAY"],
    ["arrays of other lengths", '{ arrays: { x: "data/stored.npz#X", y: data/int32.npy } }', "TABLE_ARRAY"],
  ])("%s is a problem", async (_, split, code) => {
    const [problem] = await problemsFrom(() => resolved(withArrays(split)));
    expect(problem?.code).toBe(code);
  });
});

describe("how a file is written", () => {
  const money = "tag;preis\n01/02/2024;1.234\n03/04/2024;2.500\n";
  test.each([
    ["is found, where it can be", "", ["tag text", "preis number"], 1],
    ["is what is declared", "    read: { decimal: ',', dates: day-first }\n", ["tag date", "preis number"], 0],
  ])("%s", async (_, more, wanted, notes) => {
    const { columns, reading } = await resolved(project({ "a.csv": money, "sextant.yaml": declared("a.csv", more) }));
    expect(columns).toEqual(wanted);
    expect(reading.notes).toHaveLength(notes);
  });
});
