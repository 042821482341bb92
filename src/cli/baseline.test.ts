import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Assessment, readAssessment } from "../assess/index.ts";
import { problemsOf } from "../base/index.ts";
import { oscalErrors, sarifErrors } from "../report/testing/validators.ts";
import { folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();
const claim = "weak-algorithm/success-metric";

/** An assessed project, and what it said. */
let folder: string;
let first: Assessment;
beforeAll(async () => {
  folder = await folderOf(tinyProject({ rows: 400 }));
  first = JSON.parse((await sextant("assess", folder, "--format", "json")).out) as Assessment;
  save("baseline.json", first);
});

const path = (name: string) => join(folder, name);
const save = (name: string, content: unknown) => writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
const turned = (assessment: Assessment, id: string, verdict: Assessment["results"][number]["verdict"]): Assessment => ({
  ...assessment,
  results: assessment.results.map((result) => (result.claim === id ? { ...result, verdict } : result)),
});
const assess = (...options: readonly string[]) => sextant("assess", folder, ...options);

describe("assess --baseline", () => {
  it("exits 0 where nothing is new, and says so in every form", async () => {
    const { code, out } = await assess("--baseline", path("baseline.json"), "--summary", path("summary.md"));
    expect(code).toBe(0);
    expect(out).toMatch(/Against the baseline of .*: newly unmet 0/);
    expect(out).toContain("nothing required is newly open: exit 0");
    expect(readFileSync(path("summary.md"), "utf8")).toContain("newly unmet 0");
    const json = JSON.parse((await assess("--baseline", path("baseline.json"), "--format", "json")).out);
    expect(json.exit).toEqual(first.exit);
    expect(json.baseline).toEqual({ finishedAt: first.finishedAt, exit: { code: 0, why: "nothing required is newly open" } });
  });

  it("exits 1 for what is newly unmet, and names it; what was unmet there is still so", async () => {
    const unmet = first.results.find(({ verdict }) => verdict === "unmet");
    const yaml = readFileSync(path("sextant.yaml"), "utf8");
    save("sextant.yaml", yaml.replace("target: 0.6", "target: 0.999"));
    const { code, out } = await assess("--baseline", path("baseline.json"));
    expect(code).toBe(1);
    expect(out).toMatch(/Newly unmet\n +✕ weak-algorithm\/success-metric/);
    if (unmet !== undefined) expect(out).toMatch(/still\s+unmet [1-9]/);
    save("later.json", (await sextant("report", folder, "--format", "json")).out);
    save("sextant.yaml", yaml);
    const again = await assess("--baseline", path("later.json"), "--summary", path("summary.md"));
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/Fixed\n +✓ weak-algorithm\/success-metric/);
    expect(readFileSync(path("summary.md"), "utf8")).toContain("### Fixed");
  });

  it("exits 4 for what was met there and cannot be told now, and 0 with --fail-on unmet", async () => {
    const open = first.results.find(({ verdict }) => verdict === "undecided" || verdict === "unassessed")?.claim ?? "";
    save("better.json", turned(first, open, "met"));
    expect((await assess("--baseline", path("better.json"))).code).toBe(4);
    expect((await assess("--baseline", path("better.json"), "--fail-on", "unmet")).code).toBe(0);
  });

  it("says in --help how the codes stand", async () => {
    const { out } = await sextant("assess", "--help");
    expect(out).toContain("With --baseline, 1 and 4 count only what is new");
  });
});

