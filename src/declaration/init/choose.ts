import type { ColumnFacts, TableFacts } from "../../data/index.ts";
import { checkAnswers, checkLabel } from "../labels.ts";
import { type GivenColumns, type GuessedAnswers, guessAnswers } from "./answers/guess.ts";
import { type Guess, type Identifying, identifyingColumns, said, seldomFeatures, sensitiveColumns } from "./columns.ts";
import { type Fit, type FoundModel, fitModel } from "./fit.ts";
import { labelCandidates } from "./label.ts";
import type { FoundDataset } from "./look.ts";

/** What is guessed of a dataset's columns, and the models that they fit. */
export interface Chosen {
  readonly dataset: FoundDataset;
  readonly label: Guess | null;
  readonly fits: readonly Fit[];
  /** Where no model fits: answers that were written down. */
  readonly answers: GuessedAnswers | null;
  readonly sensitive: readonly string[];
  readonly sensitiveWhy: string;
  readonly identifying: readonly Identifying[];
  /** Columns that none of the models takes; empty when no model fits. */
  readonly unused: readonly string[];
  /** Where no model fits: columns that may stand in the way, and that no model takes by name. */
  readonly doubtful: readonly string[];
}

export interface Choice {
  readonly datasets: readonly Chosen[];
  /** Models that fit no dataset, with what stands in the way. */
  readonly alone: readonly { readonly model: FoundModel; readonly why: string | null }[];
}

interface Try {
  readonly label: Guess | null;
  readonly fits: readonly Fit[];
}

const likeGroups = "they are called like groups that people belong to";

/** Decides for each dataset what its label is and which models it fits; each model stands with one dataset. */
export function choose(datasets: readonly FoundDataset[], models: readonly FoundModel[], root: string): Choice {
  const tries = new Map(datasets.map((dataset) => [dataset, bestTry(dataset, models, root)]));
  const taken = new Set<FoundModel>();
  const chosen = new Map<FoundDataset, Chosen>();
  for (const dataset of datasets.toSorted((a, b) => b.found.length - a.found.length)) {
    const { label, fits: all } = tries.get(dataset) ?? { label: null, fits: [] };
    const fits = all.filter(({ model }) => !taken.has(model));
    for (const { model } of fits) taken.add(model);
    const answers = fits.length > 0 ? null : answersIn(dataset);
    chosen.set(dataset, answers === null ? finish(dataset, label, fits) : withAnswers(dataset, answers));
  }
  const [first] = datasets;
  const alone = models
    .filter((model) => !taken.has(model))
    .map((model) => ({ model, why: first === undefined ? null : obstacle(model, first, tries.get(first)?.label ?? null, root) }));
  return { datasets: datasets.flatMap((dataset) => chosen.get(dataset) ?? []), alone };
}

/** Answers in a folder's table, by names that no feature has. */
function answersIn({ facts }: FoundDataset): GuessedAnswers | null {
  const guessed = guessAnswers(facts, {}, { sure: true });
  return "unsure" in guessed ? null : guessed;
}

/** Columns that hold answers: the labels and the scores. */
export function columnsOfAnswers({ prediction, scores }: GuessedAnswers): string[] {
  const { columns = {} } = scores ?? {};
  return [...(prediction === null ? [] : [prediction.name]), ...(typeof columns === "string" ? [columns] : Object.values(columns))];
}

/** A table of answers is what a model is measured on, unless its name says otherwise. */
export function withAnswers(dataset: FoundDataset, answers: GuessedAnswers, { sensitive }: GivenColumns = {}): Chosen {
  const [only, ...more] = dataset.found;
  const split = only && { ...only.split, name: "test" as const, artefact: `dataset:${dataset.id}/test` };
  const asTest = dataset.guessed && only !== undefined && split !== undefined && more.length === 0 ? [{ ...only, split }] : dataset.found;
  const taken = new Set([answers.label.name, ...columnsOfAnswers(answers)]);
  const open = { ...dataset.facts, columns: dataset.facts.columns.filter(({ name }) => !taken.has(name)) };
  return {
    dataset: { ...dataset, found: asTest },
    label: answers.label,
    fits: [],
    answers,
    sensitive: sensitive ?? sensitiveColumns(open),
    sensitiveWhy: sensitive === undefined ? likeGroups : said,
    identifying: identifyingColumns(open),
    unused: [],
    doubtful: [],
  };
}

