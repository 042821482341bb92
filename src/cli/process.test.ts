import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, globSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Assessment } from "../assess/index.ts";
import { folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const program = fileURLToPath(new URL("../../bin/sextant.js", import.meta.url));
const folderOf = folders();
const project = () => folderOf(tinyProject());

const start = (folder: string) =>
  spawn(process.execPath, [program, "assess", folder, "--format", "json"], { stdio: ["ignore", "ignore", "pipe"] });

const evidenceOf = (folder: string) => {
  const path = join(folder, ".sextant/evidence");
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".json")) : [];
};

/** Waits until at least `count` measurements lie on disk. */
async function measured(folder: string, count: number, child: ChildProcess): Promise<void> {
  while (evidenceOf(folder).length < count && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 3));
}

const ended = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: string | null; err: string }>((resolve) => {
    let err = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.on("close", (code, signal) => resolve({ code, signal, err }));
  });

const known = ({ results }: Assessment) => results.filter(({ cached }) => cached).length;

describe("a run that is killed", () => {
  it("goes on from where each kill left it: nothing measured is lost or measured again, nothing is half-written", async () => {
    const folder = await project();
    const counts = [1, 3, 6, 9];
    let kept: readonly string[] = [];
    for (const count of counts) {
      const child = start(folder);
      const end = ended(child);
      await measured(folder, count, child);
      child.kill("SIGKILL");
      await end;
      const left = evidenceOf(folder);
      expect(left.length).toBeGreaterThanOrEqual(count);
      expect(left).toEqual(expect.arrayContaining([...kept]));
      kept = left;
    }
    const { code, out } = await sextant("assess", folder, "--format", "json");
    expect([1, 4]).toContain(code);
    expect(known(JSON.parse(out) as Assessment)).toBeGreaterThanOrEqual(Math.max(...counts));
    expect(readdirSync(join(folder, ".sextant/spill"))).toEqual([]);
    expect(globSync("**/*.tmp", { cwd: join(folder, ".sextant/evidence") })).toEqual([]);
  });
});

describe("Ctrl-C", () => {
  it("reaches the run through the Node that started it", async () => {
    const folder = await project();
    const runner = fileURLToPath(new URL("../../scripts/with-node.js", import.meta.url));
    const child = spawn(process.execPath, [runner, program, "assess", folder], { stdio: ["ignore", "ignore", "pipe"] });
    const end = ended(child);
    await measured(folder, 2, child);
    child.kill("SIGINT");
    const { code, err } = await end;
    expect(code).toBe(130);
    expect(err).toContain("Stopped.");
  });

  it("ends everything at once, keeps what is measured, and says so", async () => {
    const folder = await project();
    const child = start(folder);
    const end = ended(child);
    await measured(folder, 2, child);
    child.kill("SIGINT");
    const { code, err } = await end;
    expect(code).toBe(130);
    expect(err).toContain("What was measured is kept");
    expect(err).not.toMatch(/\n\s+at /);
    const { out } = await sextant("assess", folder, "--format", "json");
    expect(known(JSON.parse(out) as Assessment)).toBeGreaterThanOrEqual(1);
  });
});

/** What is a time differs from run to run. */
const timed = new Set(["weak-algorithm/latency", "weak-algorithm/cost"]);

describe("an artefact that changes while it is assessed", () => {
  it("ends the run with a Problem, and nothing that was seen of it is taken for what it was before", async () => {
    const folder = await project();
    const path = join(folder, "test.csv");
    const before = readFileSync(path);
    const child = start(folder);
    const end = ended(child);
    await measured(folder, 1, child);
    writeFileSync(path, String(before).replaceAll("granted", "refused"));
    expect(await end).toMatchObject({ code: 2, err: expect.stringMatching(/test\.csv {2}ARTEFACT_CHANGED/) });
    writeFileSync(path, before);
    const numbers = async (at: string) => {
      const { results } = JSON.parse((await sextant("assess", at, "--format", "json")).out) as Assessment;
      return results.filter(({ claim }) => !timed.has(claim)).map(({ claim, measures }) => [claim, measures]);
    };
    expect(await numbers(folder)).toEqual(await numbers(await project()));
  });
});

