import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { folders, tinyProject } from "./testing/project.ts";

const folderOf = folders();
const program = fileURLToPath(new URL("../../bin/sextant.js", import.meta.url));

const processes = () =>
  execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state = ""]) => ({ pid: Number(pid), parent: Number(parent), runs: !state.startsWith("Z") }));

const soon = () => new Promise((resolve) => setTimeout(resolve, 10));

describe.skipIf(process.platform !== "linux")("native code that reads hostile bytes", () => {
  it("is never loaded where a command runs, init and report included: onnxruntime and DuckDB stay in the child", async () => {
    const { "sextant.yaml": _, ...files } = tinyProject({ rows: 300 });
    const folder = await folderOf(files);
    const script = `
      const { main } = await import(${JSON.stringify(new URL("./main.ts", import.meta.url).href)});
      const quiet = { stdout: { write: () => true }, stderr: { write: () => true }, environment: {} };
      const codes = [];
      for (const command of ["init", "threats", "assess", "report"]) codes.push(await main([command, ${JSON.stringify(folder)}], quiet));
      const maps = (await import("node:fs")).readFileSync("/proc/self/maps", "utf8");
      process.stdout.write(JSON.stringify({ codes, native: maps.match(/[^ ]*(onnxruntime|duckdb|\\.node)[^\\n]*/gi) ?? [] }));
    `;
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    const { codes, native } = JSON.parse(out) as { codes: number[]; native: string[] };
    expect(codes).toEqual([0, 0, expect.toBeOneOf([1, 4]), 0]);
    expect(native).toEqual([]);
  });

  it("sees none of the credentials of the environment that the command was started with", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    const environment = { ...process.env, AWS_SECRET_ACCESS_KEY: "hush", DATABASE_URL: "postgres://u:p@h/d", GITHUB_TOKEN: "hush" };
    const parent = spawn(process.execPath, [program, "assess", folder], { stdio: "ignore", env: environment });
    let seen = "";
    while (seen === "" && parent.exitCode === null) {
      const child = processes().find((each) => each.parent === parent.pid);
      if (child !== undefined) seen = readEnvironment(child.pid);
      await soon();
    }
    parent.kill("SIGKILL");
    expect(seen).toContain("PATH=");
    expect(seen).not.toMatch(/hush|postgres/);
  });

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("ends with the command, whatever it was doing: %s", async (signal) => {
    const folder = await folderOf(tinyProject());
    const parent = spawn(process.execPath, [program, "assess", folder], { stdio: "ignore" });
    const evidence = join(folder, ".sextant/evidence");
    while ((existsSync(evidence) ? readdirSync(evidence) : []).length === 0 && parent.exitCode === null) await soon();
    const children = processes().filter((each) => each.parent === parent.pid);
    expect(children.length).toBeGreaterThan(0);
    parent.kill(signal);
    const left = () => processes().filter(({ pid, runs }) => runs && children.some((child) => child.pid === pid));
    while (left().length > 0) await soon();
  });
});

/** What a process was started with; empty before its program runs. */
function readEnvironment(pid: number): string {
  try {
    const own = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return own.includes("isolate-host") ? readFileSync(`/proc/${pid}/environ`, "utf8") : "";
  } catch {
    return "";
  }
}
