import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { digestOfFile } from "../base/index.ts";
import { declaration, type Files, folders, tinyModel, tinyProject } from "../cli/testing/project.ts";
import { type Engine, openEngine } from "../data/index.ts";
import { readDeclaration, resolveSystem } from "../declaration/index.ts";
import { describeModel } from "../models/index.ts";
import { derivedKey, type Plan, plan, stepsOf } from "./plan.ts";

const folderOf = folders();
const spillFolder = mkdtempSync(join(tmpdir(), "sextant-spill-"));
let engine: Engine;
let before: Plan;
beforeAll(async () => {
  engine = await openEngine({ memoryBytes: 512 * 2 ** 20, spillFolder });
  before = await planned({});
});
afterAll(async () => {
  await engine.close();
  rmSync(spillFolder, { recursive: true, force: true });
});

const options = { seed: 7, budget: "quick" } as const;

async function planned(files: Files, how: Partial<Parameters<typeof plan>[1]> = {}, prepare: (folder: string) => void = () => undefined) {
  const folder = await folderOf({ ...tinyProject({ rows: 60 }), ...files });
  prepare(folder);
  const inspect = {
    digest: digestOfFile,
    table: (source: Parameters<Engine["describe"]>[0]) => engine.describe(source),
    model: describeModel,
  };
  return plan(await resolveSystem(await readDeclaration(folder), inspect), { ...options, ...how });
}

const yaml = (from: string, to: string) => ({ "sextant.yaml": declaration.replace(from, to) });
const keysOf = ({ tasks }: Plan) => new Map(tasks.map(({ control, key }) => [control.claim, key]));
const changedIn = (after: Plan) => [...keysOf(after)].filter(([claim, key]) => keysOf(before).get(claim) !== key).map(([claim]) => claim);
const claimsWhere = (which: (task: Plan["tasks"][number]) => boolean) =>
  before.tasks.filter((task) => task.key !== null && which(task)).map(({ control }) => control.claim);

describe("the key of a measurement", () => {
  it("is there for whatever can be measured, and another for each control", () => {
    const keys = [...keysOf(before).values()].filter((key) => key !== null);
    expect(keys.length).toBeGreaterThan(10);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ["the system's name and purpose", yaml("name: Tiny credit", "name: Other\n  purpose: another")],
    ["the target of success", yaml("target: 0.6", "target: 0.9")],
    ["a limit", yaml("sizeMiB: 1", "sizeMiB: 2")],
    ["a policy", yaml("seed: 7", 'policy: { claims: { algorithm-bias/equal-opportunity: { gap: 0.1, because: "law" } } }')],
    ["a level", yaml("seed: 7", 'policy: { levels: { evasion/deployment: { level: recommended, because: "internal" } } }')],
    ["who may call", yaml("callers: staff", "callers: strangers")],
    ["people", yaml("seed: 7", "people: { developer: [Ada] }")],
    ["the words of the file alone", yaml("seed: 7", "# a comment\nseed: 7")],
  ])("does not hold %s", async (_what, files) => {
    expect(changedIn(await planned(files))).toEqual([]);
  });

  it("does not hold where a file lies, or when it was written", async () => {
    const moved = yaml("train.csv", "moved.csv");
    expect(changedIn(await planned(moved, {}, (folder) => renameSync(join(folder, "train.csv"), join(folder, "moved.csv"))))).toEqual([]);
  });

  it("holds the seed where chance is used, and nowhere else", async () => {
    const random = claimsWhere(({ usesSeed }) => usesSeed);
    expect(random.length).toBeGreaterThan(0);
    expect(changedIn(await planned({}, { seed: 8 }))).toEqual(random);
  });

  it("holds the budget where more effort means more, and nowhere else", async () => {
    const growing = claimsWhere(({ usesBudget }) => usesBudget);
    expect(growing.length).toBeGreaterThan(0);
    for (const budget of ["standard", "thorough"] as const) expect(changedIn(await planned({}, { budget }))).toEqual(growing);
  });

  it.each([
    ["model:tiny", { "tiny.onnx": tinyModel([1.4, -1.1]) }],
    ["dataset:applicants/test", { "test.csv": tinyProject({ rows: 60, seed: 2 })["test.csv"] ?? "" }],
    ["dataset:applicants/train", { "train.csv": tinyProject({ rows: 60, seed: 2 })["train.csv"] ?? "" }],
  ])("holds the content of %s, for those that see it and for no others", async (artefact, files) => {
    const seeing = claimsWhere(({ artefacts }) => artefacts.some(({ id }) => id === artefact));
    expect(seeing.length).toBeGreaterThan(0);
    expect(changedIn(await planned(files))).toEqual(seeing);
  });

  it("holds what a control is told of the data: how a file is read, the label to wish for, the groups", async () => {
    const ofData = claimsWhere(({ artefacts }) => artefacts.some(({ id }) => id.startsWith("dataset:")));
    expect(changedIn(await planned(yaml("    label: decision", '    missing: ["?"]\n    label: decision')))).toEqual(ofData);
    expect(changedIn(await planned(yaml("favourable: granted", "favourable: refused")))).toContain("algorithm-bias/equal-opportunity");
    expect(changedIn(await planned(yaml("[sex]", "[sex, debt]")))).toContain("algorithm-bias/equal-opportunity");
  });

  it("holds the versions of what runs it", async () => {
    const version = Object.getOwnPropertyDescriptor(process, "version") ?? {};
    Object.defineProperty(process, "version", { ...version, value: "v99.0.0" });
    vi.resetModules();
    const other = await import("./plan.ts");
    const system = before.tasks[0]?.scope.system;
    if (system === undefined) throw new Error("nothing was planned");
    const after = other.plan(system, options);
    Object.defineProperty(process, "version", version);
    expect(changedIn(after)).toEqual(claimsWhere(({ key }) => key !== null));
  });
});

describe("derived artefacts", () => {
  it("form a graph without cycles: each stands once, after all that it is made from", () => {
    const steps = stepsOf(before.tasks, before.seed);
    expect(steps.length).toBeGreaterThan(5);
    expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
    for (const [at, { node }] of steps.entries()) {
      const inputs = Object.values(node.inputs).flatMap((input) => (input.kind === "derived" ? [derivedKey(input, before.seed)] : []));
      const earlier = steps.slice(0, at).map(({ key }) => key);
      expect(earlier).toEqual(expect.arrayContaining(inputs));
    }
  });

  it("are shared: there are fewer of them than needs", () => {
    const needed = before.tasks.flatMap(({ needs }) => Object.values(needs)).filter(({ kind }) => kind === "derived");
    expect(stepsOf(before.tasks, before.seed).length).toBeLessThan(needed.length);
  });
});

describe("what a control sees", () => {
  it("is what it declared to need, by those names, and nothing else", () => {
    for (const { control, needs, missing } of before.tasks.filter(({ key }) => key !== null)) {
      expect([control.claim, Object.keys(needs).sort(), missing]).toEqual([control.claim, Object.keys(control.needs).sort(), []]);
    }
  });
});
