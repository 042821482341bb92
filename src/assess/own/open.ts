import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Digest,
  digestOf,
  digestOfJson,
  type Isolated,
  isolate,
  type Limits,
  Problem,
  Problems,
  problemsOf,
  quoted,
  readPlainFile,
} from "../../base/index.ts";
import { type Addition, catalogue, checkReferences, extended } from "../../catalogue/index.ts";
import {
  type AnyControl,
  controls,
  type Measured,
  type Missing,
  type Need,
  type Node,
  type Scope,
  type Verdict,
} from "../../controls/index.ts";
import { locate, type Read } from "../../declaration/index.ts";
import type { Cache } from "../cache.ts";
import { codeDigest } from "../code.ts";
import { measuredSchema } from "../measurement.ts";
import type { Wire } from "../worker.ts";
import { type Described, describedSchema, mustBe, verdictSchema } from "./form.ts";
import type * as sandbox from "./sandbox.ts";
import { authoring, invalid, type OwnSource } from "./shape.ts";

/** A control of a project's own: its code runs in a process of its own, under restrictions, and nowhere else. */
export interface OwnControl {
  readonly described: Described;
  readonly file: string;
  /** Over its file and over what it may import of ours. */
  readonly code: Digest;
  readonly addition: Addition | null;
  plan(scopes: readonly Scope[]): Promise<readonly Readonly<Record<string, Node | Missing>>[]>;
  /** Measures in a fresh process that may read what it needs of the cache and nothing else. */
  measure(needs: Readonly<Record<string, Wire>>, cache: Cache, cacheFolder: string, signal?: AbortSignal): Promise<Measured>;
  judge(measured: Measured, numbers: Readonly<Record<string, number>>, now: Date): Promise<Verdict>;
}

export interface OwnControls extends AsyncDisposable {
  readonly controls: readonly OwnControl[];
}

type Sandbox = Isolated<typeof sandbox>;

const sandboxModule = new URL(import.meta.url.endsWith(".ts") ? "./sandbox.ts" : "./sandbox.js", import.meta.url);
const mostBytes = 1 << 20;

/** Reads the controls that the declaration names, each only if its digest is the one that the declaration trusts, and asks each what it is. Throws Problems with all that is wrong. */
export async function openOwnControls(read: Read, limits: Limits, signal?: AbortSignal): Promise<OwnControls> {
  const opened: OwnControl[] = [];
  const children: Sandbox[] = [];
  const problems: Problem[] = [];
  try {
    for (const [at, { file, digest }] of (read.declaration.controls ?? []).entries()) {
      const source = await trusted(read, at, file, digest, problems);
      if (source === null) continue;
      const child = isolate<typeof sandbox>(sandboxModule, limits, { reads: packages() });
      children.push(child);
      opened.push(await openOne(source, child, limits, signal));
    }
    problems.push(...clashes(opened));
    if (problems.length > 0) throw new Problems(problems);
  } catch (error) {
    await disposeAll(children);
    throw error;
  }
  return { controls: opened, [Symbol.asyncDispose]: () => disposeAll(children) };
}

const disposeAll = async (children: readonly Sandbox[]) => {
  await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
};

/** What is read is what is hashed and what is run. Null after a problem. */
async function trusted(read: Read, at: number, named: string, digest: string | undefined, problems: Problem[]): Promise<OwnSource | null> {
  const place = read.place(["controls", at, digest === undefined ? "file" : "digest"]);
  const path = await locate(read.root, named, "file", read.place(["controls", at, "file"]));
  const bytes = await readPlainFile(path, mostBytes).catch(() => null);
  if (bytes === null) throw invalid(named, "it is no plain file of at most 1 MiB", "Name the module itself.");
  const found = digestOf(bytes);
  if (found === digest)
    return { file: named, text: bytes.toString("utf8"), digest: found, isTypeScript: /^\.[cm]?ts$/.test(extname(path)) };
  const what =
    digest === undefined ? `${quoted(named)} is code that nobody trusted yet` : `${quoted(named)} is not the file that was trusted`;
  problems.push(
    new Problem("CONTROL_UNTRUSTED", `${what}: its digest is ${found}`, {
      ...place,
      remedy: `Read the file; if you trust it, write \`digest: ${found}\`.`,
    }),
  );
  return null;
}

/** Our own code and the packages that it uses, also where links lead to them: what the child must read to run at all. */
function packages(): string[] {
  const own = fileURLToPath(new URL("../../", import.meta.url));
  const manifest = join(own, "../package.json");
  const require = createRequire(import.meta.url);
  const folders = require.resolve.paths("zod") ?? [];
  const names = Object.keys((require(manifest) as { dependencies: object }).dependencies);
  const linked = folders.flatMap((folder) => names.map((name) => join(folder, name)).filter((path) => existsSync(path)));
  return [...new Set([own, manifest, ...folders, ...linked.map((path) => besideIt(realpathSync(path)))])];
}

