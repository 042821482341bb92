import {
  type Attack,
  type Change,
  type Constraints,
  capgd,
  changesOf,
  constraintsOf,
  counter,
  type Goal,
  learnRules,
  modelVictim,
  moeva,
  onnxVictim,
  type Points,
  strike,
  treeAttack,
  type Victim,
} from "../../../attacks/index.ts";
import { parseRule } from "../../../data/index.ts";
import type { DatasetDeclaration } from "../../../declaration/index.ts";
import { columnsOf, givesOf, type Model, type ModelBinding, openModel } from "../../../models/index.ts";
import { defineRecipe, type Making, type Missing, type Need, type Node, type Scope } from "../../define.ts";
import { amountOf, askingUpTo } from "../endpoint.ts";
import { modelNode } from "../model.ts";
import { type EachService, eachServiceRecipe, ofEachService } from "../services.ts";
import { derive, labelNode, ofDataset, splitNode, value } from "../splits.ts";
import { judged, questionsBy } from "./effort.ts";
import { orNone } from "./gradients.ts";
import { type Start, type StartInputs, startOf } from "./points.ts";

type Changes = NonNullable<DatasetDeclaration["changes"]>;

/** A row whose answer a change turns that somebody could really make. */
export interface Example {
  /** Its place among the rows that were attacked. */
  readonly at: number;
  readonly becomes: number;
  readonly changes: readonly Change[];
}

/** What attacks under constraints achieved. */
export interface Constrained {
  readonly classes: readonly string[];
  /** Places in the test split of the rows that were attacked, ascending. */
  readonly rows: Int32Array;
  /** What must be turned: the true label, or the model's own answer. */
  readonly labels: Int32Array;
  /** 1 where the answer was wrong from the start, or turned. */
  readonly fooled: Uint8Array;
  /** Rows that were wrong from the start. */
  readonly wrong: number;
  readonly examples: readonly Example[];
  readonly tried: string;
  readonly queries: number;
  /** Rules that hold in all of training, and whether rows had to keep to them. */
  readonly learned: readonly { readonly rule: string; readonly kept: boolean }[];
  /** Proposals that broke a constraint: a fault of ours, none of which counts. */
  readonly invalid: number;
}

interface ConstrainedInputs extends StartInputs {
  readonly model: ModelBinding;
  readonly changes: Changes;
  /** Whether gradients may be used, where there are any. */
  readonly knows: "gradients" | "answers";
  readonly aim: "truth" | "answer";
  readonly queries: number;
}

/** Evolution's population: small enough for several generations within the queries. */
const populationOf = (queries: number) => Math.max(8, Math.min(100, Math.floor(queries / 10)));

export const constrainedRecipe = defineRecipe<ConstrainedInputs, Constrained>({
  id: "constrained",
  module: import.meta.url,
  async make(inputs, making) {
    const { model: binding, changes, queries } = inputs;
    const start = await startOf({ ...inputs, ranges: changes.columns ?? {} }, making);
    await using model = await openModel(binding);
    const asked = counter(start.rows.length * queries);
    const judging = counter();
    const judge = victimOf(model, start, binding, judging);
    const labels = inputs.aim === "truth" ? start.labels : await judge.labels(start.points);
    const learned = start.training === null ? [] : learnRules(start.training, columnsOf(binding)).map(({ rule }) => rule);
    const declared = (changes.rules ?? []).map((rule) => parseRule(rule));
    const rules = changes.learn === true ? [...declared, ...learned] : declared;
    const constraints = constraintsOf(start.space, { columns: changes.columns, rules });
    const search: Tried = {
      attack: moeva(constraints, { population: populationOf(queries) }),
      victim: victimOf(model, start, binding, asked),
    };
    const climbing = inputs.knows === "gradients" ? await climber(binding, start, constraints) : null;
    await using _ = climbing?.open;
    const leaves = inputs.knows === "gradients" && climbing === null ? await throughLeaves(binding, constraints, search) : [];
    const struck = await turned([...(climbing === null ? leaves : [climbing]), search], {
      inputs,
      start,
      labels,
      constraints,
      judge,
      making,
    });
    return {
      ...struck,
      classes: binding.classes,
      rows: start.rows,
      labels,
      queries: asked.asked() + judging.asked(),
      learned: learned.map(({ text }) => ({ rule: text, kept: changes.learn === true })),
    };
  },
});

function victimOf(model: Model, { space }: Start, binding: ModelBinding, asked: ReturnType<typeof counter>): Victim {
  const { scores, ...labels } = modelVictim(model, space, binding.classes.length, asked);
  return givesOf(binding).scores && scores !== undefined ? { ...labels, scores } : labels;
}

interface Tried {
  readonly attack: Attack;
  readonly victim: Victim;
}

/** The attack by gradients; null for a model that no gradient goes through. */
async function climber(
  binding: ModelBinding,
  { space }: Start,
  constraints: Constraints,
): Promise<(Tried & { open: AsyncDisposable }) | null> {
  const victim = binding.kind === "onnx" ? await orNone(() => onnxVictim(binding, space), space.width) : null;
  return victim === null ? null : { attack: capgd(constraints), victim, open: victim };
}

/** Trees have no gradient; who has their file goes through their leaves, and asks the model nothing. */
async function throughLeaves(binding: ModelBinding, constraints: Constraints, { victim }: Tried): Promise<readonly Tried[]> {
  const attack = binding.kind === "onnx" ? await treeAttack(binding, constraints) : null;
  return attack === null ? [] : [{ attack, victim }];
}

interface Turning {
  readonly inputs: ConstrainedInputs;
  readonly start: Start;
  readonly labels: Int32Array;
  readonly constraints: Constraints;
  readonly judge: Victim;
  readonly making: Making;
}

