import { canonicalJson, type Json, type ProblemData, problemData, problemsOf } from "../base/index.ts";
import type { Node } from "../controls/index.ts";
import type { MeasurementRow, Store } from "../store/index.ts";
import { environment, tool } from "./environment.ts";
import { type Attached, asJson, type Ending, type Measurement, measuredSchema } from "./measurement.ts";
import { derivedKey, type Plan, type Step, stepsOf, type Task } from "./plan.ts";
import type { Project, Worker } from "./project.ts";
import { loadMeasurement } from "./stored.ts";
import type { Wire, Workplace } from "./worker.ts";

export interface Running {
  readonly project: Project;
  readonly store: Store;
  readonly child: Worker;
  readonly place: Workplace;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  /** Measure again even what is known. */
  readonly fresh: boolean;
  readonly progress: (event: Progress) => void;
  /** Called once for each selected task, as soon as it is known how it ended. */
  readonly ended: (event: Ended) => void;
  /** Throws ARTEFACT_CHANGED once an artefact is no longer the one that the plan speaks of. */
  readonly unchanged: () => Promise<void>;
}

/** How one control ended on one subject. What was measured is judged when all have. */
export interface Ended {
  readonly claim: string;
  readonly subject: string;
  readonly how: "measured" | "known" | "missing" | "errored";
}

/** What a run is doing. `done` of `total` controls are finished; of 0 while it still looks at what is declared. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
  /** Within one long step, in [0, 1]. */
  readonly part?: number;
}

/** Measures the selected tasks, taking what is already known; each measurement is on disk before the next begins. */
export async function run(plan: Plan, tasks: readonly Task[], running: Running): Promise<Map<Task, Ending>> {
  const endings = new Map<Task, Ending>();
  const end = (task: Task, ending: Ending) => {
    endings.set(task, ending);
    running.ended({ claim: task.control.claim, subject: task.subject, how: howOf(ending) });
  };
  for (const task of tasks) {
    const known = await knownEnding(task, running);
    if (known !== null) end(task, known);
  }
  const open = tasks.filter((task) => !endings.has(task));
  const tried: Tried = new Map();
  for (const [done, task] of open.entries()) {
    const at = { done, total: open.length };
    const same = open.slice(0, done).find(({ key }) => key === task.key);
    const before = same && endings.get(same);
    if (before !== undefined) {
      end(task, before);
      continue;
    }
    const failure = await makeAll(stepsOf([task], plan.seed), at, tried, plan, running);
    end(task, failure ?? (await measureOne(task, at, plan, running)));
  }
  return endings;
}

const howOf = (ending: Ending): Ended["how"] => (ending.kind === "measured" && !ending.fresh ? "known" : ending.kind);

/** What needs no running: something is missing, or the same was measured before. */
async function knownEnding(task: Task, { project, store, fresh }: Running): Promise<Ending | null> {
  const missing = missingEnding(task);
  if (missing !== null) return missing;
  if (task.key === null || fresh) return null;
  const row = await store.measurement(task.key);
  return row === null ? null : measuredEnding(project, row);
}

/** What keeps a task from being measured, all of it; null where nothing does. */
export function missingEnding({ missing: [first, ...others] }: Task): (Ending & { kind: "missing" }) | null {
  if (first === undefined) return null;
  return { kind: "missing", reason: [first, ...others].map(({ missing }) => missing).join("; "), remedy: first.remedy };
}

/**
 * Reads a measurement back from its evidence. Null when that is gone, of another shape, or not the one that the index takes it for: then it is measured
 * again.
 */
export async function measuredEnding(project: Project, row: MeasurementRow): Promise<(Ending & { kind: "measured" }) | null> {
  const measurement = await loadMeasurement(project, row.evidence);
  if (measurement?.key !== row.key || measurement.about !== row.about) return null;
  return { kind: "measured", measurement, evidence: row.evidence, fresh: false };
}

/** What this run made (null), or failed to make, by key. */
type Tried = Map<string, Ending | null>;

