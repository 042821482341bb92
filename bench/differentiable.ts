/**
 * The ONNX standard's own node tests, differentiated: of those that have real numbers at both ends, the share whose gradient is what central differences give; and the
 * list of the rest with the reasons. A wrong gradient is never passed over.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../src/autodiff/testing/node-test.ts";
import { isolate, problemsOf } from "../src/base/index.ts";
import type * as side from "./differentiable/ours.ts";
import { type Bench, type Outcome, outcome } from "./lib/outcome.ts";

const limits = { memoryBytes: 2 * 2 ** 30, timeoutMs: 60_000 };

type Found = Verdict & { readonly name: string };

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench needs the onnx package");
  const folder = join(scratch, "cases");
  const made = spawnSync(python, [fileURLToPath(new URL("./backend/peer.py", import.meta.url)), folder], { stdio: ["ignore", 2, 2] });
  if (made.status !== 0) throw new Error("the cases could not be made");
  const { cases } = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as {
    readonly cases: readonly { readonly name: string }[];
  };
  const found = await all(folder, cases.map(({ name }) => name)); // biome-ignore format: one call
  tell(found, note);
  const count = (kind: Verdict["kind"]) => found.filter((each) => each.kind === kind).length;
  const [right, wrong, named] = [count("right"), count("wrong"), count("named")];
  note(`${right} gradients are what differences give, ${wrong} are not, ${named} are named as missing`);
  const settled = { bench: "differentiable", bar: 1, better: "higher", unit: "share", peer: null } as const;
  const share = { name: "gradients that are right", ours: right / (right + wrong), peer: 1, ratio: right / (right + wrong), unit: "share" };
  return outcome(settled, [share], wrong === 0);
}

async function all(folder: string, names: readonly string[]): Promise<readonly Found[]> {
  await using child = isolate<typeof side>(new URL("./differentiable/ours.ts", import.meta.url), limits);
  const found: Found[] = [];
  for (const name of names) found.push({ name, ...(await child.call("differentiated", { folder: join(folder, name) }).catch(unseen)) });
  return found;
}

function unseen(error: unknown): Verdict {
  const [problem] = problemsOf(error);
  if (problem === undefined) throw error;
  return { kind: "unseen", why: `${problem.code} ${problem.message}` };
}

/** How many of each kind, and the tests behind each reason, numbers set aside. */
function tell(found: readonly Found[], note: (line: string) => void) {
  for (const [kind, group] of Map.groupBy(found, (each) => each.kind)) {
    note(`${kind}: ${group.length}`);
    const reasons = Map.groupBy(
      group.flatMap((each) => ("why" in each ? [{ name: each.name, why: each.why }] : [])),
      ({ name, why }) => (kind === "wrong" ? name : why.replace(/\d[\d.e-]*/g, "#").slice(0, 120)),
    );
    for (const alike of [...reasons.values()].sort((a, b) => b.length - a.length))
      note(`    ${alike.length} x ${alike[0]?.why.slice(0, 160)}: ${alike.slice(0, 4).map(({ name }) => name).join(", ")}`); // biome-ignore format: one line
  }
}
