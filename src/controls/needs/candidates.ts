import { Problem, quoted } from "../../base/index.ts";
import type { SplitName } from "../../data/index.ts";
import type { Dataset, Model } from "../../declaration/index.ts";
import { classIndex } from "../../models/index.ts";
import { defineRecipe, isMissing, type Missing, type Need, type Node, type Scope } from "../define.ts";
import { evenRows, predictionsOn } from "../shared/scores/rows.ts";
import { type Baselines, baselinesRecipe } from "./baselines.ts";
import { type Corrupted, corruptedNode } from "./corrupted.ts";
import { type Grouping, groupsRecipe } from "./groups.ts";
import { type Latencies, latencies } from "./latency.ts";
import { memoryRecipe } from "./memory.ts";
import { modelNode } from "./model.ts";
import { type Predictions, predictions } from "./predictions.ts";
import { derive, labelNode, ofDataset, splitNode, value } from "./splits.ts";

/** One of the models that could be chosen, or a simple one trained here. */
export interface Candidate {
  readonly id: string;
  readonly is: "chosen" | "candidate" | "baseline";
  /** On the rows compared, with the chosen model's classes in their order. */
  readonly answers: Predictions;
  /** On training rows; null where there are none, or for a baseline. */
  readonly training: Predictions | null;
  /** Null where it was not timed. */
  readonly latency: Latencies | null;
  /** The bytes of its file; null where it is none. */
  readonly sizeBytes: number | null;
  /** Null where it was not run alone. */
  readonly memoryBytes: number | null;
  /** Its answers to the same corrupted rows as the others'; null where it cannot answer changed rows. */
  readonly corrupted: Corrupted | null;
}

export interface Candidates {
  readonly split: SplitName;
  /** The chosen one first, then the others as declared, then the baselines. */
  readonly candidates: readonly Candidate[];
  /** Sensitive columns, on the rows compared; empty where none is declared. */
  readonly groups: readonly Grouping[];
}

/** More rows than these are thinned out evenly. */
const mostRows = 10_000;

interface Listed {
  readonly id: string;
  readonly is: "chosen" | "candidate";
  readonly sizeBytes: number | null;
}

interface CandidateInputs {
  readonly split: SplitName;
  readonly list: readonly Listed[];
  readonly baselines: Baselines | null;
  readonly groups: readonly Grouping[];
  readonly [part: `${"answers" | "training" | "latency" | "memory" | "corrupted"}:${string}`]: unknown;
}

export const candidatesRecipe = defineRecipe<CandidateInputs, Candidates>({
  id: "candidates",
  module: import.meta.url,
  async make(inputs) {
    const { split, list, baselines, groups } = inputs;
    const answersOf = (id: string) => inputs[`answers:${id}`] as Predictions;
    const [first] = list;
    if (first === undefined) throw new Error("there is no candidate");
    const { classes, rows: all } = answersOf(first.id);
    const rows = baselines?.rows ?? evenRows(all, mostRows);
    const models = list.map(({ id, is, sizeBytes }): Candidate => {
      const training = inputs[`training:${id}`] as Predictions | null;
      return {
        id,
        is,
        answers: predictionsOn(alike(answersOf(id), classes, id), rows),
        training: training && predictionsOn(alike(training, classes, id), evenRows(training.rows, mostRows)),
        latency: inputs[`latency:${id}`] as Latencies | null,
        sizeBytes,
        memoryBytes: (inputs[`memory:${id}`] as { bytes: number } | null)?.bytes ?? null,
        corrupted: inputs[`corrupted:${id}`] as Corrupted | null,
      };
    });
    const [chosen] = models;
    const simple = (baselines?.baselines ?? []).map(({ name, answers, probabilities }): Candidate => {
      const own = { ...(chosen?.answers as Predictions), answers, probabilities };
      return { id: name, is: "baseline", answers: own, training: null, latency: null, sizeBytes: null, memoryBytes: null, corrupted: null };
    });
    const members = groups.map((grouping) => ({ ...grouping, members: Int32Array.from(rows, (row) => grouping.members[row]!) }));
    return { split, candidates: [...models, ...simple], groups: members };
  },
});

