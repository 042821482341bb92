import { type Digest, digestOfJson, type Json } from "../base/index.ts";
import { type AnyControl, type Budget, isMissing, type Missing, type Node, recipes, type Scope } from "../controls/index.ts";
import type { System } from "../declaration/index.ts";
import { codeDigest } from "./code.ts";
import type { OwnControl } from "./own/index.ts";
import { builtIn, type Registered, type Registry } from "./registry.ts";
import { needsOf, scopesOf, subjectOf } from "./scopes.ts";

/** One control on one subject: what it will see, or what is missing. */
export interface Task {
  readonly control: AnyControl;
  /** Set where the control is the project's own. */
  readonly own: OwnControl | null;
  readonly scope: Scope;
  readonly subject: string;
  readonly needs: { readonly [name: string]: Node };
  readonly missing: readonly Missing[];
  /** The cache key: null when something is missing. */
  readonly key: Digest | null;
  /** What is asked of what, whatever seed, budget and code. */
  readonly about: Digest;
  readonly artefacts: readonly { readonly id: string; readonly digest: Digest }[];
  readonly usesSeed: boolean;
  readonly usesBudget: boolean;
}

/** A derived artefact to be made, after those that it needs. */
export interface Step {
  readonly key: Digest;
  readonly recipe: string;
  readonly node: Node & { readonly kind: "derived" };
}

export interface Plan {
  readonly seed: number;
  readonly budget: Budget;
  readonly tasks: readonly Task[];
}

/** What would be measured, on what, under which key. Nothing runs. */
export function plan(system: System, { seed, budget }: { seed: number; budget: Budget }, { entries }: Registry = builtIn): Plan {
  const tasks = entries.flatMap((entry) => [
    ...scopesOf(entry.control, system, budget).map((scope) => taskOf(entry, scope, seed)),
    ...generativeTasks(entry, { system, budget }),
  ]);
  return { seed, budget, tasks };
}

/** What is claimed of a model is claimed of a generative component too, and not measured: declared, it must not disappear. */
function generativeTasks({ control, own }: Registered, scope: Scope): Task[] {
  if (!needsOf(control).some(([, need]) => need.per === "model")) return [];
  const components = (scope.system.declaration.components ?? []).filter(({ kind }) => kind === "generative");
  return components.map(({ id }) => ({
    control,
    own,
    scope,
    subject: id,
    needs: {},
    missing: [
      { missing: `${id} is a generative component: no control measures those`, remedy: "Assess it with a tool for generative systems." },
    ],
    key: null,
    about: digestOfJson({ control: control.claim, subject: id }),
    artefacts: [],
    usesSeed: false,
    usesBudget: false,
  }));
}

function taskOf({ control, code, own }: Registered, scope: Scope, seed: number): Task {
  const planned = needsOf(control).map(([name, need]) => [name, need.plan(scope)] as const);
  const missing = planned.map(([, node]) => node).filter(isMissing);
  const needs = Object.fromEntries(planned.filter((entry): entry is readonly [string, Node] => !isMissing(entry[1])));
  const vertices = Object.values(needs).flatMap(verticesOf);
  const artefacts = artefactsOf(vertices);
  const keys = Object.fromEntries(Object.entries(needs).map(([name, node]) => [name, identity(node, seed)]));
  return {
    control,
    own,
    scope,
    subject: subjectOf(scope),
    needs,
    missing: missing.filter((each, at) => missing.findIndex((other) => other.missing === each.missing) === at),
    key: missing.length > 0 ? null : digestOfJson({ control: control.claim, code: code(), keys, runtime }),
    about: digestOfJson({ control: control.claim, subject: subjectOf(scope), needs: questionsOf(needs) }),
    artefacts,
    usesSeed: vertices.some((node) => node.kind === "random"),
    usesBudget: vertices.some((node) => node.kind === "budget"),
  };
}

/** Native libraries, and the engine that runs ours, may round otherwise elsewhere. */
const runtime = `${process.platform}-${process.arch} ${process.version}`;

const verticesOf = (node: Node): Node[] => (node.kind === "derived" ? [node, ...Object.values(node.inputs).flatMap(verticesOf)] : [node]);

function artefactsOf(vertices: readonly Node[]): { id: string; digest: Digest }[] {
  const found = new Map(vertices.flatMap((node) => (node.kind === "artefact" ? [[node.id, node.digest] as const] : [])));
  return [...found].map(([id, digest]) => ({ id, digest })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What makes a vertex what it is: two with the same identity hold the same bytes. */
function identity(node: Node, seed: number): Json {
  switch (node.kind) {
    case "value":
    case "budget":
      return { value: node.value };
    case "random":
      return { seed, label: node.label };
    case "artefact":
      return { digest: node.digest, reading: node.reading };
    case "derived":
      return { derived: derivedKey(node, seed) };
  }
}

/** What a vertex asks of which artefacts: its identity without what may change the answer and not the question. */
function question(node: Node): Json {
  switch (node.kind) {
    case "value":
      return { value: node.value };
    case "budget":
    case "random":
      return node.kind;
    case "artefact":
      return { id: node.id, digest: node.digest, reading: node.reading };
    case "derived":
      return { recipe: node.recipe, inputs: questionsOf(node.inputs) };
  }
}

const questionsOf = (nodes: { readonly [name: string]: Node }) =>
  Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, question(node)]));

/** The cache key of a derived artefact: its recipe, that recipe's code, and its inputs' identities. */
export function derivedKey(node: Node & { kind: "derived" }, seed: number): Digest {
  const recipe = recipes[node.recipe];
  if (recipe === undefined) throw new Error(`no recipe ${node.recipe}`);
  const inputs = Object.fromEntries(Object.entries(node.inputs).map(([name, input]) => [name, identity(input, seed)]));
  return digestOfJson({ recipe: recipe.id, code: codeDigest(recipe.module), inputs, runtime });
}

/** The derived artefacts that some tasks need, each once, inputs first. */
export function stepsOf(tasks: readonly Task[], seed: number): Step[] {
  const steps = new Map<Digest, Step>();
  const add = (node: Node): void => {
    if (node.kind !== "derived") return;
    Object.values(node.inputs).forEach(add);
    const key = derivedKey(node, seed);
    if (!steps.has(key)) steps.set(key, { key, recipe: node.recipe, node });
  };
  for (const task of tasks) Object.values(task.needs).forEach(add);
  return [...steps.values()];
}
