import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";

/** The Python of a virtual environment in `folder` with the pinned `requirements`, made anew when they change. */
export function pythonWith(requirements: string, folder: string): string {
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "requirements.sha256");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  command(process.env.PYTHON ?? "python3.11", ["-m", "venv", folder]);
  command(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  writeFileSync(stamp, digest);
  return python;
}

function command(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} did not end well: ${error?.message ?? `it exits with ${status}`}`);
}

/** How busy the machine is, others' work included: near 0 is quiet, and above the number of cores both sides wait for others. */
export const load = () => `load of the last minute: ${(loadavg()[0] ?? Number.NaN).toFixed(2)}`;

/** The lines that a log opens with: what ran, and on what. */
export function circumstances(python: string | null): readonly string[] {
  const processors = cpus();
  const machine = `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}`;
  const onnxruntime = versionOf("onnxruntime-node");
  return [
    `machine: ${machine}`,
    `ours: node ${process.version}, onnxruntime-node ${onnxruntime}`,
    `peer: ${python === null ? "none" : installed(python)}`,
  ];
}

function versionOf(name: string): string {
  const manifest = JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

function installed(python: string): string {
  const freeze = spawnSync(python, ["-m", "pip", "freeze", "--disable-pip-version-check"], { encoding: "utf8" });
  const version = spawnSync(python, ["--version"], { encoding: "utf8" });
  return [version.stdout.trim(), ...freeze.stdout.trim().split("\n")].join(", ");
}
