/** Time and memory of `sextant assess` on the shipped example: fresh, again with nothing changed, and after a change of policy. The worst of several rounds counts. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { measured, type Ran } from "./lib/process-tree.ts";

const sextant = fileURLToPath(new URL("../bin/sextant.js", import.meta.url));
const example = fileURLToPath(new URL("../examples/credit", import.meta.url));
const rounds = 5;
const limits = { fresh: 30, unchanged: 2, "policy changed": 2, memory: 1024 } as const;
/** Exits of an assessment that did its work, whatever it found. */
const fine: readonly (number | null)[] = [0, 1, 4];

type Run = "fresh" | "unchanged" | "policy changed";
const runs: readonly Run[] = ["fresh", "unchanged", "policy changed"];

export async function bench({ note }: Bench): Promise<Outcome> {
  const worst = { fresh: 0, unchanged: 0, "policy changed": 0, memory: 0 };
  let isSound = true;
  for (let round = 1; round <= rounds; round++) {
    for await (const [run, ran] of oneRound(round)) {
      const complaint = wrong(run, ran);
      isSound &&= complaint === null;
      worst[run] = Math.max(worst[run], ran.seconds);
      worst.memory = Math.max(worst.memory, ran.peakMebibytes);
      note(
        `round ${round}, ${run}: ${ran.seconds.toFixed(2)} s, ${Math.round(ran.peakMebibytes)} MiB, exit ${ran.code}${complaint === null ? "" : `: ${complaint}`}`,
      );
    }
  }
  const cases = (Object.keys(limits) as (keyof typeof limits)[]).map((name): Case => {
    const unit = name === "memory" ? "MiB, resident, all processes" : "s";
    return { name, ours: worst[name], peer: limits[name], ratio: limits[name] / worst[name], unit };
  });
  return outcome({ bench: "start", bar: 1, better: "lower", unit: "limit / worst round", peer: null }, cases, isSound);
}

/** The three runs in a copy of the example that has never been assessed. */
async function* oneRound(round: number): AsyncGenerator<readonly [Run, Ran]> {
  const parent = mkdtempSync(join(tmpdir(), "sextant-bench-"));
  const folder = join(parent, "credit");
  try {
    cpSync(example, folder, { recursive: true, filter: (path) => basename(path) !== ".sextant" });
    for (const run of runs) {
      if (run === "policy changed") changePolicy(join(folder, "sextant.yaml"), round);
      yield [run, await measured(process.execPath, [sextant, "assess", folder, "--format", "json"], parent)];
    }
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

function changePolicy(path: string, round: number): void {
  const document = parseDocument(readFileSync(path, "utf8"));
  document.setIn(["policy", "claims", "algorithm-bias/equal-opportunity"], {
    gap: 0.06 + round / 1000,
    because: "To see what a change costs.",
  });
  writeFileSync(path, document.toString());
}

/** What a run did not do that its name promises. */
function wrong(run: Run, { code, stdout, peakMebibytes }: Ran): string | null {
  if (peakMebibytes === 0) return "its memory could not be seen: there is no /proc here";
  if (!fine.includes(code)) return "not an assessment";
  const { results } = JSON.parse(stdout) as { results: readonly { cached: boolean; measures: readonly unknown[] }[] };
  const measuredResults = results.filter(({ measures }) => measures.length > 0);
  if (measuredResults.length === 0) return "nothing was measured";
  const again = measuredResults.filter(({ cached }) => !cached).length;
  if (run === "fresh") return again === measuredResults.length ? null : "something was known before the first run";
  return again === 0 ? null : `${again} results were measured again`;
}
