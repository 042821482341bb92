import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { junitErrors, sarifErrors } from "../report/testing/validators.ts";
import { folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => parse(readFileSync(join(repository, path), "utf8"));
const folderOf = folders();

/** A project with `sextant` on its PATH, as after the installation that a recipe begins with: that step needs the network, and is the only one left out. */
let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await folderOf({ ...tinyProject({ rows: 300 }) });
  const bin = join(await folderOf({}), "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "sextant"), `#!/bin/sh\nexec "${process.execPath}" "${join(repository, "bin/sextant.js")}" "$@"\n`);
  chmodSync(join(bin, "sextant"), 0o755);
  environment = { PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, HOME: folder, NO_COLOR: "1" };
});

/** Runs a script as the CI does, in the project; never throws. */
const shell = (flags: readonly string[], script: string, more: Readonly<Record<string, string>> = {}) =>
  new Promise<{ code: number; out: string }>((resolve) => {
    execFile("bash", [...flags, script], { cwd: folder, env: { ...environment, ...more } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });

const text = (name: string) => readFileSync(join(folder, name), "utf8");
const baseline = async () => {
  const { out } = await sextant("assess", folder, "--format", "json");
  writeFileSync(join(folder, "sextant-baseline.json"), out);
};

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}

describe("the recipe for GitHub", () => {
  const workflow = read("docs/ci/github.yml") as { env: Record<string, string>; jobs: { assess: { steps: Step[] } } };
  const { steps } = workflow.jobs.assess;
  const scripts = () => steps.flatMap(({ name = "", run }) => (run === undefined || name === "Install" ? [] : [{ name, run }]));
  const run = async (names: readonly string[]) => {
    const codes: Record<string, number> = {};
    const more = { ...workflow.env, GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: join(folder, "step-summary.md") };
    for (const { name, run: script } of scripts()) if (names.includes(name)) codes[name] = (await shell(["-e", "-c"], script, more)).code;
    return codes;
  };

  it("leaves out one shell step in this test, the installation", () => {
    expect(steps.filter(({ run: script }) => script !== undefined).map(({ name }) => name)).toEqual([
      "Install",
      ...scripts().map(({ name }) => name),
    ]);
  });

  it("fails at first, for all that is open; gives a summary, valid SARIF and valid JUnit all the same", async () => {
    const { Assess, ...others } = await run(scripts().map(({ name }) => name));
    expect([1, 4]).toContain(Assess);
    expect(others).toEqual({ Summary: 0, Reports: 0 });
    expect(text("step-summary.md")).toContain("## Sextant: Tiny credit");
    expect(sarifErrors(text("sextant.sarif"))).toEqual([]);
    expect(junitErrors(text("sextant-junit.xml"))).toEqual([]);
    const [{ artifacts }] = JSON.parse(text("sextant.sarif")).runs;
    for (const { location } of artifacts) expect(existsSync(join(folder, location.uri)), location.uri).toBe(true);
  });

  it("passes once the baseline is committed", async () => {
    await baseline();
    expect(await run(["Assess", "Summary"])).toEqual({ Assess: 0, Summary: 0 });
    expect(text("step-summary.md")).toContain("Against the baseline");
  });

  it("grants its token what it needs and no more, and puts no value of an event into a script", () => {
    expect((workflow as unknown as { permissions: object }).permissions).toEqual({ contents: "read", "security-events": "write" });
    for (const { run: script } of scripts()) expect(script).not.toContain("${{");
  });
});

describe("the recipe for GitLab", () => {
  const { sextant: job } = read("docs/ci/gitlab.yml") as {
    sextant: { variables: Record<string, string>; before_script: string[]; script: string[]; artifacts: { paths: string[] } };
  };
  const run = () => shell(["-e", "-c"], job.script.join("\n"), { ...job.variables, CI_PROJECT_DIR: folder });

  it("passes against the baseline, and leaves every file that it keeps", async () => {
    await baseline();
    expect(await run()).toMatchObject({ code: 0 });
    for (const path of job.artifacts.paths) expect(existsSync(join(folder, path)), path).toBe(true);
    expect(junitErrors(text("sextant-junit.xml"))).toEqual([]);
    expect(job.before_script).toEqual(['npm install --global --ignore-scripts "$PACKAGE"']); // the step that is left out
  });

  it("hands on the code of a wrong input, and reports nothing then", async () => {
    writeFileSync(join(folder, "sextant-baseline.json"), "{}");
    const { code, out } = await run();
    expect(code).toBe(2);
    expect(out).toContain("ASSESSMENT_FILE_INVALID");
  });
});

describe("the hooks for pre-commit", () => {
  const hooks = read(".pre-commit-hooks.yaml") as { id: string; entry: string; language: string; pass_filenames: boolean; files: string }[];
  const entry = (id: string) => hooks.find((hook) => hook.id === id)?.entry ?? "false";

  it("pass on a sound project, with arguments of the user's after theirs", async () => {
    await baseline();
    expect(await shell(["-c"], `${entry("sextant-declaration")} .`)).toMatchObject({ code: 0 });
    expect(await shell(["-c"], `${entry("sextant-assess")} . --baseline sextant-baseline.json`)).toMatchObject({ code: 0 });
    for (const hook of hooks) expect(hook).toMatchObject({ language: "system", pass_filenames: false });
  });

  it("run for the files that matter", () => {
    const matches = (id: string, path: string) => new RegExp(hooks.find((hook) => hook.id === id)?.files ?? "^$").test(path);
    expect(["sextant.yaml", "a/sextant.yaml"].every((path) => hooks.every(({ id }) => matches(id, path)))).toBe(true);
    expect(matches("sextant-assess", "data/test.parquet")).toBe(true);
    expect(matches("sextant-assess", "README.md")).toBe(false);
    expect(matches("sextant-declaration", "xsextant.yaml")).toBe(false);
  });

  it("fail where something required is unmet, and where sextant.yaml is wrong", async () => {
    const sound = text("sextant.yaml");
    writeFileSync(join(folder, "sextant.yaml"), sound.replace("target: 0.6", "target: 0.999"));
    expect(await shell(["-c"], entry("sextant-assess"))).toMatchObject({ code: 1 });
    expect(await shell(["-c"], entry("sextant-declaration"))).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "sextant.yaml"), sound.replace("file: tiny.onnx", "file: gone.onnx"));
    for (const { id } of hooks) expect((await shell(["-c"], entry(id))).code, id).toBe(2);
    writeFileSync(join(folder, "sextant.yaml"), sound);
  });
});
