import { printable, quoted } from "../../base/index.ts";
import { describePreparation } from "../../models/index.ts";
import { type Choice, type Chosen, featuresOf } from "./choose.ts";
import { remarkOf } from "./columns.ts";
import type { Fit, FoundModel } from "./fit.ts";
import { sortedValues } from "./label.ts";
import { declaredPair } from "./pictures.ts";
import { line, list, scalar } from "./scalar.ts";
import { afterwards, answerIds, answersItem } from "./write-answers.ts";

const head = `# An AI system, declared for Sextant; written by \`sextant init\` from the files that it found.
# What was guessed says why: check it. What is commented out could not be guessed: it says what it would unlock.
version: 1
`;

/** For editors: with it they complete keys and show what they mean. */
const schemaLine = (path: string) => `# yaml-language-server: $schema=${path}\n`;

/** The whole sextant.yaml; `schema` is where its JSON schema lies, from its folder. */
export function writeDeclaration(name: string, choice: Choice, lockfiles: readonly string[], schema: string | null): string {
  const sections = [
    `${schema === null ? "" : schemaLine(schema)}${head}`,
    systemSection(name),
    datasetsSection(choice.datasets),
    modelsSection(choice),
    servicesSection(choice),
    codeSection(lockfiles),
    policySection(),
  ];
  return sections.join("\n");
}

const systemSection = (name: string) =>
  [
    line("system:"),
    line(`  name: ${scalar(name)}`, "guessed from its name"),
    line("  # purpose: What it is for", "told to users"),
    line("  # role: Advises a clerk", "what part it plays beside people"),
    line("  # scope: Where and for whom it is used, and where it is not"),
    line(
      "  # affects: { whom: people, who: loan applicants, how: a refusal means no loan }",
      "whom: people, organisations or nobody; until declared, bias counts as a threat",
    ),
    line("  # success: { metric: balanced-accuracy, target: 0.75 }", "unlocks: does a model meet its target"),
    line("  # limits: { latencyMs: 20, sizeMiB: 5, costPerMillion: 3 }", "unlocks: are answers fast, models small and both cheap enough"),
    "\n",
    line("# people:", "who acts: next steps name them"),
    line("#   management: [{ name: Jo Doe, email: jo@example.org }]"),
    line("#   data-scientist: [{ name: Jo Doe }]"),
  ].join("");

function datasetsSection(datasets: readonly Chosen[]): string {
  if (datasets.length === 0) {
    return [
      line("# datasets:", "no table was found; unlocks everything that is measured"),
      line("#   - id: data"),
      line("#     splits: { train: data/train.csv, evaluation: data/evaluation.csv, test: data/test.csv }"),
      line("#     label: COLUMN"),
    ].join("");
  }
  return line("datasets:") + datasets.map(datasetItem).join("");
}

/** A path, or a pair of them. */
function splitText(path: string): string {
  const pair = declaredPair(path);
  return pair === null ? scalar(path) : `{ images: ${scalar(pair.images)}, labels: ${scalar(pair.labels)} }`;
}