describe("two runs at once", () => {
  it("do not get in each other's way", async () => {
    const folder = await project();
    const ends = await Promise.all([start(folder), start(folder)].map(ended));
    for (const { code, err } of ends) expect([err, [1, 4].includes(code ?? -1)]).toEqual(["", true]);
  });
});

describe("an older Node", () => {
  const old = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "node"))
    .find(
      (path) => existsSync(path) && Number(execFileSync(path, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" })) < 24,
    );

  it.skipIf(old === undefined)("gets one clear problem and exit code 2, no syntax error", async () => {
    const alone = join(await folderOf({ "package.json": '{"type":"module"}', "bin/sextant.js": readFileSync(program) }), "bin/sextant.js");
    const { code, err } = await ended(spawn(old ?? "node", [alone, "assess", "."], { stdio: ["ignore", "ignore", "pipe"] }));
    expect(code).toBe(2);
    expect(err).toMatch(/^NODE_TOO_OLD\n {2}Sextant needs Node 24 or newer; this is v\d+/);
    expect(err.trim().split("\n")).toHaveLength(3);
  });

  it.skipIf(old === undefined)("runs in a clone with the Node that came along", async () => {
    const { code, err } = await ended(spawn(old ?? "node", [program, "controls"], { stdio: ["ignore", "ignore", "pipe"] }));
    expect([err, code]).toEqual(["", 0]);
  });
});

describe("the program as a whole", () => {
  it("shows its version and help, and says what it doesn't know", async () => {
    expect(execFileSync(process.execPath, [program, "--version"], { encoding: "utf8" })).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await sextant("--help")).out).toMatch(/assess[^\n]*measure/);
    expect(await sextant("asess")).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean `sextant assess`?") });
    expect(await sextant("assess", "--no-such-option")).toMatchObject({ code: 2, err: expect.stringContaining("COMMAND_UNKNOWN") });
    expect(await sextant("assess", "--budget", "huge")).toMatchObject({ code: 2 });
    expect(await sextant("assess", "--seed", "")).toMatchObject({ code: 2, err: expect.stringContaining("--seed") });
    expect(await sextant("assess", "--seed", "-1")).toMatchObject({ code: 2, err: expect.stringContaining("--seed") });
  });

  it("is not disturbed by a reader that has seen enough", async () => {
    const child = spawn(process.execPath, [program, "controls", "--all"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    const { code, err } = await ended(child);
    expect([code, err]).toEqual([0, ""]);
  });

  it("prints one JSON document on stdout and nothing else, problems too", async () => {
    const { code, out } = await sextant("assess", join(await project(), "nowhere"), "--format", "json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      schema: "sextant/problems@1",
      problems: [{ code: expect.any(String), remedy: expect.any(String) }],
    });
  });

  it("says so when the operating system refuses a file, and leaves devices and pipes what they are", async () => {
    const folder = await project();
    await sextant("assess", folder, "--only", "weak-algorithm/size");
    const refused = await sextant("report", folder, "-o", folder);
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/FILES_REFUSED\n.*folder.*EISDIR/) });
    if (process.platform === "win32") return;
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "ignore"] });
    const read = reader.stdout.setEncoding("utf8").toArray();
    expect((await sextant("report", folder, "-o", pipe)).code).toBe(0);
    expect((await read).join("")).toContain("Tiny credit");
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("explains claims, threats, cells, requirements, stages and problem codes", async () => {
    for (const id of ["weak-algorithm/size", "evasion", "evasion/deployment", "DP-4", "operation", "CHILD_DIED"]) {
      const { code, out } = await sextant("explain", id);
      expect([id, code, out.length > 40]).toEqual([id, 0, true]);
    }
    expect(await sextant("explain", "weak-algorithm/sise")).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean weak-algorithm/size?"),
    });
  });

  it("lists the controls", async () => {
    const { code, out } = await sextant("controls");
    expect(code).toBe(0);
    expect(out).toContain("● weak-algorithm/size");
    expect((await sextant("controls", "--all")).out).toContain("○ ");
  });
});
