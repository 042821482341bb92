import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Limits } from "../base/index.ts";
import { catalogue } from "../catalogue/index.ts";
import type { Budget } from "../controls/index.ts";
import { readingInFull } from "../data/index.ts";
import { aboutEndpoint, type Inspect, type Read, resolveSystem, type System } from "../declaration/index.ts";
import { openStore, removeStore, type Store } from "../store/index.ts";
import type { Artefact, Assessment, Result } from "./assessment.ts";
import { askedByNow, type Environment, endpointsIn, variablesFor } from "./endpoints.ts";
import { tool } from "./environment.ts";
import { judge, judgeable } from "./judge.ts";
import type { Ending } from "./measurement.ts";
import { openOwnControls } from "./own/index.ts";
import { withPlaces } from "./placed.ts";
import { artefactPlaces, declaredPlace } from "./places.ts";
import { type Plan, plan, stepsOf, type Task } from "./plan.ts";
import { checkPolicy } from "./policy.ts";
import { canKeepState, hasState, inspectIn, keepOutOfGit, openProject, openWorker, type Project, prepareWorkplace } from "./project.ts";
import { accountsOf, costsOf, withinBudgets } from "./queries.ts";
import { type Indexed, indexEvidence } from "./rebuild.ts";
import { plannedRegistry, type Registry, registryWith } from "./registry.ts";
import { type Ended, measuredEnding, missingEnding, type Progress, run } from "./run.ts";
import { checkedSelection, everything, isSelected, type Selection } from "./select.ts";
import { loadAssessment, storeAssessment } from "./stored.ts";
import { exitOf, nextSteps, summarise } from "./summary.ts";
import type { Workplace } from "./worker.ts";

export interface AssessOptions {
  readonly seed?: number | undefined;
  readonly budget?: Budget;
  readonly selection?: Selection;
  readonly fresh?: boolean;
  readonly limits: Limits;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: (event: Progress) => void;
  readonly ended?: (event: Ended) => void;
  /** Told what was found of the artefacts, before anything is planned. */
  readonly looked?: (artefacts: readonly Artefact[]) => void;
  /** Where credentials and addresses of endpoints stand. Left out: the process's own. */
  readonly environment?: Environment;
}

/** Derived artefacts beyond this are forgotten, oldest first. */
const mostCacheBytes = 4 * 2 ** 30;

/**
 * Measures the declared system and judges it. What was measured before on the same artefacts is taken as it is; each new measurement is on disk before the
 * next begins, so that a run which ends at any moment loses at most the step it was in.
 */
export async function assess(read: Read, options: AssessOptions): Promise<Assessment> {
  return withProject(read, options, async (context) => {
    const { project, store, planned, selected, child, place, unchanged } = context;
    const startedAt = options.now();
    const { now, signal, fresh = false, progress = () => undefined, ended = () => undefined } = options;
    const endings = await run(planned, selected, { project, store, child, place, now, signal, fresh, progress, ended, unchanged });
    for (const task of planned.tasks) if (!endings.has(task)) endings.set(task, await earlier(task, project, store));
    await project.cache.trim(mostCacheBytes);
    const assessment = await assessmentOf(read, context, endings, startedAt, options.now());
    const evidence = await storeAssessment(project, assessment);
    await store.addAssessment({ evidence, finishedAt: assessment.finishedAt });
    return assessment;
  });
}

/** What would run: each task with what it needs and whether it is known already. */
export interface Planned {
  readonly claim: string;
  readonly subject: string;
  readonly does: "measure" | "reuse" | "missing";
  readonly why: string | null;
  readonly makes: readonly string[];
  /** What it would ask of endpoints, at most, beside what goes before. */
  readonly asks: readonly { readonly endpoint: string; readonly left: number; readonly queries: number }[];
}

interface AssessContext {
  readonly project: Project;
  readonly store: Store;
  readonly system: System;
  readonly registry: Registry;
  readonly planned: Plan;
  readonly selected: readonly Task[];
  readonly child: ReturnType<typeof openWorker>;
  readonly place: Workplace;
  readonly unchanged: () => Promise<void>;
}