function datasetItem(chosen: Chosen): string {
  const { dataset, label, sensitive, sensitiveWhy, identifying, unused, doubtful } = chosen;
  const has = (name: string) => dataset.found.some(({ split }) => split.name === name);
  return [
    line(`  - id: ${scalar(dataset.id)}`),
    remark(
      "Its columns are",
      dataset.facts.columns.map(({ name, kind, missing }) => `${name} (${missing === dataset.facts.rows ? "empty" : kind})`),
    ),
    line(
      "    splits:",
      dataset.guessed && chosen.answers !== null
        ? "guessed: answers are told about rows that the model never saw. Call it `train` if it learned from them"
        : dataset.guessed
          ? "guessed: its name does not say what it was used for. Call it `test` if no model learned from it"
          : "by the names of the files",
    ),
    ...dataset.found.map(({ split, shown }) => line(`      ${split.name}: ${splitText(shown)}`, `${split.rows} rows`)),
    ...(has("train") ? [] : [line("      # train: FILE", "unlocks: what the model learned from, generalisation, membership")]),
    ...(has("test") ? [] : [line("      # test: FILE", "unlocks: everything measured on data that the model never saw")]),
    label === null
      ? line("    # label: COLUMN", "the column that the model predicts; unlocks everything measured against the truth")
      : line(`    label: ${scalar(label.name)}`, remarkOf(label.why)),
    favourableLine(chosen),
    guessedList("sensitive", sensitive, sensitiveWhy, "columns of groups: sex, age ...; unlocks bias and balance by group"),
    guessedList(
      "identifying",
      identifying.map(({ name }) => name),
      identifying
        .slice(0, 3)
        .map(({ why }) => why)
        .join("; "),
      "columns that tell who somebody is",
    ),
    ...(unused.length === 0 ? [] : [line(`    unused: ${list(unused)}`, "guessed: no model takes them")]),
    ...(doubtful.length === 0
      ? []
      : [line(`    # unused: ${list(doubtful)}`, "dates and identifiers seldom are features: say which columns no model takes")]),
    personalLine(chosen),
    line("    # confidential: false", "until declared, it counts as confidential"),
    ...(dataset.missing.length === 0
      ? []
      : [line(`    missing: ${list(dataset.missing)}`, "guessed: they stand beside other values, and usually mean missing")]),
    line(
      "    # sources: [{ name: SOURCE, by: ourselves, origin: WHERE FROM, licence: LICENCE, part: all }]",
      "by: ourselves, others or users; until declared, poisoning counts as a threat",
    ),
  ].join("");
}

function favourableLine({ dataset, label, answers }: Chosen): string {
  const wished = answers?.favourable ?? null;
  if (wished !== null) return line(`    favourable: ${scalar(wished.name)}`, remarkOf(wished.why));
  const column = dataset.facts.columns.find(({ name }) => name === label?.name);
  const [last, ...others] = (column === undefined ? null : sortedValues(column))?.toReversed() ?? [];
  const or =
    others.length === 0
      ? ""
      : `, or ${others
          .slice(0, 3)
          .map((value) => quoted(value, 40))
          .join(", ")}`;
  return line(`    # favourable: ${scalar(last ?? "LABEL")}`, `the label that people wish for${or}; unlocks fairness between groups`);
}

const guessedList = (key: string, names: readonly string[], why: string, otherwise: string) =>
  names.length === 0 ? line(`    # ${key}: [COLUMN]`, otherwise) : line(`    ${key}: ${list(names)}`, remarkOf(why));

function personalLine({ sensitive, identifying }: Chosen): string {
  const [first] = [...sensitive, ...identifying.filter(({ counts }) => !counts).map(({ name }) => name)];
  if (first === undefined) return line("    # personal: false", "whether it is about people; until declared, it counts as personal");
  return line("    personal: true", `guessed: it has a column ${quoted(first, 40)}`);
}

function modelsSection(choice: Choice): string {
  const { datasets, alone } = choice;
  const ids = answerIds(choice);
  const fitted = datasets.flatMap((chosen) => [
    ...chosen.fits.map((fit) => fittedItem(fit, chosen)),
    ...answersItem(chosen, ids.get(chosen) ?? "answers"),
  ]);
  const items = [...fitted, ...alone.map(({ model, why }) => aloneItem(model, why, datasets[0]?.dataset.id))];
  if (items.length > 0) return line("models:") + items.join("");
  return [
    line("# models:", "no ONNX model was found; unlocks everything that a model is asked"),
    line("#   - id: model"),
    line("#     file: models/model.onnx"),
    line("#     trainedOn: [DATASET]"),
  ].join("");
}

const mostNamed = 40;
const mostWidth = 120;