/** One attack after the other, on what stands. */
async function turned(all: readonly Tried[], { inputs, start, labels, constraints, judge, making }: Turning) {
  const { points, space } = start;
  const fooled = new Uint8Array(points.rows);
  const examples: Example[] = [];
  let wrong = 0;
  let invalid = 0;
  for (const { attack, victim } of all) {
    const standing = Int32Array.from(fooled.keys()).filter((at) => fooled[at] === 0);
    const own = rowsFrom(points, standing);
    const goal = goalOf(inputs, space.box, making);
    const struck = await strike(
      attack,
      { victim, judge },
      own,
      standing.map((at) => labels[at]!),
      goal,
      constraints.isValid,
    );
    invalid += struck.invalid;
    standing.forEach((at, index) => {
      if (struck.fooled[index] === 0) return;
      fooled[at] = 1;
      if (struck.distances[index] === 0) wrong++;
      else
        examples.push({
          at,
          becomes: struck.answers[index]!,
          changes: changesOf(constraints, part(struck.values, index, points.width), part(own.values, index, points.width)),
        });
    });
  }
  return { fooled, examples: examples.sort((a, b) => a.at - b.at), wrong, invalid, tried: all.map(({ attack }) => attack.id).join(", ") };
}

const part = (values: Float32Array, row: number, width: number) => values.subarray(row * width, (row + 1) * width);

function rowsFrom({ width, values }: Points, rows: Int32Array): Points {
  const taken = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) taken.set(part(values, row, width), at * width);
  return { rows: rows.length, width, values: taken };
}

/** Constraints alone bound a change: within them it may go anywhere. */
function goalOf({ queries, random }: ConstrainedInputs, { highs, lows }: Start["space"]["box"], { progress }: Making): Goal {
  const eps = highs.reduce((most, high, at) => Math.max(most, high - lows[at]!), 0);
  return { norm: "linf", eps, queries, random: random.fork("attacks"), progress };
}

/** What is declared of changes, for a model of numbers and texts; what to write where there is nothing. */
const changesNode = (scope: Scope): Node | Missing =>
  ofDataset(scope.dataset, ({ id, columns, declared: { changes } }) => {
    if (columns.some(({ kind }) => kind === "image"))
      return {
        missing: `dataset ${id} holds pictures, and constraints are between columns of numbers and texts`,
        remedy: "Of pictures, see adversarial-attack/white-box and adversarial-attack/black-box.",
      };
    if (changes !== undefined) return value(JSON.parse(JSON.stringify(changes)));
    return {
      missing: `dataset ${id} does not say what somebody who wants another answer can change`,
      remedy:
        'Declare it under the dataset: `changes: { columns: { age: { immutable: true }, income: { min: 0, direction: up } }, rules: ["instalment <= income"] }`; columns that are not named can take any value that training has.',
    };
  });

/** Columns that nobody can change. */
const immutableNode = (scope: Scope): Node | Missing =>
  ofDataset(scope.dataset, ({ declared: { changes } }) =>
    value(Object.entries(changes?.columns ?? {}).flatMap(([name, { immutable }]) => (immutable === true ? [name] : []))),
  );

interface Asking {
  readonly knows: ConstrainedInputs["knows"];
  readonly aim: ConstrainedInputs["aim"];
  readonly label: string;
}

/** What is planned of the model itself, or of a service that answers with it. */
export function constrainedNode(
  scope: Scope,
  { knows, aim, label }: Asking,
  service?: { readonly node: Node; readonly endpoint: Parameters<typeof askingUpTo>[1] },
): Node | Missing {
  const endpoint = service === undefined ? scope.model?.endpoint : service.endpoint;
  const { most, queries } = questionsBy(scope, service !== undefined);
  const planned = derive(constrainedRecipe, {
    model: service?.node ?? modelNode(scope, "newRows"),
    changes: changesNode(scope),
    train: splitNode(scope.dataset, "train"),
    test: splitNode(scope.dataset, "test"),
    label: labelNode(scope.dataset),
    frozen: immutableNode(scope),
    whole: value(null),
    knows: value(knows),
    aim: value(aim),
    random: { kind: "random", label },
    most,
    queries,
  });
  return askingUpTo(planned, endpoint, amountOf(most) * (amountOf(queries) + judged));
}

/** What an attack achieves that changes rows as is declared: by gradients where there are any, and by answers. */
export const constrained = (asking: Asking): Need<Constrained> => ({
  per: "model",
  plan: (scope) => constrainedNode(scope, asking),
  view: (seen) => seen as Constrained,
});

/** The same of every endpoint that answers with the model: a service's, and the model's own. */
export const constrainedServices = (label: string): Need<EachService<SearchedService>> => ({
  per: "model",
  plan(scope) {
    const own = scope.model?.endpoint;
    const searched = (service: string, node: Node | Missing) => derive(namedRecipe, { service: value(service), found: node });
    const asking: Asking = { knows: "answers", aim: "answer", label };
    if (own !== undefined) {
      const node = searched(scope.model?.id ?? "", constrainedNode(scope, asking));
      return derive(eachServiceRecipe, { unasked: value([]), "service 0": node });
    }
    return ofEachService(scope, ({ service, node }) =>
      searched(service.id, constrainedNode(scope, asking, { node, endpoint: service.endpoint })),
    );
  },
  view: (seen) => seen as EachService<SearchedService>,
});

/** What was achieved against one service, or against a model's own endpoint, which is called after the model. */
export interface SearchedService {
  readonly service: string;
  readonly found: Constrained;
}

export const namedRecipe = defineRecipe<SearchedService, SearchedService>({
  id: "searched-service",
  module: import.meta.url,
  make: async (given) => given,
});