/** The node_modules folder that a package lies in, with what it needs itself; of one that lies in none, its own. */
const besideIt = (path: string) => /^.*[\\/]node_modules(?=[\\/])/.exec(path)?.[0] ?? path;

async function openOne(source: OwnSource, child: Sandbox, limits: Limits, signal?: AbortSignal): Promise<OwnControl> {
  const { file } = source;
  const described = mustBe(describedSchema, await child.call("describe", { source }, { signal }), file, "what the control says of itself");
  return {
    described,
    file,
    code: digestOfJson({ file: source.digest, code: [sandboxModule, authoring].map(({ href }) => codeDigest(href)) }),
    addition: additionOf(described, file),
    plan: (scopes) => child.call("planned", { source, scopes }, { signal }),
    async measure(needs, cache, cacheFolder, stopping) {
      const keys = Object.values(needs).flatMap((wire) => (wire.kind === "derived" ? [wire.key] : []));
      const reads = (await Promise.all(keys.map((key) => cache.filesOf(key)))).flat();
      await using alone = isolate<typeof sandbox>(sandboxModule, limits, { reads: [...packages(), ...reads] });
      const measured = await alone.call("measure", { source, needs, cacheFolder }, { signal: stopping }).catch(asItsOwn(file, stopping));
      return mustBe(measuredSchema, measured, file, "what it measured");
    },
    async judge(measured, numbers, now) {
      const asked = { source, measured, numbers, now: now.toISOString() };
      const verdict = await child.call("judge", asked, { signal }).catch(asItsOwn(file, signal));
      return mustBe<Verdict>(verdictSchema, verdict, file, "its verdict");
    },
  };
}

/** What its code throws is a mistake in its file, and none of ours. */
const asItsOwn = (file: string, signal: AbortSignal | undefined) => (error: unknown) => {
  if (signal?.aborted === true || problemsOf(error).length > 0) throw error;
  throw invalid(file, `it failed: ${error instanceof Error ? error.message : String(error)}`, "Correct the control.");
};

/** A claim of the catalogue needs no words; another brings its own, and what it serves must exist. */
function additionOf({ claim, about }: Described, file: string): Addition | null {
  const isKnown = catalogue.claims.some(({ id }) => id === claim);
  if (isKnown && about === undefined) return null;
  if (isKnown) throw invalid(file, `claim ${claim} stands in the catalogue`, "Leave `about` out, or call the claim otherwise.");
  if (about === undefined)
    throw invalid(file, `the catalogue has no claim ${claim}`, "Say what it is: `about: { title, says, wants, owner, cells }`.");
  const { cells, requirements = [], ...words } = about;
  const addition = { claim: { id: claim, ...words }, cells, requirements };
  const known = new Set([
    ...catalogue.cells.map(({ threat, stage }) => `${threat}/${stage}`),
    ...catalogue.requirements.map(({ id }) => id),
  ]);
  const stranger = [...cells, ...requirements].find((id) => !known.has(id));
  if (stranger !== undefined)
    throw invalid(file, `it serves ${quoted(stranger)}, which is no cell or requirement`, "`sextant explain THREAT` lists the cells.");
  const [fault] = checkReferences(extended(catalogue, [addition]));
  if (fault !== undefined)
    throw invalid(
      file,
      `claim ${claim} serves nothing`,
      'Name the cells or requirements that it serves: `cells: ["weak-algorithm/development"]`.',
    );
  return addition;
}

/** One claim has one control. */
function clashes(own: readonly OwnControl[]): Problem[] {
  const taken = new Set(controls.map(({ control }) => control.claim));
  return own.flatMap(({ described: { claim }, file }) => {
    const isTaken = taken.has(claim);
    taken.add(claim);
    return isTaken
      ? [invalid(file, `claim ${claim} has a control already`, "Call yours otherwise, with words of its own under `about`.")]
      : [];
  });
}

/** A control as the spine sees it. Its needs were planned before; it is measured and judged through `own`. */
export function asControl({ described }: OwnControl, planned: (name: string, scope: Scope) => Node | Missing): AnyControl {
  const elsewhere = () => {
    throw new Error("a control of a project's own runs in its own process alone");
  };
  const needs = Object.entries(described.needs).map(([name, { per }]): [string, Need<unknown>] => [
    name,
    { per, plan: (scope) => planned(name, scope), view: elsewhere },
  ]);
  const { claim, policy, metFrom } = described;
  return {
    claim,
    policy,
    needs: Object.fromEntries(needs),
    ...(metFrom === undefined ? {} : { metFrom }),
    measure: elsewhere,
    judge: elsewhere,
  };
}
