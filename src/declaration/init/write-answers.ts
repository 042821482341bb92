import { quoted } from "../../base/index.ts";
import type { GuessedAnswers } from "./answers/guess.ts";
import type { Choice, Chosen } from "./choose.ts";
import { remarkOf } from "./columns.ts";
import { identifiers } from "./look.ts";
import { line, list, scalar } from "./scalar.ts";

/** What every model may declare beside. */
export const afterwards = [
  line("    # base: none", "or { name: NAME, origin: WHERE FROM, by: others }: the model that it was fine-tuned from"),
  line("    # learns: false", "whether it goes on learning in operation; until declared, it counts as learning"),
];

/** The item of `models` that stands for answers that were written down; none where a dataset has none. */
export const answersItem = ({ dataset, answers }: Chosen, id: string) =>
  answers === null
    ? []
    : [
        [
          line(`  - id: ${scalar(id)}`, "answers that were written down stand for the model; `file: model.onnx` would unlock more"),
          line(`    testedOn: [${scalar(dataset.id)}]`),
          ...(answers.classes === null
            ? []
            : [line(`    classes: ${list(answers.classes)}`, "guessed: the labels and the answers in sorted order")]),
          line("    predictions:"),
          answers.prediction === null
            ? line("      # label: COLUMN", "the column of answered labels. Left out: the class of the higher score")
            : line(`      label: ${scalar(answers.prediction.name)}`, remarkOf(answers.prediction.why)),
          ...scoreLines(answers.scores),
          ...afterwards,
        ].join(""),
      ];

/** Identifiers for answers that were written down, beside those of the models. */
export function answerIds({ datasets, alone }: Choice): ReadonlyMap<Chosen, string> {
  const identify = identifiers("answers");
  for (const { model } of [...datasets.flatMap(({ fits }) => fits), ...alone]) identify(model.id);
  return new Map(datasets.filter(({ answers }) => answers !== null).map((chosen) => [chosen, identify("answers")]));
}

function scoreLines(scores: GuessedAnswers["scores"]): string[] {
  if (scores === null) return [line("      # scores: COLUMN", "or { CLASS: COLUMN, ... }: unlocks calibration, ranking and log loss")];
  const { columns, of, kind, why } = scores;
  const turned = "A wrong class turns every result around: check it";
  const lines =
    typeof columns === "string"
      ? [
          of === null
            ? line(`      scores: ${scalar(columns)}`, `${remarkOf(why)}. ${turned}`)
            : line(
                `      scores: { ${scalar(of)}: ${scalar(columns)} }`,
                `${remarkOf(why)}; that it speaks of ${quoted(of, 40)} is a guess. ${turned}`,
              ),
        ]
      : [
          line(
            `      scores: { ${Object.entries(columns)
              .map(([name, column]) => `${scalar(name)}: ${scalar(column)}`)
              .join(", ")} }`,
            remarkOf(why),
          ),
        ];
  return kind === "logits" ? [...lines, line("      kind: logits", "guessed: they are no probabilities")] : lines;
}