/** Opens everything a run needs and closes it again, whatever happens. */
async function withProject<T>(
  read: Read,
  options: AssessOptions,
  use: (context: AssessContext) => Promise<T>,
  { project = openProject(read.root), maySend = true } = {},
): Promise<T> {
  const { environment = process.env } = options;
  await using own = await openOwnControls(read, options.limits, options.signal);
  const registry = registryWith(own.controls);
  checkPolicy(read, registry);
  const selection = checkedSelection(options.selection ?? everything, registry.catalogue);
  await using prepared = await prepareWorkplace(project, options.limits);
  const { [Symbol.asyncDispose]: _, ...place } = prepared;
  await using child = openWorker(options.limits, variablesFor(read.declaration, environment));
  const store = await openStore(project.indexPath);
  try {
    await indexEvidence(project.evidence, store);
    const inspection = inspectIn(project, child, place, options.signal);
    const { now, signal, progress } = options;
    const told = (what: string) => progress?.({ done: 0, total: 0, what });
    const endpoints = endpointsIn({ project, child, place, environment, maySend, now, signal, progress: told });
    const system = await resolveSystem(read, { ...inspection, endpoints });
    options.looked?.(artefactsOf(read, system));
    const seed = options.seed ?? read.declaration.seed ?? 0;
    const { budget = "quick" } = options;
    const wanted = plan(system, { seed, budget }, await plannedRegistry(registry, system, budget));
    const isWanted = ({ control }: Task) => isSelected(control.claim, selection, registry.catalogue);
    const planned = await withinBudgets(wanted, system, isWanted, { project, store, fresh: options.fresh === true });
    const selected = planned.tasks.filter(isWanted);
    return await use({ project, store, system, registry, planned, selected, child, place, unchanged: inspection.unchanged });
  } finally {
    await store.close();
  }
}

