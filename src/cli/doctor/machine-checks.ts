import { limitsFrom } from "../../assess/index.ts";
import { problemsOf } from "../../base/index.ts";
import { type Check, cannot, ok, warning } from "./check.ts";
import type { Folder, NativePackage, Surroundings } from "./surroundings.ts";

const needs: Readonly<Record<string, string>> = {
  "@duckdb/node-api": "Tables (CSV, Parquet, Arrow, JSON lines) cannot be read, so no dataset can be assessed.",
  "onnxruntime-node": "ONNX models cannot be run. Endpoints and tables of predictions still can be assessed.",
  sharp: "Pictures (JPEG, PNG, WebP) cannot be decoded. Tables, IDX and NumPy arrays still can be assessed.",
};

export function packageCheck({ name, version, problem }: NativePackage): Check {
  if (problem === null) return ok(name, `${name} ${version ?? ""} loads`);
  const fix = `Install it again (\`npm ci\`), on a platform that it has a binary for: ${name} comes ready built.`;
  return cannot(name, `${name} does not load: ${problem}`, needs[name] ?? "What needs it does not work.", fix);
}

const gibibyte = 2 ** 30;
const gibibytes = (bytes: number) => `${(bytes / gibibyte).toFixed(1)} GiB`;

export function memoryCheck({ memory: { totalBytes, freeBytes }, environment }: Surroundings): Check {
  const what = `${gibibytes(freeBytes)} of memory free, of ${gibibytes(totalBytes)}`;
  const limit = limitOf(environment)?.memoryBytes;
  if (freeBytes < gibibyte)
    return warning("memory", what, "Larger models and tables may end with CHILD_DIED.", "Close other programs, or use a larger machine.");
  if (limit !== undefined && totalBytes < limit) {
    const means = `One step may use up to ${gibibytes(limit)}, more than there is: the system may end it before its limit does.`;
    return warning("memory", what, means, `Set SEXTANT_MEMORY_MIB to at most ${Math.floor(totalBytes / 2 ** 20)}.`);
  }
  return ok("memory", what);
}

const leastDisk = 100 * 2 ** 20;

export function folderCheck({ what, path, freeBytes, canWrite }: Folder, nth: number): Check {
  const isTemporary = nth > 0;
  const id = isTemporary ? "temporary-folder" : "folder";
  if (!canWrite) {
    const means = isTemporary ? "`init` and `assess --plan` cannot work." : "`init` and `assess` cannot keep anything here.";
    const fix = isTemporary ? "Set TMPDIR to a folder that you may write." : "Give yourself the right to write there.";
    return cannot(id, `${what} ${path} may not be written`, means, fix);
  }
  if (freeBytes === null) return ok(id, `${what} ${path} may be written; its free space is not told`);
  const space = `${gibibytes(freeBytes)} free in ${what} ${path}`;
  const fix = isTemporary ? "Free some space, or set TMPDIR to a larger disk." : "Free some space; `.sextant/cache` may be deleted.";
  if (freeBytes < leastDisk) return cannot(id, space, "Not even evidence can be relied on to be written.", fix);
  return freeBytes < gibibyte ? warning(id, space, "Tables larger than memory spill to disk, and may not fit.", fix) : ok(id, space);
}

export function isolationChecks({ platform, prlimit, node }: Surroundings): Check[] {
  const means = "A watchdog alone holds what reads data and runs models to its memory: it looks four times a second.";
  const limits = prlimit
    ? ok("prlimit", "the kernel limits what reads data and runs models (prlimit)")
    : platform.startsWith("linux")
      ? warning("prlimit", "prlimit is not installed", means, "Install util-linux.")
      : ok("prlimit", "no prlimit on this platform: a watchdog holds processes to their memory");
  const confined = node.permissionModel
    ? ok("permission", "Node's permission model confines a project's own controls")
    : cannot(
        "permission",
        "Node has no permission model",
        "A project's own controls cannot be confined, so they do not run.",
        "Use Node 24 or newer.",
      );
  return [limits, confined];
}

const knownVariables = ["SEXTANT_MEMORY_MIB", "SEXTANT_TIMEOUT_S", "SEXTANT_DEBUG"];

export function environmentChecks({ environment }: Surroundings): Check[] {
  const unknown = Object.keys(environment).filter((name) => !knownVariables.includes(name));
  const limit = limitOf(environment);
  const minutes = limit === null ? 0 : limit.timeoutMs / 60_000;
  const limits =
    limit === null
      ? cannot(
          "limits",
          "SEXTANT_MEMORY_MIB or SEXTANT_TIMEOUT_S is no whole number above 0",
          "`assess` and `init` do not start.",
          "Correct it, or unset it.",
        )
      : ok("limits", `a step may use ${gibibytes(limit.memoryBytes)} and ${Number(minutes.toFixed(1))} minutes (quick budget)`);
  // A credential of an endpoint may have any name: that it is set is worth a line, its value is not.
  return [
    limits,
    ...unknown.map((name) => ok("variable", `${name} is set; Sextant itself does not read it, an endpoint's credential may`)),
  ];
}

function limitOf(environment: Surroundings["environment"]) {
  try {
    return limitsFrom(environment, "quick");
  } catch (error) {
    if (problemsOf(error).length === 0) throw error;
    return null;
  }
}

export function terminalCheck({ terminal: { isTerminal, columns, colour } }: Surroundings): Check {
  const where = isTerminal ? `a terminal, ${columns} columns are used` : "no terminal: progress is not shown live";
  return ok("terminal", `${where}, ${colour ? "in colour" : "without colour"}`);
}
