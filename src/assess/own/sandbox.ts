/** What runs in the restricted child: the code of one control of a project's own. It reads what it is given, and nothing else. */
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { Problem, seededRandom } from "../../base/index.ts";
import type { AnyControl, Measured, Missing, Need, Node, PolicyEntry, Scope, Verdict } from "../../controls/index.ts";
import { openCache } from "../cache.ts";
import type { Wire } from "../worker.ts";
import { authoring, invalid, type OwnSource } from "./shape.ts";

const door = authoring.href;
const address = "sextant-own:control";

interface Asked {
  readonly source: OwnSource;
}

/** What the control says of itself. */
export async function describe({ source }: Asked): Promise<unknown> {
  const { claim, about, needs, policy, metFrom } = await controlOf(source);
  const perNeed = Object.entries(needs as Record<string, Need<unknown>>).map(([name, { per }]) => [name, { per }]);
  const entries = Object.entries(policy as Record<string, PolicyEntry>);
  const declared = entries.find(([, { kind }]) => kind !== "number");
  if (declared !== undefined)
    throw invalid(
      source.file,
      `policy value ${declared[0]} is read from the declaration`,
      "Give it as a number with its source; `policy.claims` in sextant.yaml can change it.",
    );
  return { claim, about, needs: Object.fromEntries(perNeed), policy: Object.fromEntries(entries), metFrom };
}

/** What each need is, in each scope. */
export async function planned({ source, scopes }: Asked & { scopes: readonly Scope[] }): Promise<Record<string, Node | Missing>[]> {
  const { needs } = await controlOf(source);
  const entries = Object.entries(needs as Record<string, Need<unknown>>);
  return scopes.map((scope) => Object.fromEntries(entries.map(([name, need]) => [name, need.plan(scope)])));
}

export async function measure({
  source,
  needs,
  cacheFolder,
}: Asked & { needs: Readonly<Record<string, Wire>>; cacheFolder: string }): Promise<Measured> {
  const control = await controlOf(source);
  const seen: Record<string, unknown> = {};
  for (const [name, need] of Object.entries(control.needs as Record<string, Need<unknown>>)) {
    const wire = needs[name];
    if (wire === undefined) throw new Error(`nothing was made for ${name}`);
    seen[name] = need.view(await seenOf(wire, cacheFolder));
  }
  return await control.measure(seen);
}

export async function judge({
  source,
  measured,
  numbers,
  now,
}: Asked & { measured: Measured; numbers: Readonly<Record<string, number>>; now: string }): Promise<Verdict> {
  return (await controlOf(source)).judge(measured, numbers, new Given(now));
}

async function seenOf(wire: Wire, cacheFolder: string): Promise<unknown> {
  if (wire.kind === "value") return wire.value;
  if (wire.kind === "random") return seededRandom(wire.seed, wire.label);
  const made = await openCache(cacheFolder).get(wire.key);
  if (made === null) throw new Error(`derived artefact ${wire.key} is not in the cache`);
  return made;
}

let loaded: Promise<AnyControl> | undefined;
const Given = Date;

/** This process runs one file's code: it is loaded once. */
function controlOf(source: OwnSource): Promise<AnyControl> {
  loaded ??= load(source);
  return loaded;
}

async function load(source: OwnSource): Promise<AnyControl> {
  await import(door); // ours first: it may look at the machine, theirs may not
  const text = source.isTypeScript ? stripped(source) : source.text;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === address) return { url: address, shortCircuit: true };
      if (context.parentURL !== address) return next(specifier, context);
      if (specifier === "sextant-ai") return { url: door, shortCircuit: true };
      throw invalid(
        source.file,
        `it imports ${JSON.stringify(specifier)}`,
        "A control imports `sextant-ai` alone: what it computes with beside that stands in its own file.",
      );
    },
    load: (url, context, next) => (url === address ? { format: "module", source: text, shortCircuit: true } : next(url, context)),
  });
  withoutSurroundings(source.file);
  const module = (await import(address).catch((error: unknown) => {
    throw error instanceof Problem
      ? error
      : invalid(
          source.file,
          `it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
          "Correct the file: it must load by itself.",
        );
  })) as Record<string, unknown>;
  const controls = [...new Set(Object.values(module).filter(isControl))];
  if (controls.length !== 1)
    throw invalid(
      source.file,
      `it exports ${controls.length} controls where one is expected`,
      "Export one control made by `defineControl`.",
    );
  return controls[0] as AnyControl;
}

function stripped({ file, text }: OwnSource): string {
  try {
    return stripTypeScriptTypes(text);
  } catch (error) {
    throw invalid(
      file,
      `its types cannot be taken out: ${error instanceof Error ? error.message : String(error)}`,
      "Use syntax that can be erased: no enums, namespaces or parameter properties.",
    );
  }
}

function isControl(value: unknown): value is AnyControl {
  if (typeof value !== "object" || value === null) return false;
  const { claim, needs, policy, measure: measures, judge: judges } = value as Record<string, unknown>;
  return (
    typeof claim === "string" &&
    [needs, policy].every((part) => typeof part === "object" && part !== null) &&
    [measures, judges].every((part) => typeof part === "function")
  );
}

/** A control uses what it is given: no network, clock or randomness of its own. Against a mistake, not against malice: that is what trusting the file is for. */
function withoutSurroundings(file: string): void {
  for (const name of ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "setTimeout", "setInterval"])
    Reflect.deleteProperty(globalThis, name);
  for (const name of ["getBuiltinModule", "binding", "_linkedBinding", "send", "kill", "_kill"]) Reflect.deleteProperty(process, name);
  const refuse = (what: string, remedy: string) => (): never => {
    throw invalid(file, `it uses ${what}`, remedy);
  };
  Math.random = refuse("Math.random", "Declare `randomness(...)` under its needs: then a seed repeats it.");
  for (const name of ["exit", "abort", "reallyExit"] as const)
    Reflect.set(process, name, refuse(`process.${name}`, "A control gives measures and a verdict, and ends when it has."));
  const clock: () => never = refuse("the clock", "`judge` is given `now`; what is measured does not depend on the time.") as never;
  Date.now = clock;
  performance.now = clock;
  globalThis.Date = new Proxy(Date, {
    construct: (made, parts: readonly number[]) => (parts.length === 0 ? clock() : Reflect.construct(made, parts)),
    apply: clock,
  });
}
