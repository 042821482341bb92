/**
 * Shapes of the ONNX standard's own node tests, from the inputs' shapes and constants alone: the share that is inferred, against that of the onnx
 * package's own inference. All inputs but the first are constants, as exporters write shapes, axes and weights. What is inferred must be what the
 * standard's outputs and onnxruntime have; with every input constant, so must be the values that are folded.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolate, problemsOf } from "../src/base/index.ts";
import type { Held } from "../src/onnx/shapes/testing/against.ts";
import type { Baked } from "../src/onnx/shapes/testing/backend.ts";
import { type Bench, type Outcome, outcome } from "./lib/outcome.ts";
import type * as side from "./shapes/ours.ts";

const limits = { memoryBytes: 2 * 2 ** 30, timeoutMs: 60_000 };
const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

type Found = { readonly name: string } & (Held | { readonly kind: "unread"; readonly why: string });

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench needs the onnx package");
  const folder = join(scratch, "cases");
  output(python, ["./backend/peer.py", folder]);
  const { cases } = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as {
    readonly cases: readonly { readonly name: string }[];
  };
  const names = cases.map(({ name }) => name);
  const [rest, all] = [await holdAll(folder, names, "rest"), await holdAll(folder, names, "all")];
  tell(rest, "all but the first input constant", note);
  tell(all, "every input constant", note);
  const read = rest.filter(({ kind }) => kind !== "unread");
  const known = read.filter(({ kind }) => kind !== "unknown").length / read.length;
  const theirs = new Set(JSON.parse(output(python, ["./shapes/peer.py", folder])) as readonly string[]);
  const peer = read.filter(({ name }) => theirs.has(name)).length / read.length;
  note(`${(100 * known).toFixed(1)} % of ${read.length} are inferred; by the onnx package ${(100 * peer).toFixed(1)} %`);
  const settled = { bench: "shapes", bar: 1, better: "higher", unit: "share", peer: "onnx" } as const;
  const share = { name: "node tests with all shapes inferred", ours: known, peer, ratio: known / peer, unit: "share" };
  return outcome(
    settled,
    [share],
    [...rest, ...all].every(({ kind }) => kind !== "wrong"),
  );
}

function output(python: string, [file = "", ...rest]: readonly string[]): string {
  const { status, stdout } = spawnSync(python, [script(file), ...rest], {
    stdio: ["ignore", "pipe", 2],
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${file} did not end well`);
  return stdout;
}

async function holdAll(folder: string, names: readonly string[], baked: Baked): Promise<readonly Found[]> {
  await using child = isolate<typeof side>(new URL("./shapes/ours.ts", import.meta.url), limits);
  const found: Found[] = [];
  for (const name of names) found.push({ name, ...(await child.call("held", { folder: join(folder, name), baked }).catch(unread)) });
  return found;
}

function unread(error: unknown): { readonly kind: "unread"; readonly why: string } {
  const [problem] = problemsOf(error);
  if (problem === undefined) throw error;
  return { kind: "unread", why: `${problem.code} ${problem.message}` };
}

/** How many of each kind; of those that are not right, the reasons, numbers and names set aside, each with one example. */
function tell(found: readonly Found[], what: string, note: (line: string) => void) {
  for (const [kind, group] of Map.groupBy(found, (each) => each.kind)) {
    note(`${what}, ${kind}: ${group.length}`);
    const reasons = Map.groupBy(
      group.map((each) => ({ name: each.name, why: whyOf(each) })).filter(({ why }) => why !== ""),
      ({ why }) => plain(why),
    );
    for (const alike of [...reasons.values()].sort((a, b) => b.length - a.length))
      note(`    ${alike.length} x ${alike[0]?.name}: ${alike[0]?.why.slice(0, 200)}`);
  }
}

const whyOf = (each: Found) => ("why" in each ? each.why : "wrong" in each ? each.wrong.join("; ") : "");
const plain = (why: string) =>
  why
    .replace(/“[^”]*”/g, "…")
    .replace(/\d[\d.e-]*/g, "#")
    .slice(0, 90);
