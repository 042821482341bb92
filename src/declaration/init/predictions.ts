import { join } from "node:path";
import { Problem, Problems, problemsOf, quoted } from "../../base/index.ts";
import { tableFormat } from "../../data/index.ts";
import { listed } from "../found.ts";
import type { Inspect } from "../inspect.ts";
import { locate } from "../paths.ts";
import type { Read } from "../read.ts";
import { resolveSystem } from "../resolve.ts";
import { type GivenColumns, guessAnswers } from "./answers/guess.ts";
import { readingOf, rootOf, schemaFrom, titleOf } from "./around.ts";
import { type Chosen, withAnswers } from "./choose.ts";
import { becauseOf } from "./columns.ts";
import { identifiers, type Looking, lookAtDataset } from "./look.ts";
import type { Proposal } from "./propose.ts";
import { writeDeclaration } from "./write.ts";

/**
 * A declaration of one table of predictions, with guesses that say why and what a person said. Writes nothing. Throws PREDICTIONS_COLUMNS where it cannot be told
 * which columns hold the truth and the answers, and what reading the table throws.
 */
export async function proposePredictions(
  folder: string,
  name: string,
  given: GivenColumns,
  inspect: Inspect,
): Promise<Proposal & { readonly read: Read }> {
  const root = await rootOf(folder);
  const looking: Looking = { root, inspect, notes: [] };
  const file = join(folder, name);
  await inspect.table({ path: await locate(root, name, "file", { file }), format: tableFormat(name) ?? "csv" }); // its Problems are not notes here
  const id = identifiers("answers")(stemOf(name));
  const dataset = await lookAtDataset({ name: id, splits: { test: name }, guessed: true, beside: [] }, id, looking);
  if (dataset === null) throw new Problem("TABLE_DAMAGED", looking.notes.join(" "), { file, remedy: "Write the table again." });
  const answers = guessAnswers(dataset.facts, given);
  if ("unsure" in answers) throw new Problem("PREDICTIONS_COLUMNS", answers.unsure, { file, remedy: answers.remedy });
  const chosen = withAnswers(dataset, answers, given);
  const text = writeDeclaration(titleOf(stemOf(name)), { datasets: [chosen], alone: [] }, [], await schemaFrom(root));
  const read = readingOf(text, root);
  await resolveSystem(read, inspect).catch((error: unknown) => {
    throw aboutTable(error, file);
  });
  return { text, read, foreign: [], notes: [...guessesOf(chosen), ...looking.notes, ...answers.notes.map(sentence)] };
}

/** The declaration is not written yet: its lines mean nothing to anybody. */
function aboutTable(error: unknown, file: string): unknown {
  const problems = problemsOf(error);
  return problems.length === 0
    ? error
    : new Problems(problems.map(({ code, message, remedy }) => new Problem(code, message, { file, remedy })));
}

const stemOf = (name: string) => name.replace(/(\.[A-Za-z0-9]{1,7}){1,2}$/, "");
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** What was taken for what, a sentence each: the truth first. */
export function guessesOf({ dataset, label, answers, sensitive, sensitiveWhy }: Chosen): string[] {
  if (answers === null || label === null) return [];
  const { prediction, scores, favourable } = answers;
  const columns =
    scores === null
      ? ""
      : typeof scores.columns === "string"
        ? `${quoted(scores.columns, 40)}${scores.of === null ? "" : ` (of class ${quoted(scores.of, 40)})`}`
        : listed(Object.values(scores.columns));
  return [
    `Truth: column ${quoted(label.name, 40)} of ${dataset.found[0]?.split.rows ?? 0} rows, ${becauseOf(label.why)}.`,
    prediction === null
      ? "Answers: the class of the higher score; `--prediction` names a column of answers."
      : `Answers: column ${quoted(prediction.name, 40)}, ${becauseOf(prediction.why)}.`,
    scores === null ? "Scores: none; `--scores` names a column of them." : `Scores: ${columns}, ${becauseOf(scores.why)}.`,
    sensitive.length === 0
      ? "Groups: none; `--sensitive` names columns of them."
      : `Groups: ${listed(sensitive)}, ${becauseOf(sensitiveWhy)}.`,
    favourable === null
      ? "Favourable label: not guessed; `--favourable` names the label that people wish for, and unlocks fairness between groups."
      : `Favourable label: ${quoted(favourable.name, 40)}, ${becauseOf(favourable.why)}.`,
  ];
}