/** A comment of some lines that lists what a file holds. */
function remark(what: string, names: readonly string[]): string {
  const more = names.length > mostNamed ? [`and ${names.length - mostNamed} more`] : [];
  const words = [...names.slice(0, mostNamed).map((name) => printable(name.slice(0, 60))), ...more].map((word, at, all) =>
    at < all.length - 1 ? `${word},` : word,
  );
  const lines = [what];
  for (const word of words) {
    const last = lines.at(-1) ?? "";
    if (last.length + word.length < mostWidth) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.map((each) => `    # ${each}\n`).join("");
}

const takes = ({ facts }: FoundModel) =>
  remark(
    "It takes",
    facts.inputs.map(({ name, type, other, shape }) => `${name} (${sizesOf(shape.slice(1))}${other ?? type})`),
  );

/** Values of one row: `8 `, `3 x 224 x 224 `; nothing for a single one. */
function sizesOf(sizes: readonly (number | null)[]): string {
  if (sizes.length <= 1) return sizes[0] === 1 || sizes.length === 0 ? "" : `${sizes[0] ?? "any number of"} `;
  return `${sizes.map((size) => size ?? "any").join(" x ")} `;
}

function fittedItem({ model, binding, classes }: Fit, chosen: Chosen): string {
  const { dataset } = chosen;
  const columns = binding.inputs.flatMap((input) => input.columns);
  const isOneInput = model.facts.inputs.length === 1;
  const image = binding.inputs.find((input) => input.image !== undefined)?.image;
  const features =
    isOneInput && columns.join("\0") !== featuresOf(chosen).join("\0")
      ? [line(`    features: ${list(columns)}`, "guessed: their number fits")]
      : [];
  const learned = dataset.found.some(({ split }) => split.name === "train");
  return [
    line(`  - id: ${scalar(model.id)}`),
    line(`    file: ${scalar(model.path)}`),
    takes(model),
    line(
      `    ${learned ? "trainedOn" : "testedOn"}: [${scalar(dataset.id)}]`,
      `guessed: ${image !== undefined ? "its input has the shape of the pictures" : isOneInput ? `it takes ${columns.length} numbers, as many as the columns give` : "its inputs are called like the columns"}`,
    ),
    ...features,
    ...(image === undefined
      ? []
      : [
          remark("As far as its file tells, it", describePreparation(image).split("; ")),
          line("    # image: { range: [0, 1], mean: 0, std: 1 }", "how training prepared its pictures, where that is another way"),
        ]),
    ...(classes === null
      ? []
      : [
          line(
            `    classes: ${list(classes)}`,
            "guessed: the labels in sorted order, as most trainers have them. A wrong order turns every result around: check it",
          ),
        ]),
    ...afterwards,
  ].join("");
}

const aloneItem = (model: FoundModel, why: string | null, dataset = "DATASET") =>
  [
    line(`  - id: ${scalar(model.id)}`),
    line(`    file: ${scalar(model.path)}`),
    takes(model),
    ...(why === null ? [] : [line(`    # It fits no dataset as it is: ${printable(why)}`)]),
    line(`    # trainedOn: [${scalar(dataset)}]`, "unlocks everything that the model is asked"),
    ...afterwards,
  ].join("");

function servicesSection(choice: Choice): string {
  const { datasets, alone } = choice;
  const [first] = [
    ...datasets.flatMap(({ fits }) => fits.map(({ model }) => model.id)),
    ...answerIds(choice).values(),
    ...alone.map(({ model }) => model.id),
  ];
  return [
    line("# services:", "what answers with the models; `services: []` says that none is in use. Until declared, its threats count"),
    line(`#   - { id: service, model: ${scalar(first ?? "MODEL")}, callers: customers, answers: labels, feedback: false }`),
  ].join("");
}

const codeSection = (lockfiles: readonly string[]) =>
  lockfiles.length === 0
    ? [
        line("# code:", "what it depends on; unlocks known vulnerabilities"),
        line("#   - { folder: ., lockfiles: [package-lock.json] }"),
      ].join("")
    : [line("code:"), line(`  - { folder: ., lockfiles: ${list(lockfiles)} }`, "they pin dependencies")].join("");

const policySection = () =>
  [
    line("# policy:", "what the organisation decided otherwise, each with its reason"),
    line("#   claims: { algorithm-bias/equal-opportunity: { gap: 0.03, because: our own ruling } }"),
    line("# seed: 7", "where random numbers start"),
  ].join("");
