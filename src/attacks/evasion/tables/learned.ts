import { parseRule, type Rule, type Table } from "../../../data/index.ts";

/** A rule between columns that holds in every row of training. */
export interface LearnedRule {
  readonly rule: Rule;
  /** Rows in which it holds: all that have a value in each of its columns. */
  readonly rows: number;
}

/** The chance that any of the rules is learned of columns that have nothing to do with each other, as far as shifted columns show it. */
const alpha = 0.01;
/** Columns of numbers among which rules are looked for, at most: sums are tried for every three of them. */
const mostColumns = 40;
/** How far columns are shifted against each other to see how often a rule would hold by chance. */
const shifts = [1, 2, 3, 5, 8, 13, 21, 34];
/** Sums of decimal fractions are equal within this, relatively. */
const rounding = 1e-9;

interface Numbers {
  readonly name: string;
  readonly values: Float64Array;
}

/** What a rule asks of one row of its columns; the last column is the one that is shifted. */
interface Candidate {
  readonly text: string;
  readonly columns: readonly Numbers[];
  holds(values: readonly number[]): boolean;
}

/**
 * Rules between columns of numbers that hold in all rows of a table: `a <= b`, `a == b`, `a + b == c`. Only those that would not hold by chance: each is tried on shifted columns, of which the last has nothing to do with the
 * others any more, and the share q of rows in which it holds there must give q^n below 0.01 over the number of rules that were tried (Bonferroni). These are proposals: somebody who knows the data decides.
 */
export function learnRules(table: Table, columns: readonly string[]): readonly LearnedRule[] {
  const numbers = columns
    .flatMap((name): Numbers[] => {
      const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
      return column?.kind === "number" && isVaried(column.values) ? [{ name, values: column.values }] : [];
    })
    .slice(0, mostColumns);
  const candidates = [...orders(numbers), ...sums(numbers)];
  const limit = Math.log(alpha / Math.max(1, candidates.length));
  const learned = candidates.flatMap((candidate) => {
    const rows = rowsWhere(candidate);
    return rows > 0 && rows * Math.log(byChance(candidate)) <= limit ? [{ rule: parseRule(candidate.text), rows, candidate }] : [];
  });
  return withoutImplied(learned);
}

function isVaried(values: Float64Array): boolean {
  const first = values.find(Number.isFinite);
  return first !== undefined && values.some((value) => Number.isFinite(value) && value !== first);
}

const quotedName = (name: string) => (/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) && name !== "or" && name !== "and" ? name : `\`${name}\``);
/** Names that no rule can write. */
const isWritable = ({ name }: Numbers) => !name.includes("`") && name.length <= 300;

const isEqual = (a: number, b: number) => Math.abs(a - b) <= rounding * Math.max(Math.abs(a), Math.abs(b));

function orders(numbers: readonly Numbers[]): Candidate[] {
  const pairs = numbers.filter(isWritable).flatMap((a, at, all) => all.flatMap((b, other) => (at === other ? [] : [[a, b] as const])));
  return pairs.flatMap(([a, b]) => {
    const text = (relation: string) => `${quotedName(a.name)} ${relation} ${quotedName(b.name)}`;
    const least = { text: text("<="), columns: [a, b], holds: ([x, y]: readonly number[]) => x! <= y! };
    return a.name < b.name
      ? [least, { text: text("=="), columns: [a, b], holds: ([x, y]: readonly number[]) => isEqual(x!, y!) }]
      : [least];
  });
}

function sums(numbers: readonly Numbers[]): Candidate[] {
  const named = numbers.filter(isWritable);
  return named.flatMap((a, at) =>
    named.slice(at + 1).flatMap((b) =>
      named.flatMap((c) =>
        c === a || c === b
          ? []
          : [
              {
                text: `${quotedName(a.name)} + ${quotedName(b.name)} == ${quotedName(c.name)}`,
                columns: [a, b, c],
                holds: ([x, y, z]: readonly number[]) => isEqual(x! + y!, z!),
              },
            ],
      ),
    ),
  );
}

/** How many rows there are with values in all columns; 0 where one of them breaks the rule. */
function rowsWhere({ columns, holds }: Candidate): number {
  let rows = 0;
  const row: number[] = [];
  for (let at = 0; at < columns[0]!.values.length; at++) {
    for (let each = 0; each < columns.length; each++) row[each] = columns[each]!.values[at]!;
    if (!row.every(Number.isFinite)) continue;
    if (!holds(row)) return 0;
    rows++;
  }
  return rows;
}

/** The share of rows in which the rule holds with its last column shifted, with one more on each side: never 0, and 1 where it always holds. */
function byChance({ columns, holds }: Candidate): number {
  const count = columns[0]!.values.length;
  let [asked, held] = [0, 0];
  const row: number[] = [];
  for (const shift of shifts) {
    if (shift >= count) break;
    for (let at = 0; at < count; at++) {
      for (let each = 0; each < columns.length; each++)
        row[each] = columns[each]!.values[each === columns.length - 1 ? (at + shift) % count : at]!;
      if (!row.every(Number.isFinite)) continue;
      asked++;
      if (holds(row)) held++;
    }
  }
  return (held + 1) / (asked + 1);
}

/** Without `a <= c` where `a <= b` and `b <= c` say it, and without either where `a == b` does. */
function withoutImplied(learned: readonly (LearnedRule & { readonly candidate: Candidate })[]): readonly LearnedRule[] {
  const texts = new Set(learned.map(({ rule }) => rule.text));
  const names = [...new Set(learned.flatMap(({ candidate }) => candidate.columns.map(({ name }) => quotedName(name))))];
  const has = (a: string, relation: string, b: string) => texts.has(`${a} ${relation} ${b}`);
  const isImplied = ({ candidate: { columns, text } }: (typeof learned)[number]) => {
    const [a = "", b = ""] = columns.map(({ name }) => quotedName(name));
    if (text !== `${a} <= ${b}`) return false;
    if (has(a, "==", b) || has(b, "==", a)) return true;
    return names.some((between) => between !== a && between !== b && has(a, "<=", between) && has(between, "<=", b));
  };
  return learned.filter((each) => !isImplied(each)).map(({ rule, rows }) => ({ rule, rows }));
}
