import { distance } from "fastest-levenshtein";
import { nearest, type Place, Problem, quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import { classIndex } from "../models/index.ts";
import { checkChanges } from "./changes.ts";
import { columnOf, type Found, listed, textsOf, type Where } from "./found.ts";
import { checkFavourable, checkLabel } from "./labels.ts";
import type { DatasetDeclaration } from "./schema.ts";
import type { Path } from "./yaml.ts";

/** Whether what is declared of a dataset fits its files, and they fit each other. Some splits may lack the columns of `answers`. */
export function checkDataset(
  declared: DatasetDeclaration,
  found: readonly Found[],
  where: Where,
  answers: readonly string[] = [],
): Problem[] {
  const [first, ...others] = found;
  if (first === undefined) return [];
  return [
    ...found.filter(({ split }) => split.rows === 0).map(empty),
    ...others.flatMap((other) => checkSame(without(first, answers), without(other, answers))),
    ...namedColumns(declared).flatMap(({ name, path }) => checkNamed(name, first, where(path))),
    ...checkLabel(declared, found, where),
    ...checkFavourable(declared, found, where),
    ...checkPopulation(declared, found, where),
    ...checkChanges(declared, found, where),
  ];
}

const without = (found: Found, names: readonly string[]): Found => ({
  ...found,
  columns: found.columns.filter(({ name }) => !names.includes(name)),
});

const empty = ({ shown, place }: Found) =>
  new Problem("TABLE_EMPTY", `${quoted(shown)} has no rows`, { ...place, remedy: "Write the split again, or delete this line." });

/** Every column that the declaration names, with where it does. */
function namedColumns({
  label,
  sensitive = [],
  identifying = [],
  unused = [],
  population = {},
  changes: { columns = {} } = {},
}: DatasetDeclaration): { name: string; path: Path }[] {
  const lists = Object.entries({ sensitive, identifying, unused });
  return [
    ...(label === undefined ? [] : [{ name: label, path: ["label"] }]),
    ...lists.flatMap(([list, names]) => names.map((name, at) => ({ name, path: [list, at] }))),
    ...Object.keys(population).map((name) => ({ name, path: ["population", name] })),
    ...Object.keys(columns).map((name) => ({ name, path: ["changes", "columns", name] })),
  ];
}

function checkNamed(name: string, { columns, shown }: Found, place: Place): Problem[] {
  if (columnOf(columns, name) !== undefined) return [];
  const names = columns.map((column) => column.name);
  const near = nearest(name, names);
  return [
    new Problem("TABLE_COLUMN_MISSING", `${quoted(shown)} has no column ${quoted(name)}`, {
      ...place,
      remedy: near === null ? `It has ${listed(names, 30)}.` : `Did you mean ${quoted(near)}?`,
    }),
  ];
}

/** The splits of a dataset must have the same columns, each of the same kind. */
function checkSame(first: Found, other: Found): Problem[] {
  const lacking = (from: Found, to: Found) =>
    from.columns.map(({ name }) => name).filter((name) => columnOf(to.columns, name) === undefined);
  const gone = lacking(first, other);
  const more = lacking(other, first);
  const differ = [gone.length > 0 ? `lacks ${listed(gone)}` : "", more.length > 0 ? `has ${listed(more)} beside` : ""]
    .filter(Boolean)
    .join(" and ");
  const columns =
    differ === ""
      ? []
      : [
          new Problem("TABLE_COLUMNS_DIFFER", `${quoted(other.shown)} ${differ}, compared with ${quoted(first.shown)}`, {
            ...other.place,
            remedy: "Write the splits of a dataset with the same columns; if the first line of the file is data, give it a header.",
          }),
        ];
  return [...columns, ...other.columns.flatMap((column) => checkKind(column, first, other))];
}

function checkKind(column: ColumnFacts, first: Found, other: Found): Problem[] {
  const twin = columnOf(first.columns, column.name);
  const isBlank = ({ missing }: ColumnFacts, { split }: Found) => missing === split.rows;
  if (twin === undefined || twin.kind === column.kind || isBlank(twin, first) || isBlank(column, other)) return [];
  const strange = [twin, column]
    .flatMap(({ values = [] }) => values.map(({ value }) => value))
    .filter((value) => value.trim() === "" || !Number.isFinite(Number(value)));
  const isNumber = twin.kind === "number" || column.kind === "number";
  const odd = [
    { facts: twin, shown: first.shown },
    { facts: column, shown: other.shown },
  ].find(({ facts }) => isNumber && facts.noNumber !== undefined);
  const culprit =
    odd?.facts.noNumber === undefined
      ? ""
      : `: row ${odd.facts.noNumber.row} of ${quoted(odd.shown)} (the first row is 0) holds ${quoted(odd.facts.noNumber.value, 40)}, which is no number`;
  const hint =
    isNumber && strange.length > 0
      ? `If ${listed(strange, 3)} means a missing value, declare it: \`missing: [...]\`; else`
      : "Correct the values, or";
  return [
    new Problem(
      "TABLE_COLUMN_KIND",
      `column ${quoted(column.name)} is ${column.kind} in ${quoted(other.shown)}, but ${twin.kind} in ${quoted(first.shown)}${culprit}`,
      {
        ...other.place,
        remedy: `${hint} write the column alike in all splits.`,
      },
    ),
  ];
}

/** Shorter texts are codes, which differ by a letter: M and F, NO and NL. */
const leastWord = 4;

/** Words alike but for case, blanks or one letter. Digits tell values apart: 18-24 is no slip of 18-34. */
function isSlip(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.toLowerCase().replace(/\s+/g, "").slice(0, 200)) as [string, string];
  if (Math.min(left.length, right.length) < leastWord || left.replace(/\D/g, "") !== right.replace(/\D/g, "")) return false;
  return distance(left, right) <= 1;
}

/** A value that the data lacks may be the finding itself; a word that is nearly another is a slip. */
function checkPopulation({ population = {} }: DatasetDeclaration, found: readonly Found[], where: Where): Problem[] {
  return Object.entries(population).flatMap(([column, shares]) => {
    const texts = textsOf(column, found) ?? [];
    return Object.keys(shares).flatMap((value) => {
      if (texts.length === 0 || classIndex(texts)(value) !== undefined) return [];
      const near = texts.find((text) => !Object.hasOwn(shares, text) && isSlip(value, text));
      if (near === undefined) return [];
      const place = where(["population", column, value]);
      return [
        new Problem("DECLARATION_REFERENCE", `column ${quoted(column)} never holds ${quoted(value)}`, {
          ...place,
          remedy: `Did you mean ${quoted(near)}?`,
        }),
      ];
    });
  });
}