/** The label with which most models fit; of equals the one with the best evidence. */
function bestTry(dataset: FoundDataset, models: readonly FoundModel[], root: string): Try {
  const facts = models.map((model) => model.facts);
  const candidates = labelCandidates(dataset.facts, facts).filter(
    ({ name }) => checkLabel({ id: "", splits: {}, label: name }, dataset.found, () => ({})).length === 0,
  );
  const tries = candidates.map((label): Try => ({ label, fits: models.flatMap((model) => fitting(model, dataset, label.name, root)) }));
  const most = Math.max(0, ...tries.map(({ fits }) => fits.length));
  return tries.find(({ fits }) => fits.length === most) ?? { label: null, fits: [] };
}

function fitting(model: FoundModel, dataset: FoundDataset, label: string, root: string): Fit[] {
  const found = fitModel(model, trialOf(dataset, label, root));
  if ("why" in found) return [];
  const answers = checkAnswers(label, found.binding.classes, dataset.found, () => ({}));
  return answers.length === 0 && isDeclarable(found) ? [found] : [];
}

/** What cannot be written as it is: a class or a column with a name that is empty or very long. */
const isDeclarable = ({ classes }: Fit) => (classes ?? []).every((name) => name.length <= 1000);

function trialOf({ id, facts }: FoundDataset, label: string, root: string) {
  const identifying = identifyingColumns(facts).map(({ name }) => name);
  const sensitive = sensitiveColumns(facts);
  const texts = sensitive.filter((name) => facts.columns.some((column) => column.name === name && column.kind === "text"));
  const { dates, named } = seldomFeatures(facts);
  const tellingApart = [[], identifying, [...identifying, ...named]];
  const sets = [[], dates].flatMap((dated) => tellingApart.map((telling) => [...dated, ...telling]));
  const unused = [[], texts, sensitive]
    .flatMap((groups) => sets.map((set) => [...set, ...groups]))
    .map((names) => names.filter((name) => name !== label));
  return { root, dataset: id, columns: facts.columns, label, unused: distinct(unused) };
}

/** Every set once, in the order of their first. */
function distinct(sets: readonly (readonly string[])[]): string[][] {
  const unique = new Map(sets.map((names) => [JSON.stringify([...new Set(names)].sort()), [...new Set(names)]]));
  return [...unique.values()];
}

function obstacle(model: FoundModel, dataset: FoundDataset, label: Guess | null, root: string): string {
  const found = fitModel(model, trialOf(dataset, label?.name ?? "", root));
  return "why" in found ? found.why : "its classes are not those of the label column";
}

function finish(dataset: FoundDataset, label: Guess | null, fits: readonly Fit[]): Chosen {
  const taken = new Set(fits.flatMap(({ binding }) => binding.inputs.flatMap(({ columns }) => columns)));
  const isOther = ({ name }: { name: string }) => name !== label?.name;
  const identifying = identifyingColumns(dataset.facts).filter((guess) => isOther(guess) && !taken.has(guess.name));
  const rest = dataset.facts.columns.filter(
    (column: ColumnFacts) => isOther(column) && !taken.has(column.name) && !identifying.some(({ name }) => name === column.name),
  );
  return {
    dataset,
    label,
    fits,
    answers: null,
    sensitive: sensitiveColumns(dataset.facts).filter((name) => isOther({ name })),
    sensitiveWhy: likeGroups,
    identifying,
    unused: fits.length === 0 ? [] : rest.map(({ name }) => name),
    doubtful: fits.length > 0 ? [] : doubtfulOf(dataset.facts, rest),
  };
}

function doubtfulOf(facts: TableFacts, rest: readonly ColumnFacts[]): string[] {
  const { dates, named } = seldomFeatures(facts);
  return rest.map(({ name }) => name).filter((name) => dates.includes(name) || named.includes(name));
}

/** The columns that a model with one input takes when nothing more is declared: a column that cannot be declared cannot be left out. */
export const featuresOf = ({ dataset, label, identifying, unused }: Chosen): string[] => {
  const no = new Set([label?.name, ...identifying.map(({ name }) => name), ...unused]);
  return dataset.names.filter((name) => !no.has(name));
};