/** The same answers with the classes in this order. */
function alike(own: Predictions, classes: readonly string[], id: string): Predictions {
  const indexOf = classIndex(classes);
  const places = own.classes.map((name) => indexOf(name));
  if (places.some((place) => place === undefined) || own.classes.length !== classes.length) {
    throw new Problem("MODEL_CLASSES_MISMATCH", `the classes of model ${quoted(id)} are not those of the chosen model`, {
      remedy: "Compare models that answer the same question: declare each question's data as a dataset of its own.",
    });
  }
  const moved = places as number[];
  if (moved.every((place, at) => place === at)) return { ...own, classes };
  const scores = own.probabilities;
  const probabilities = scores && new Float64Array(scores.length);
  for (let row = 0; probabilities !== null && scores !== null && row < own.rows; row++)
    for (const [at, place] of moved.entries()) probabilities[row * classes.length + place] = scores[row * classes.length + at]!;
  const to = (label: number) => (label < 0 ? label : moved[label]!);
  return { ...own, classes, truth: own.truth.map(to), answers: own.answers.map(to), probabilities };
}

/** Candidates are compared where they were tuned; the test split is kept for the one that is chosen. */
export const comparedSplit = ({ splits }: Dataset): SplitName => (splits.evaluation === undefined ? "test" : "evaluation");

/** The models of a dataset, the chosen one first: the one that a service answers with, or that is said to be chosen, or the only one that is no candidate. */
function ranked({ system, dataset }: Scope): readonly Model[] | Missing {
  const models = system.models.filter(({ bindings }) => dataset !== undefined && bindings[dataset.id] !== undefined);
  if (models.length < 2) {
    return {
      missing: models.length === 0 ? "no model is declared" : "only one model is declared: there is nothing to compare it with",
      remedy: "Declare the other models that were tried, each with `candidate: true`.",
    };
  }
  const serving = new Set((system.declaration.services ?? []).map(({ model }) => model));
  const standing = models.filter(({ declared }) => declared.candidate !== true);
  const served = standing.filter(({ id }) => serving.has(id));
  const [chosen, ...others] = served.length > 0 ? served : standing;
  if (chosen === undefined || others.length > 0) {
    return {
      missing: `which of ${models.map(({ id }) => id).join(", ")} is chosen is not declared`,
      remedy: "Name the chosen model in a service, or declare each of the others as `candidate: true`.",
    };
  }
  return [chosen, ...models.filter((model) => model !== chosen)];
}

/** What is not there is null. */
const orNone = (planned: Node | Missing): Node => (isMissing(planned) ? value(null) : planned);

/** The models that could be chosen for a dataset, with simple ones trained here beside them, on the same rows. */
export const candidates = (calls: Need<number>): Need<Candidates> => ({
  per: "dataset",
  plan: (scope) =>
    ofDataset(scope.dataset, (dataset) => {
      const models = ranked(scope);
      if ("missing" in models) return models;
      return derive(candidatesRecipe, inputsOf({ ...scope, dataset }, dataset, models, calls));
    }),
  view: (seen) => seen as Candidates,
});

/** What is the same for all models of a dataset, asked once for each dataset. */
export const perDataset = <T>(need: Need<T>): Need<T> => ({ ...need, per: "dataset" });

function inputsOf(scope: Scope, dataset: Dataset, models: readonly Model[], calls: Need<number>): Record<string, Node | Missing> {
  const split = comparedSplit(dataset);
  const [node, label] = [splitNode(dataset, split), labelNode(dataset)];
  const sensitive = dataset.declared.sensitive ?? [];
  const parts = models.flatMap((model): [string, Node | Missing][] => {
    const own = { ...scope, model };
    const answersOn = (on: SplitName) => predictions({ split: on }).plan(own);
    return [
      [`answers:${model.id}`, answersOn(split)],
      [`training:${model.id}`, orNone(answersOn("train"))],
      [`latency:${model.id}`, orNone(latencies(calls).plan(own))],
      [`corrupted:${model.id}`, orNone(corruptedNode(own, split))],
      [`memory:${model.id}`, model.file === null ? value(null) : derive(memoryRecipe, { model: modelNode(own), split: node })],
    ];
  });
  const list = models.map(({ id, file }, at) => ({ id, is: at === 0 ? "chosen" : "candidate", sizeBytes: file?.facts.bytes ?? null }));
  const classes = models[0]?.bindings[dataset.id]?.classes ?? [];
  const baselines = derive(baselinesRecipe, {
    train: splitNode(dataset, "train"),
    test: node,
    features: dataset.features.length === 0 ? { missing: "no features", remedy: "" } : value([...dataset.features]),
    label,
    classes: value([...classes]),
  });
  return {
    split: value(split),
    list: value(list),
    baselines: orNone(baselines),
    groups: sensitive.length === 0 ? value([]) : derive(groupsRecipe, { split: node, columns: value(sensitive) }),
    ...Object.fromEntries(parts),
  };
}
