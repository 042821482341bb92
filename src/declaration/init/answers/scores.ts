import { quoted } from "../../../base/index.ts";
import type { ColumnFacts } from "../../../data/index.ts";
import { said } from "../columns.ts";
import { isScoreName, isScoreOf, saysLogits } from "./words.ts";

/** Columns of scores, and what they are. */
export interface GuessedScores {
  /** One column of two classes, of the one that `of` names; or one for each class. */
  readonly columns: string | { readonly [className: string]: string };
  /** The class that a single column speaks of; null where nothing tells. */
  readonly of: string | null;
  readonly kind: "probabilities" | "logits";
  readonly why: string;
}

interface Known {
  readonly truth: string;
  readonly answer: string | null;
  /** Sorted; null when not all are known. */
  readonly classes: readonly string[] | null;
  readonly given: string | { readonly [className: string]: string } | undefined;
}

interface Found {
  readonly scores: GuessedScores | null;
  readonly notes: readonly string[];
}

const slack = 1e-3;
const isShare = ({ min = Number.NaN, max = Number.NaN }: ColumnFacts) => min >= -slack && max <= 1 + slack;
const isReadable = (column: ColumnFacts) => column.kind === "number" && column.distinct > 0 && (isShare(column) || saysLogits(column.name));
/** Logits lie on both sides of 0; what only lies above 1 is a mistake, or a percentage, which is told when it is read. */
const kindOf = (columns: readonly ColumnFacts[]) => (columns.some(({ min = 0 }) => min < -slack) ? "logits" : "probabilities");

/** Finds the column of each class, else the one column that speaks of the second of two. */
export function guessScores(columns: readonly ColumnFacts[], known: Known): Found {
  const { truth, answer, classes, given } = known;
  const open = columns.filter(({ name }) => name !== truth && name !== answer);
  if (given !== undefined) return { scores: asGiven(given, columns, classes), notes: [] };
  const numbers = open.filter(({ kind }) => kind === "number");
  const each = classes === null ? null : columnOfEach(numbers.filter(isReadable), classes, truth);
  if (each !== null) {
    const why = `they are called like the classes ${Object.keys(each)
      .slice(0, 4)
      .map((name) => quoted(name, 20))
      .join(", ")}`;
    return {
      scores: { columns: each, of: null, kind: kindOf(open.filter(({ name }) => Object.values(each).includes(name))), why },
      notes: [],
    };
  }
  if (classes !== null && classes.length !== 2) return { scores: null, notes: [] };
  return single(numbers, { truth, answer, classes });
}

function asGiven(given: NonNullable<Known["given"]>, columns: readonly ColumnFacts[], classes: Known["classes"]): GuessedScores {
  const names = typeof given === "string" ? [given] : Object.values(given);
  const found = columns.filter(({ name }) => names.includes(name));
  const of = typeof given === "string" ? (classes?.[1] ?? null) : null;
  return { columns: given, of, kind: kindOf(found), why: said };
}

/** By class; null unless every class has one column, and no two the same. */
function columnOfEach(
  columns: readonly ColumnFacts[],
  classes: readonly string[],
  truth: string,
): { readonly [className: string]: string } | null {
  const longest = classes.toSorted((a, b) => b.length - a.length); // "not sick" before "sick"
  const taken = new Set<string>();
  const found = new Map<string, string>();
  for (const className of longest) {
    const named = columns.filter(({ name }) => !taken.has(name) && isScoreOf(name, className, truth));
    const best = named.filter(({ name }) => name.trim().toLowerCase() !== className.trim().toLowerCase());
    const [column, more] = best.length > 0 ? best : named;
    if (column === undefined || more !== undefined) return null;
    taken.add(column.name);
    found.set(className, column.name);
  }
  return Object.fromEntries(classes.map((name) => [name, found.get(name) ?? ""]));
}

function single(numbers: readonly ColumnFacts[], { truth, answer, classes }: Omit<Known, "given">): Found {
  const byClass = (classes ?? []).flatMap((of) =>
    numbers.filter(({ name }) => isScoreOf(name, of, truth) && name.toLowerCase() !== of.toLowerCase()).map((column) => ({ column, of })),
  );
  const byName = numbers
    .filter(({ name }) => isScoreName(name) || isAnswerLike(name))
    .map((column) => ({ column, of: classes?.[1] ?? null }));
  const candidates = byClass.length === 1 ? byClass : byName;
  const readable = candidates.filter(({ column }) => isReadable(column));
  const odd = candidates
    .filter(({ column }) => !isReadable(column))
    .map(({ column }) => `column ${quoted(column.name, 40)} is not read as scores: it holds values outside 0 to 1`);
  const [first, more] = readable;
  if (first === undefined) return { scores: null, notes: odd };
  if (more !== undefined)
    return {
      scores: null,
      notes: [
        `several columns may hold the scores (${readable.map(({ column }) => quoted(column.name, 40)).join(", ")}): say which, \`--scores COLUMN\``,
      ],
    };
  if (answer !== null && byClass.length !== 1 && (first.column.min ?? 0) >= 0.5) {
    return {
      scores: null,
      notes: [
        `column ${quoted(first.column.name, 40)} is not read as scores: none lies below 0.5, as when each speaks of the answered class`,
      ],
    };
  }
  return {
    scores: {
      columns: first.column.name,
      of: first.of,
      kind: kindOf([first.column]),
      why: `it is called ${quoted(first.column.name, 40)}`,
    },
    notes: [],
  };
}

/** Some write probabilities to a column that is called like answers. */
const isAnswerLike = (name: string) => /^(y[_ ]?pred|pred(iction)?s?|predicted|yhat|y[_ ]hat)$/i.test(name);