/** Makes the derived artefacts that are not there yet, or all of them anew. None is tried twice in one run. */
async function makeAll(
  steps: readonly Step[],
  at: { done: number; total: number },
  tried: Tried,
  plan: Plan,
  running: Running,
): Promise<Ending | null> {
  const { project, child, place, signal, progress, fresh } = running;
  for (const { key, recipe, node } of steps) {
    const before = tried.get(key);
    if (before) return before;
    if (before === null || (!fresh && (await project.cache.has(key)))) continue;
    progress({ ...at, what: recipe });
    const made = await attempt(running, () =>
      child.call(
        "make",
        { recipe, key, inputs: wired(node.inputs, plan.seed), place },
        { signal, progress: (done, total, what) => progress({ ...at, what, part: total > 0 ? done / total : 0 }) },
      ),
    ).catch(async (error: unknown) => {
      await project.cache.forget(key); // of what it was made is not known
      throw error;
    });
    const failure = made.kind === "errored" ? made : null;
    tried.set(key, failure);
    if (failure !== null) return failure;
  }
  return null;
}

async function measureOne(task: Task, at: { done: number; total: number }, plan: Plan, running: Running): Promise<Ending> {
  const { project, store, child, place, now, signal, progress } = running;
  progress({ ...at, what: task.control.claim });
  const needs = wired(task.needs, plan.seed);
  const measure = () =>
    task.own === null
      ? child.call("measure", { control: task.control.claim, needs, place }, { signal })
      : task.own.measure(needs, project.cache, place.cacheFolder, signal);
  const seen = await attempt(running, async () => measuredSchema.parse(await measure()));
  if (seen.kind === "errored") return seen;
  const { pictures = [], ...measured } = seen.value;
  const attached: Attached[] = [];
  for (const { says, png } of pictures) attached.push({ says, digest: await project.evidence.attach(Buffer.from(png, "base64")) });
  const measurement = {
    ...statementOf(task, plan, measured, now(), seen.milliseconds),
    ...(attached.length === 0 ? {} : { pictures: attached }),
  };
  const evidence = await project.evidence.put(asJson(measurement));
  const { key, about, control, measuredAt } = measurement;
  await store.addMeasurement({ key, about, control, measuredAt, evidence });
  return { kind: "measured", measurement, evidence, fresh: true };
}

/** One call of the child. What it saw counts only if the artefacts are still those that were planned, whether it came to an end or not. */
async function attempt<T>(
  { signal, unchanged }: Running,
  call: () => Promise<T>,
): Promise<{ readonly kind: "done"; readonly value: T; readonly milliseconds: number } | (Ending & { kind: "errored" })> {
  const started = performance.now();
  const milliseconds = () => Math.round(performance.now() - started);
  const ended = await call().then(
    (value) => ({ kind: "done" as const, value, milliseconds: milliseconds() }),
    (error: unknown) => erroredBy(error, milliseconds()),
  );
  signal?.throwIfAborted();
  await unchanged();
  return ended;
}

function statementOf(task: Task, plan: Plan, measured: Measurement["measured"], now: Date, milliseconds: number): Measurement {
  if (task.key === null) throw new Error("a task with something missing is never measured");
  return {
    schema: "sextant/measurement@1",
    key: task.key,
    about: task.about,
    control: task.control.claim,
    subject: task.subject,
    artefacts: [...task.artefacts],
    seed: task.usesSeed ? plan.seed : null,
    budget: task.usesBudget ? plan.budget : null,
    tool,
    environment: environment(),
    measuredAt: now.toISOString(),
    milliseconds,
    // As it is read back: the order of keys, too, is the same in the first run and in every later one.
    measured: measuredSchema.parse(JSON.parse(canonicalJson(measured as unknown as Json))),
  };
}

function erroredBy(error: unknown, milliseconds: number): Ending & { kind: "errored" } {
  const problems: readonly ProblemData[] = problemsOf(error).map(problemData);
  const fault = problems.length > 0 ? null : error instanceof Error ? error.message : String(error);
  return { kind: "errored", problems, fault, milliseconds };
}

const wired = (inputs: { readonly [name: string]: Node }, seed: number): Record<string, Wire> =>
  Object.fromEntries(Object.entries(inputs).map(([name, node]) => [name, wire(node, seed)]));

function wire(node: Node, seed: number): Wire {
  switch (node.kind) {
    case "value":
    case "budget":
      return { kind: "value", value: node.value };
    case "artefact":
      return { kind: "value", value: node.open };
    case "random":
      return { kind: "random", seed, label: node.label };
    case "derived":
      return { kind: "derived", key: derivedKey(node, seed) };
  }
}
