/**
 * The ONNX standard's own node tests through our reader, our rewriting and onnxruntime: the share that runs and answers as the standard says. The
 * best share so far is kept in backend/best.json: it may only rise. And each that runs once more in the canonical opset, where it should answer too.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolate, problemsOf } from "../src/base/index.ts";
import type { Tolerance, Verdict } from "../src/models/backend.fixture.ts";
import type * as side from "./backend/ours.ts";
import { type Bench, type Outcome, outcome } from "./lib/outcome.ts";

const bestFile = fileURLToPath(new URL("./backend/best.json", import.meta.url));
const limits = { memoryBytes: 2 * 2 ** 30, timeoutMs: 60_000 };

interface Cases {
  readonly onnx: string;
  readonly cases: readonly ({ readonly name: string } & Tolerance)[];
}

/** The best that was seen, of which release's tests. */
interface Best {
  readonly onnx: string;
  readonly cases: number;
  readonly run: number;
}

type Failure = Exclude<Verdict, { runs: true }>;

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench needs the onnx package");
  const folder = join(scratch, "cases");
  const made = spawnSync(python, [fileURLToPath(new URL("./backend/peer.py", import.meta.url)), folder], { stdio: ["ignore", 2, 2] });
  if (made.status !== 0) throw new Error("the cases could not be made");
  const { onnx, cases } = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as Cases;
  const failures = await runAll(folder, cases, "run");
  for (const [by, all] of Map.groupBy(failures, (failure) => failure.by)) note(`${by}: ${all.length}${samples(all)}`);
  const ran = cases.length - failures.length;
  note(`${ran} of onnx ${onnx}'s ${cases.length} node tests run and answer as the standard says: ${(100 * ran) / cases.length} %`);
  const without = new Set(failures.map(({ name }) => name));
  const running = cases.filter(({ name }) => !without.has(name));
  const lost = await runAll(folder, running, "runLifted");
  for (const [by, all] of Map.groupBy(lost, (failure) => failure.by)) note(`lifted, ${by}: ${all.length}${samples(all)}`);
  note(`${ran - lost.length} of the ${ran} that run do so in the canonical opset, with the same answers`);
  const lifted = { name: "of these in the canonical opset", ours: (ran - lost.length) / ran, peer: 1, unit: "share" };
  const best = bestOf({ onnx, cases: cases.length, run: ran });
  const share = { name: "node tests that run", ours: ran / cases.length, peer: best.run / best.cases, unit: "share" };
  const settled = { bench: "backend", bar: 1, better: "higher", unit: "share / best share so far", peer: null } as const;
  return outcome(
    settled,
    [share, lifted].map((each) => ({ ...each, ratio: each.ours / each.peer })),
    true,
  );
}

/** A release's own tests are compared with none but themselves. */
function bestOf(now: Best): Best {
  const known = existsSync(bestFile) ? (JSON.parse(readFileSync(bestFile, "utf8")) as Best) : now;
  const isSame = known.onnx === now.onnx && known.cases === now.cases;
  const best = isSame && known.run > now.run ? known : now;
  if (best !== known || !existsSync(bestFile))
    writeFileSync(bestFile, `{ "onnx": "${best.onnx}", "cases": ${best.cases}, "run": ${best.run} }\n`);
  return isSame ? best : known;
}

async function runAll(
  folder: string,
  cases: Cases["cases"],
  how: "run" | "runLifted",
): Promise<readonly (Failure & { readonly name: string })[]> {
  await using child = isolate<typeof side>(new URL("./backend/ours.ts", import.meta.url), limits);
  const failures: (Failure & { name: string })[] = [];
  for (const { name, ...tolerance } of cases) {
    const verdict = await child.call(how, { folder: join(folder, name), tolerance }).catch(died);
    if (!verdict.runs) failures.push({ name, ...verdict });
  }
  return failures;
}

function died(error: unknown): Verdict {
  const [problem] = problemsOf(error);
  if (problem === undefined) throw error;
  return { runs: false, by: "run", why: `${problem.code} ${problem.message}` };
}

/** What stands most often among the reasons, numbers and names set aside. */
function samples(failures: readonly (Failure & { readonly name: string })[]): string {
  const alike = Map.groupBy(failures, ({ why }) => why.replace(/\d[\d.e-]*/g, "#").slice(0, 90));
  const most = [...alike.values()].sort((a, b) => b.length - a.length).slice(0, 12);
  return most.map((all) => `\n    ${all.length} x ${all[0]?.name}: ${all[0]?.why.replace(/\s+/g, " ").slice(0, 160)}`).join("");
}
