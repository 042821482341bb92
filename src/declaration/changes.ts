import { nearest, Problem, problemsOf, quoted } from "../base/index.ts";
import { type ColumnFacts, columnsOfRule, parseRule, type Rule } from "../data/index.ts";
import { classIndex } from "../models/index.ts";
import { columnOf, type Found, listed, textsOf, type Where } from "./found.ts";
import type { DatasetDeclaration } from "./schema.ts";
import type { Path } from "./yaml.ts";

type ColumnChange = NonNullable<NonNullable<DatasetDeclaration["changes"]>["columns"]>[string];

interface Look {
  readonly declared: DatasetDeclaration;
  readonly found: readonly Found[];
  readonly columns: readonly ColumnFacts[];
  readonly where: Where;
}

/** Whether what is declared of a dataset's changes fits its columns. Columns under `changes.columns` that are not there are named elsewhere. */
export function checkChanges(declared: DatasetDeclaration, found: readonly Found[], where: Where): Problem[] {
  const look: Look = { declared, found, columns: found[0]?.columns ?? [], where };
  const { columns = {}, rules = [] } = declared.changes ?? {};
  return [
    ...Object.entries(columns).flatMap(([name, change]) => checkColumn(name, change, look)),
    ...rules.flatMap((rule, at) => checkRule(rule, ["changes", "rules", at], look)),
  ];
}

const wrong = (what: string, remedy: string, path: Path, { where }: Look) =>
  new Problem("DECLARATION_VALUE", what, { ...where(path), remedy });

function checkColumn(name: string, change: ColumnChange, look: Look): Problem[] {
  const path = ["changes", "columns", name];
  const facts = columnOf(look.columns, name);
  if (facts === undefined) return [];
  if (name === look.declared.label)
    return [wrong(`${quoted(name)} is the label: the model answers it, and nobody changes it`, "Delete this line.", path, look)];
  return facts.kind === "number" ? checkNumber(name, change, facts, look) : checkTexts(name, change, facts, look);
}

function checkNumber(name: string, { among = [], min, max }: ColumnChange, facts: ColumnFacts, look: Look): Problem[] {
  const path: Path = ["changes", "columns", name];
  const odd = among.flatMap((value, at) => (typeof value === "number" ? [] : [at]));
  if (odd[0] !== undefined)
    return [
      wrong(
        `column ${quoted(name)} holds numbers, and ${quoted(String(among[odd[0]]))} is none`,
        "List numbers.",
        [...path, "among", odd[0]],
        look,
      ),
    ];
  const isOutside =
    (min !== undefined && facts.max !== undefined && min > facts.max) || (max !== undefined && facts.min !== undefined && max < facts.min);
  if (!isOutside) return [];
  return [
    wrong(
      `column ${quoted(name)} goes from ${facts.min} to ${facts.max}: none of its values lies in the declared range`,
      "Write `min` and `max` in the units of the column.",
      path,
      look,
    ),
  ];
}

function checkTexts(name: string, change: ColumnChange, { kind }: ColumnFacts, look: Look): Problem[] {
  const path: Path = ["changes", "columns", name];
  const numeric = (["min", "max", "step", "direction"] as const).find((key) => change[key] !== undefined);
  if (numeric !== undefined)
    return [
      wrong(
        `column ${quoted(name)} holds no numbers (${kind}), so that \`${numeric}\` says nothing of it`,
        "Say what it can become by `among: [...]`.",
        [...path, numeric],
        look,
      ),
    ];
  return (change.among ?? []).flatMap((value, at) => checkText(name, String(value), [...path, "among", at], look));
}

/** A text that the data never holds is none that a model has learned. */
function checkText(column: string, text: string, path: Path, { found, where }: Look): Problem[] {
  const texts = textsOf(column, found);
  if (texts === null || classIndex(texts)(text) !== undefined) return [];
  const near = nearest(text, texts);
  return [
    new Problem("DECLARATION_REFERENCE", `column ${quoted(column)} never holds ${quoted(text)}`, {
      ...where(path),
      remedy: near === null ? `It holds ${listed(texts)}.` : `Did you mean ${quoted(near)}?`,
    }),
  ];
}

function checkRule(text: string, path: Path, look: Look): Problem[] {
  const rule = parsed(text, path, look);
  if (!("any" in rule)) return [...rule];
  const { numbers, texts } = columnsOfRule(rule);
  const unfit = [...new Set([...numbers, ...texts])].flatMap((name) => checkOfRule(name, rule, path, look));
  if (unfit.length > 0) return unfit;
  return [
    ...numbers.filter((name) => isKind(name, false, look)).map((name) => noNumber(name, path, look)),
    ...texts.filter((name) => isKind(name, true, look)).map((name) => noText(name, path, look)),
    ...rule.any.flatMap((each) =>
      each.kind === "text" && !isKind(each.column, true, look) ? checkText(each.column, each.text, path, look) : [],
    ),
  ];
}

function parsed(text: string, path: Path, { where }: Look): Rule | readonly Problem[] {
  try {
    return parseRule(text, where(path));
  } catch (error) {
    const problems = problemsOf(error);
    if (problems.length === 0) throw error;
    return problems;
  }
}

function isKind(name: string, isNumber: boolean, { columns }: Look): boolean {
  const facts = columnOf(columns, name);
  return facts !== undefined && (facts.kind === "number") === isNumber;
}

function checkOfRule(name: string, { text }: Rule, path: Path, { columns, declared, where }: Look): Problem[] {
  const names = columns.map((column) => column.name);
  if (name === declared.label)
    return [
      new Problem("RULE_INVALID", `rule ${quoted(text, 80)} speaks of the label, which the model answers`, {
        ...where(path),
        remedy: "Write rules between the columns that the model is given.",
      }),
    ];
  if (names.includes(name)) return [];
  const near = names.find((each) => each.split(/[^\p{L}\p{N}_.]/u)[0] === name && text.includes(each)) ?? nearest(name, names);
  const remedy =
    near === null
      ? `It has ${listed(names, 30)}.`
      : `Did you mean ${quoted(near)}?${isPlain(near) ? "" : ` It stands in backticks: \`${near}\`.`}`;
  return [new Problem("TABLE_COLUMN_MISSING", `rule ${quoted(text, 80)}: there is no column ${quoted(name)}`, { ...where(path), remedy })];
}

const isPlain = (name: string) => /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name);

const noNumber = (name: string, path: Path, { where }: Look) =>
  new Problem("RULE_INVALID", `a rule reckons with column ${quoted(name)}, which holds no numbers`, {
    ...where(path),
    remedy: `Compare it with a text: \`${name} == "..."\`.`,
  });

const noText = (name: string, path: Path, { where }: Look) =>
  new Problem("RULE_INVALID", `a rule compares column ${quoted(name)} with a text, and it holds numbers`, {
    ...where(path),
    remedy: "Write the number without quotation marks.",
  });
