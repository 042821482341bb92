import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../assess/index.ts";
import { catalogue } from "../catalogue/index.ts";
import { controls } from "../controls/index.ts";
import { declaration, type Files, folders, tinyModel, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();
const project = (changed: Files = {}) => folderOf({ ...tinyProject(), ...changed });

/** An assessed project to start from; each test works on its own copy. */
let assessed: string;
let first: Assessment;
beforeAll(async () => {
  assessed = await project();
  first = await assessedAs(assessed);
});

const copy = async () => {
  const folder = await folderOf({});
  cpSync(assessed, folder, { recursive: true, preserveTimestamps: true });
  return folder;
};

async function assessedAs(folder: string, ...options: readonly string[]): Promise<Assessment> {
  const { out } = await sextant("assess", folder, "--format", "json", ...options);
  return JSON.parse(out) as Assessment;
}

const fresh = ({ results }: Assessment) =>
  results.filter(({ cached, measuredAt }) => measuredAt !== null && !cached).map(({ claim }) => claim);
const verdictOf = ({ results }: Assessment, claim: string) => results.find((result) => result.claim === claim)?.verdict;
const change = (folder: string, from: string | RegExp, to: string) => {
  const path = join(folder, "sextant.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
};

describe("an assessment", () => {
  it("keeps the contract of its JSON: all 27 cells and 19 requirements, one result for each control and subject", () => {
    expect(first.schema).toBe("sextant/assessment@1");
    expect(first.cells.map(({ threat, stage }) => `${threat}/${stage}`)).toEqual(
      catalogue.cells.map(({ threat, stage }) => `${threat}/${stage}`),
    );
    expect(first.requirements.map(({ id }) => id)).toEqual(catalogue.requirements.map(({ id }) => id));
    expect(first.results.map(({ claim }) => claim)).toEqual(controls.map(({ control }) => control.claim));
    expect(first.artefacts.map(({ id }) => id)).toEqual(["dataset:applicants/train", "dataset:applicants/test", "model:tiny"]);
    for (const { evidence, measuredAt } of first.results) expect(evidence === null).toBe(measuredAt === null);
  });

  it("finds a fair and calibrated model so, and says what no control measures", () => {
    expect(first.results.filter(({ verdict }) => verdict === "errored").map(({ claim, reason }) => `${claim}: ${reason}`)).toEqual([]);
    for (const claim of ["weak-algorithm/success-metric", "weak-algorithm/size"]) expect(verdictOf(first, claim), claim).toBe("met");
    expect(verdictOf(first, "algorithm-bias/equal-opportunity")).not.toBe("unmet");
    const open = first.cells.flatMap(({ claims }) => claims).filter(({ control }) => control === null);
    expect(open.length).toBeGreaterThan(50);
    for (const { verdict } of open) expect(verdict).toBe("unassessed");
  });

  it("exits 4 while something required is unassessed, 0 with --fail-on unmet, 1 when something is unmet", async () => {
    const folder = await copy();
    const unmet = first.results.some(({ verdict }) => verdict === "unmet");
    expect((await sextant("assess", folder)).code).toBe(unmet ? 1 : 4);
    if (!unmet) expect((await sextant("assess", folder, "--fail-on", "unmet")).code).toBe(0);
    change(folder, "sizeMiB: 1", "sizeMiB: 0.00001");
    const { code, out } = await sextant("assess", folder);
    expect(code).toBe(1);
    expect(out).toMatch(/required and unmet: [^\n]*: exit 1/);
  });

  it("leaves a report beside the declaration", () => {
    expect(readFileSync(join(assessed, ".sextant/report.html"), "utf8")).toContain("Tiny credit");
  });
});

describe("what is known is not measured again", () => {
  it("nothing, when nothing changed", async () => {
    const again = await assessedAs(await copy());
    expect(fresh(again)).toEqual([]);
    // To the byte: what was read back says the same words in the same order.
    const said = ({ results }: Assessment) =>
      JSON.stringify(results.map(({ measures, reason, remedy, decisive }) => [measures, reason, remedy, decisive]));
    expect(said(again)).toBe(said(first));
  });

  it("nothing, when a policy changed: it only judges anew, and shows the reason", async () => {
    const folder = await copy();
    change(folder, "seed: 7", 'policy: { claims: { algorithm-bias/equal-opportunity: { gap: 0.0001, because: "a test" } } }\nseed: 7');
    const again = await assessedAs(folder);
    expect(fresh(again)).toEqual([]);
    const result = again.results.find(({ claim }) => claim === "algorithm-bias/equal-opportunity");
    expect(result?.verdict).not.toBe("met");
    expect(result?.policy).toContainEqual(expect.objectContaining({ name: "gap", value: 0.0001, because: "a test" }));
  });

  it("nothing, when a declared target or limit changed: it is part of judging", async () => {
    const folder = await copy();
    change(folder, "target: 0.6", "target: 0.99");
    const again = await assessedAs(folder);
    expect(fresh(again)).toEqual([]);
    expect(verdictOf(again, "weak-algorithm/success-metric")).toBe("unmet");
  });

  it("only what is random, when the seed changed", async () => {
    const again = await assessedAs(await copy(), "--seed", "8");
    const random = first.results.filter(({ seed }) => seed !== null).map(({ claim }) => claim);
    expect(random.length).toBeGreaterThan(0);
    expect(fresh(again)).toEqual(random);
  });

  it("only what concerns the model, when the model changed", async () => {
    const folder = await copy();
    writeFileSync(join(folder, "tiny.onnx"), tinyModel([1.4, -1.1]));
    const again = await assessedAs(folder);
    const ofModel = first.results
      .filter(({ artefacts, measuredAt }) => artefacts.includes("model:tiny") && measuredAt !== null)
      .map(({ claim }) => claim);
    expect(fresh(again)).toEqual(ofModel);
    expect(ofModel.length).toBeLessThan(first.results.length);
  });

  it("what concerns the model, when the file changed that holds its weights", async () => {
    const floats = (...values: number[]) => new Uint8Array(Float32Array.of(...values).buffer);
    const folder = await project({ "tiny.onnx": tinyModel(undefined, { beside: "weights.bin" }), "weights.bin": floats(1.5, -1) });
    const only = ["--only", "weak-algorithm/success-metric"];
    const before = await assessedAs(folder, ...only);
    expect(before.results.find(({ claim }) => claim === only[1])?.measures).toEqual(
      first.results.find(({ claim }) => claim === only[1])?.measures,
    );
    writeFileSync(join(folder, "weights.bin"), floats(-1.5, 1));
    const after = await assessedAs(folder, ...only);
    expect([fresh(after), verdictOf(after, "weak-algorithm/success-metric")]).toEqual([[only[1]], "unmet"]);
  });

  it("everything, with --fresh", async () => {
    const again = await assessedAs(await copy(), "--fresh", "--only", "unbalanced-data");
    expect(fresh(again).length).toBeGreaterThan(0);
  });
});

describe("a partial run", () => {
  const only = ["--only", "weak-algorithm/size"];

  it("measures what was named, and leaves the rest unassessed where it was never measured", async () => {
    const part = await assessedAs(await project(), ...only);
    expect(fresh(part)).toEqual(["weak-algorithm/size"]);
    const result = part.results.find(({ claim }) => claim === "weak-algorithm/latency");
    expect(result).toMatchObject({ verdict: "unassessed", reason: expect.stringContaining("not selected") });
  });

  it("keeps earlier results, with their date", async () => {
    const part = await assessedAs(await copy(), ...only);
    for (const [at, result] of part.results.entries()) expect(result.measuredAt).toBe(first.results[at]?.measuredAt);
  });

  it("does not lend its budget to what it kept", async () => {
    const folder = await copy();
    const { out } = await sextant("assess", folder, "--only", "weak-algorithm/calibration", "--budget", "thorough");
    const others = first.results.filter(({ budget, claim }) => budget !== null && claim !== "weak-algorithm/calibration").length;
    expect(others).toBeGreaterThan(0);
    expect(out.replace(/\s+/g, " ")).toContain(`thorough budget (${others} kept from quick)`);
  });

  it("keeps none that speaks of another version of an artefact", async () => {
    const folder = await copy();
    writeFileSync(join(folder, "tiny.onnx"), tinyModel([1.4, -1.1]));
    const part = await assessedAs(folder, "--only", "unbalanced-data");
    expect(verdictOf(part, "weak-algorithm/success-metric")).toBe("unassessed");
    expect(verdictOf(part, "unbalanced-data/class-balance")).not.toBe("unassessed");
  });

  it("keeps none that speaks of something else: another label to wish for, other groups, other classes", async () => {
    const folder = await copy();
    change(folder, "favourable: granted", "favourable: refused");
    const part = await assessedAs(folder, ...only);
    const ofLabel = controls.filter(({ control }) => "favourable" in control.needs).map(({ control }) => control.claim);
    expect(ofLabel.length).toBeGreaterThan(3);
    for (const claim of ofLabel) expect([claim, verdictOf(part, claim)]).toEqual([claim, "unassessed"]);
    expect(verdictOf(part, "unbalanced-data/class-balance")).toBe(verdictOf(first, "unbalanced-data/class-balance"));
  });

  it("keeps what another seed or another budget measured, and says which", async () => {
    const part = await assessedAs(await copy(), "--seed", "8", ...only);
    const random = part.results.filter(({ seed }) => seed !== null);
    expect(random.length).toBeGreaterThan(0);
    for (const { seed, measures } of random) expect([seed, measures[0]?.seed]).toEqual([7, 7]);
  });

  it("selects by stage, threat, cell and requirement, and refuses what does not exist", async () => {
    const folder = await copy();
    const planned = async (...options: string[]) => {
      const { out } = await sextant("assess", folder, "--plan", "--format", "json", ...options);
      return new Set((JSON.parse(out) as { tasks: { claim: string }[] }).tasks.map(({ claim }) => claim.split("/")[0]));
    };
    expect(await planned("--only", "algorithm-bias")).toEqual(new Set(["algorithm-bias"]));
    expect(await planned("--only", "algorithm-bias/development", "--only", "DP-4")).toEqual(
      new Set(["algorithm-bias", "contaminated-data"]),
    );
    expect(await planned("--stage", "data-preparation")).toContain("unbalanced-data");
    const { code, err } = await sextant("assess", folder, "--only", "algoritm-bias");
    expect(code).toBe(2);
    expect(err).toContain("Did you mean algorithm-bias?");
  });
});

describe("--plan", () => {
  it("says what would run, what is known and what is missing, and runs nothing", async () => {
    const folder = await project({ "sextant.yaml": declaration.replace("    sensitive: [sex]\n", "") });
    const { code, out } = await sextant("assess", folder, "--plan");
    expect(code).toBe(0);
    expect(out).toMatch(/measure {4}weak-algorithm\/success-metric/);
    expect(out).toMatch(/can't run {2}algorithm-bias\/equal-opportunity[^\n]*\n *dataset applicants declares no sensitive columns/);
    expect(existsSync(join(folder, ".sextant/evidence")) ? readdirSync(join(folder, ".sextant/evidence")) : []).toEqual([]);
    expect((await sextant("assess", await copy(), "--plan")).out).toMatch(/^known {6}weak-algorithm\/success-metric/m);
  });
});

describe("evidence and index", () => {
  it("deleting the index, or damaging it, loses nothing", async () => {
    const folder = await copy();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, `.sextant/index.db${suffix}`), { force: true });
    expect(fresh(await assessedAs(folder))).toEqual([]);
    writeFileSync(join(folder, ".sextant/index.db"), "no database");
    expect(fresh(await assessedAs(folder))).toEqual([]);
  });

  it("is made again by doctor --rebuild, which counts what it found", async () => {
    const folder = await copy();
    const { code, out } = await sextant("doctor", folder, "--rebuild");
    expect(code).toBe(0);
    const measured = first.results.filter(({ measuredAt }) => measuredAt !== null).length;
    expect(out).toContain(`Indexed ${measured} measurements and 1 assessment from`);
    expect(fresh(await assessedAs(folder))).toEqual([]);
  });

  it("an altered measurement is never used: a Problem names the file", async () => {
    const folder = await copy();
    const evidence = first.results.find(({ claim }) => claim === "weak-algorithm/size")?.evidence?.slice("sha256:".length);
    appendFileSync(join(folder, `.sextant/evidence/${evidence}.json`), " ");
    const { code, err } = await sextant("assess", folder);
    expect(code).toBe(2);
    expect(err).toContain(`${evidence}.json  EVIDENCE_ALTERED`);
  });

  it("deleting the cache of derived artefacts loses nothing", async () => {
    const folder = await copy();
    rmSync(join(folder, ".sextant/cache"), { recursive: true });
    expect(fresh(await assessedAs(folder))).toEqual([]);
  });
});

describe("one control that fails", () => {
  it("is errored, the rest goes on, and the exit code is 3", async () => {
    const folder = await project({ "tiny.onnx": tinyModel([Number.NaN, 1]) });
    const { code, out, err } = await sextant("assess", folder, "--format", "json");
    const { results } = JSON.parse(out) as Assessment;
    expect(code).toBe(3);
    expect(results.filter(({ verdict }) => verdict === "errored").length).toBeGreaterThan(0);
    expect(results.find(({ claim }) => claim === "unbalanced-data/class-balance")?.verdict).not.toBe("errored");
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("a report", () => {
  it("comes from the last assessment, in each format, with nothing run again", async () => {
    const folder = await copy();
    writeFileSync(join(folder, "tiny.onnx"), "no model any more: a report must not look");
    change(folder, "tiny.onnx", "tiny.onnx");
    const text = await sextant("report", folder);
    expect(text).toMatchObject({ code: 0, out: expect.stringContaining("Weak algorithm") });
    const json = JSON.parse((await sextant("report", folder, "--format", "json")).out) as Assessment;
    expect(json.results.map(({ measures }) => measures)).toEqual(first.results.map(({ measures }) => measures));
    const file = join(folder, "out.html");
    expect(await sextant("report", folder, "--format", "html", "-o", file)).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>/i);
  });

  it("is the whole of what the assessment said, read back from its evidence", async () => {
    const folder = await copy();
    change(folder, "seed: 7", 'policy: { claims: { algorithm-bias/equal-opportunity: { gap: 0.2, because: "a test" } } }\nseed: 7');
    const said = await assessedAs(folder);
    expect(said.results.some(({ policy }) => policy.some(({ own }) => own !== undefined))).toBe(true);
    expect(JSON.parse((await sextant("report", folder, "--format", "json")).out)).toEqual(said);
  });

  it("is refused before the first assessment", async () => {
    const { code, err } = await sextant("report", await project());
    expect(code).toBe(2);
    expect(err).toContain("ASSESSMENT_MISSING");
  });
});

describe("a generative component", () => {
  it("is no error: what is claimed of models is unassessed for it", async () => {
    const folder = await project({ "sextant.yaml": `${declaration}components: [{ id: summariser, kind: generative }]\n` });
    const { results, exit } = await assessedAs(folder);
    const own = results.filter(({ subject }) => subject === "summariser");
    expect(own.length).toBeGreaterThan(0);
    for (const { verdict, reason } of own)
      expect([verdict, reason]).toEqual(["unassessed", expect.stringContaining("generative component")]);
    expect(exit.code).not.toBe(3);
  });
});