/** What `assess` would do, without doing it. A project without state, or one that cannot be written, stays as it is. */
export async function planOf(read: Read, options: AssessOptions): Promise<Planned[]> {
  const tell = async ({ project, store, planned, selected, system }: AssessContext) => {
    const seen = new Set<string>();
    const told: Planned[] = [];
    // One after the other: what an earlier task makes, a later one finds.
    for (const task of selected) told.push(await plannedOf(task, planned, { project, store, system, seen, fresh: options.fresh === true }));
    return told;
  };
  const project = openProject(read.root);
  if (await canKeepState(project)) return withProject(read, options, tell, { project, maySend: false });
  const scratch = await mkdtemp(join(tmpdir(), "sextant-plan-"));
  try {
    return await withProject(read, options, tell, { project: { ...openProject(scratch), evidence: project.evidence }, maySend: false });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function plannedOf(
  task: Task,
  planned: Plan,
  { system, seen, ...known }: { project: Project; store: Store; system: System; seen: Set<string>; fresh: boolean },
): Promise<Planned> {
  const { subject, control, missing } = task;
  const { project, store, fresh } = known;
  const base = { claim: control.claim, subject, makes: [], asks: [] };
  if (task.key === null) return { ...base, does: "missing", why: missing.map((each) => each.missing).join("; ") };
  if (!fresh && (await store.measurement(task.key)) !== null) return { ...base, does: "reuse", why: null };
  const accounts = accountsOf(system);
  const asks = (await costsOf(task, planned, known)).flatMap(({ key, asks: { account, queries } }) => {
    const state = accounts.get(account);
    if (state === undefined || seen.has(key)) return [];
    return [{ endpoint: `${state.protocol} at ${state.host}`, left: Math.max(0, state.queries - state.spent), queries }];
  });
  const makes: string[] = [];
  for (const { key, recipe } of stepsOf([task], planned.seed)) {
    if (seen.has(key) || (!fresh && (await project.cache.has(key)))) continue;
    seen.add(key);
    makes.push(recipe);
  }
  return { ...base, does: "measure", why: null, makes, asks };
}

/** A task that was not selected: what was asked before of the very same artefacts stays, with its date. */
async function earlier(task: Task, project: Project, store: Store): Promise<Ending> {
  const missing = missingEnding(task);
  if (missing !== null) return missing;
  const row = (task.key === null ? null : await store.measurement(task.key)) ?? (await store.latestAbout(task.about));
  const known = row === null ? null : await measuredEnding(project, row);
  return (
    known ?? {
      kind: "missing",
      reason: "not selected in this run, and never measured on these artefacts",
      remedy: "Run `sextant assess` without --only and --stage.",
    }
  );
}

async function assessmentOf(
  read: Read,
  { system, registry, planned }: AssessContext,
  endings: ReadonlyMap<Task, Ending>,
  startedAt: Date,
  finishedAt: Date,
): Promise<Assessment> {
  const { declaration } = system;
  const results: Result[] = [];
  for (const task of planned.tasks) {
    const ending = endings.get(task);
    if (ending === undefined) continue;
    const ready = await judgeable(task, ending, finishedAt);
    results.push({ ...judge(ready, ending, finishedAt, registry.catalogue), declared: declaredPlace(read, task.control, task.scope) });
  }
  const { cells, requirements } = summarise(declaration, results, registry);
  return withPlaces({
    schema: "sextant/assessment@1",
    catalogue: { id: catalogue.id, version: catalogue.version, name: catalogue.name },
    tool,
    system: { name: declaration.system.name, purpose: declaration.system.purpose ?? null },
    seed: planned.seed,
    budget: planned.budget,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    declaration: basename(read.file),
    artefacts: artefactsOf(read, askedByNow(system)),
    results,
    cells,
    requirements,
    next: nextSteps(declaration, results, cells, requirements, registry),
    risks: [],
    exit: exitOf(results, cells, requirements),
  });
}

function artefactsOf(read: Read, system: System): Artefact[] {
  const { datasets, models, services = [] } = system;
  const places = artefactPlaces(read, system);
  const splits = datasets.flatMap((dataset) => Object.values(dataset.splits));
  const found = [
    ...splits.map(({ artefact, digest, rows, reading }) => ({
      id: artefact,
      kind: "dataset",
      digest,
      about: `${rows.toLocaleString("en-GB")} rows; ${readingInFull(reading)}`,
      ...(reading.files === undefined ? {} : { files: reading.files }),
    })),
    ...models.map(({ artefact, digest, about, endpoint }) => ({
      id: artefact,
      kind: "model",
      digest,
      about: endpoint === undefined ? about : aboutEndpoint(endpoint),
    })),
    ...services.map(({ artefact, digest, endpoint }) => ({ id: artefact, kind: "service", digest, about: aboutEndpoint(endpoint) })),
  ];
  return found.map((artefact) => ({ ...artefact, ...places.get(artefact.id) }));
}

/** The last assessment, from its evidence; null before the first: then no state is made. */
export async function lastAssessment(root: string): Promise<Assessment | null> {
  const project = openProject(root);
  if (!(await hasState(project))) return null;
  await keepOutOfGit(project);
  const store = await openStore(project.indexPath);
  try {
    await indexEvidence(project.evidence, store);
    const row = await store.latestAssessment();
    return row === null ? null : await loadAssessment(project, row.evidence);
  } finally {
    await store.close();
  }
}

/** Makes the index again from the evidence files alone; a project without state gets none. */
export async function rebuildProject(root: string): Promise<Indexed> {
  const project = openProject(root);
  if (!(await hasState(project))) return { measurements: 0, assessments: 0, unusable: [] };
  await keepOutOfGit(project);
  await removeStore(project.indexPath);
  const store = await openStore(project.indexPath);
  try {
    return await indexEvidence(project.evidence, store);
  } finally {
    await store.close();
  }
}

/** Reads artefacts of a folder that is no project yet: isolated in a child, state in a scratch folder. */
export async function inspectAlone<T>(
  scratch: string,
  { limits, signal }: Pick<AssessOptions, "limits" | "signal">,
  use: (inspect: Inspect) => Promise<T>,
): Promise<T> {
  const project = openProject(scratch);
  await using prepared = await prepareWorkplace(project, limits);
  const { [Symbol.asyncDispose]: _, ...place } = prepared;
  await using child = openWorker(limits);
  return await use(inspectIn(project, child, place, signal));
}
