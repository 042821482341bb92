import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Ran {
  readonly code: number | null;
  readonly seconds: number;
  /**
   * Peak of the resident memory of all its processes together, from above: for those alive at once, the kernel's own peak of each (VmHWM) is added, though they may
   * not have peaked together, and pages that they share count in each.
   */
  readonly peakMebibytes: number;
  readonly stdout: string;
}

const everyMs = 10;

/** Runs a program to its end, and samples /proc for the resident memory of it and of all that descend from it. Linux only. */
export async function measured(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  const before = performance.now();
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakBytes(child));
  }, everyMs);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearInterval(timer);
  return { code, seconds: (performance.now() - before) / 1000, peakMebibytes: peak / 2 ** 20, stdout };
}

function peakBytes({ pid }: ChildProcess): number {
  if (pid === undefined) return 0;
  let sum = 0;
  for (const one of treeOf(pid)) sum += 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${one}/status`))?.[1] ?? 0);
  return sum;
}

/** A process and its descendants. A child belongs to the thread that started it, so each thread is asked. */
function treeOf(pid: number): readonly number[] {
  const children = threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).trim().split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(treeOf)];
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it has ended meanwhile
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