describe("a file that is no baseline", () => {
  const refused: readonly [string, () => unknown, string][] = [
    ["no JSON", () => "{", "ASSESSMENT_FILE_INVALID"],
    ["nothing", () => "", "ASSESSMENT_FILE_INVALID"],
    ["other JSON", () => ({ schema: "sextant/plan@1" }), "ASSESSMENT_FILE_INVALID"],
    ["null", () => "null", "ASSESSMENT_FILE_INVALID"],
    ["a damaged assessment", () => ({ ...first, results: [{ claim: 1 }] }), "ASSESSMENT_FILE_INVALID"],
    ["another system's", () => ({ ...first, system: { ...first.system, name: "Other" } }), "ASSESSMENT_FOREIGN"],
  ];
  it.each(refused)("is a Problem and exit 2 before anything runs: %s", async (_name, content, expected) => {
    save("odd.json", content());
    for (const args of [
      ["assess", folder, "--baseline", path("odd.json")],
      ["report", folder, "--format", "markdown", "--baseline", path("odd.json")],
    ]) {
      const { code, err, out } = await sextant(...args);
      expect(code).toBe(2);
      expect(err).toContain(expected);
      expect(err).toContain("odd.json");
      expect(out).toBe("");
    }
  });

  it("is not looked for behind a link, and its lack is said", async () => {
    symlinkSync("baseline.json", path("link.json"));
    for (const name of ["link.json", "gone.json", "."]) {
      expect(problemsOf(await readAssessment(path(name)).catch((error: unknown) => error)), name).toHaveLength(1);
    }
  });

  it("may be any bytes: read, or a Problem, and nothing else", async () => {
    const near = fc.json().map((text) => JSON.stringify({ ...first, results: JSON.parse(text) }));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
          near,
        ),
        async (bytes) => {
          writeFileSync(path("any.json"), bytes);
          await readAssessment(path("any.json")).catch((error: unknown) => expect(problemsOf(error)).toHaveLength(1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("comes back as it was written, by report and by assess", async () => {
    save("written.json", (await sextant("report", folder, "--format", "json")).out);
    expect(await readAssessment(path("written.json"))).toEqual(JSON.parse(readFileSync(path("written.json"), "utf8")));
    expect(await readAssessment(path("baseline.json"))).toEqual(first);
  });
});

describe("diff", () => {
  it("exits 0 whatever differs, and 1 with --exit-code where something got worse", async () => {
    save("worse.json", turned(first, claim, "unmet"));
    const [before, after] = [path("baseline.json"), path("worse.json")];
    const told = await sextant("diff", before, after);
    expect(told).toMatchObject({ code: 0, err: "" });
    expect(told.out).toMatch(/Worse\n +weak-algorithm\/success-metric: tiny on applicants: ✓ met → ✕ unmet/);
    expect((await sextant("diff", before, after, "--exit-code")).code).toBe(1);
    expect((await sextant("diff", after, before, "--exit-code")).code).toBe(0);
    expect((await sextant("diff", before, before, "--exit-code")).out).toContain("Nothing differs.");
    const json = JSON.parse((await sextant("diff", before, after, "--format", "json")).out);
    expect(json).toMatchObject({
      schema: "sextant/diff@1",
      worsened: true,
      verdicts: [{ claim, before: "met", after: "unmet", worse: true }],
    });
    expect((await sextant("diff", before, after, "--format", "markdown")).out).toContain("### Worse");
  });

  it("refuses what is no assessment", async () => {
    expect(await sextant("diff", path("baseline.json"), path("train.csv"))).toMatchObject({ code: 2, out: "" });
  });
});

describe("report for other tools", () => {
  const sarif = async (...options: readonly string[]) =>
    JSON.parse((await sextant("report", folder, "--format", "sarif", ...options)).out).runs[0];

  it("points at the line of sextant.yaml that each result is about", async () => {
    const lines = readFileSync(path("sextant.yaml"), "utf8").split("\n");
    const { results } = await sarif("--all");
    const lineOf = (id: string) => {
      const found = results.find(({ ruleId }: { ruleId: string }) => ruleId === id);
      return lines[found.locations[0].physicalLocation.region.startLine - 1];
    };
    expect(lineOf(claim)).toContain("target: 0.6");
    expect(lineOf("weak-algorithm/size")).toContain("sizeMiB");
    expect(lineOf("weak-algorithm/calibration")).toContain("id: tiny");
    expect(lineOf("unbalanced-data/class-balance")).toContain("id: applicants");
    expect(results).toHaveLength(first.results.length);
  });

  it("points at the very line of a CSV that a finding's row stands on", async () => {
    const files = tinyProject({ rows: 200 });
    const train = String(files["train.csv"]).split("\n");
    const own = String(files["test.csv"]).split("\n");
    const test = [own[0], ...own.slice(1, 150), ...train.slice(1, 51), ""];
    const leaky = await folderOf({ ...files, "test.csv": test.join("\n") });
    await sextant("assess", leaky, "--only", "contaminated-data/split-overlap");
    const [{ results }] = JSON.parse((await sextant("report", leaky, "--format", "sarif", "--all")).out).runs;
    const { relatedLocations } = results.find(({ ruleId }: { ruleId: string }) => ruleId === "contaminated-data/split-overlap");
    const inTest = relatedLocations.filter(
      ({ physicalLocation: { artifactLocation } }: { physicalLocation: { artifactLocation: { uri: string } } }) =>
        artifactLocation.uri === "test.csv",
    );
    expect(inTest.length).toBeGreaterThan(0);
    for (const { physicalLocation } of inTest) expect(train).toContain(test[physicalLocation.region.startLine - 1]);
  });

  it("starts SARIF's paths where it is told, and nowhere that does not hold the project", async () => {
    const { artifacts } = await sarif("--relative-to", join(folder, ".."));
    const below = folder.split("/").at(-1);
    expect(artifacts.map(({ location }: { location: { uri: string } }) => location.uri)).toContain(`${below}/train.csv`);
    for (const place of [path(".sextant"), path("gone"), path("train.csv")]) {
      expect(await sextant("report", folder, "--format", "sarif", "--relative-to", place)).toMatchObject({ code: 2, out: "" });
    }
  });

  it("is valid of a real run", async () => {
    expect(sarifErrors((await sextant("report", folder, "--format", "sarif", "--all")).out)).toEqual([]);
    expect(oscalErrors((await sextant("report", folder, "--format", "oscal")).out)).toEqual([]);
  });

  it("replaces nothing that is declared, for a summary as for a report", async () => {
    const before = readFileSync(path("train.csv"), "utf8");
    expect(await assess("--summary", path("train.csv"))).toMatchObject({ code: 2 });
    expect(readFileSync(path("train.csv"), "utf8")).toBe(before);
    expect(await assess("--summary", path("gone/summary.md"))).toMatchObject({ code: 2 });
    expect(existsSync(path("gone"))).toBe(false);
  });
});
