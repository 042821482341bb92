import type { ColumnKind } from "../table.ts";
import { rowId } from "./part.ts";
import type { Session } from "./session.ts";
import { list } from "./sql.ts";
import { isBoolean, isDate } from "./values.ts";
import type { Field, View } from "./view.ts";

/** A question about many columns is asked for so many at a time: the cost of planning it grows with the square of their number. */
export const columnsAtOnce = 25;

/** Asks `questions` of each field in one pass for some of them at a time; answers in the fields' order. */
export async function askEach<F extends Field>(
  session: Session,
  view: View,
  fields: readonly F[],
  questions: (field: F) => readonly string[],
  { firstRows }: { readonly firstRows?: number } = {},
): Promise<unknown[][]> {
  const where = firstRows === undefined ? "" : ` WHERE ${rowId} < ${firstRows}`;
  const answers: unknown[][] = [];
  for (let start = 0; start < fields.length; start += columnsAtOnce) {
    const some = fields.slice(start, start + columnsAtOnce);
    const asked = some.map(questions);
    const row = (await session.rows(`SELECT ${list(asked.flat())} FROM ${view.from(some)}${where}`, view.file))[0] ?? [];
    let at = 0;
    for (const { length } of asked) {
      answers.push(row.slice(at, at + length));
      at += length;
    }
  }
  return answers;
}

export interface Kinds {
  readonly kinds: readonly ColumnKind[];
  /** By column: some of its values are numbers, and some are none; in a CSV, where numbers stand as texts. */
  readonly mixed: readonly boolean[];
}

/** The kind of every column, from all of its values. */
export async function kindsOf(session: Session, view: View): Promise<Kinds> {
  const judged = new Map<Field, { readonly kind: ColumnKind; readonly isMixed: boolean }>();
  for (const { asks, questions, kind } of [texts, dates, digits]) {
    const open = view.fields.filter(asks);
    const answers = await askEach(session, view, open, questions);
    for (const [at, field] of open.entries()) {
      const counts = (answers[at] ?? []).map(Number);
      judged.set(field, { kind: kind(counts), isMixed: field.inferred === "any" && isMixed(counts) });
    }
  }
  return {
    kinds: view.fields.map((field) => judged.get(field)?.kind ?? field.stored),
    mixed: view.fields.map((field) => judged.get(field)?.isMixed ?? false),
  };
}

/** How the kind of a column is found, where its type in the file does not tell. */
interface Inference {
  asks(field: Field): boolean;
  questions(field: Field): string[];
  kind(answers: readonly number[]): ColumnKind;
}

/** 2^53: from here on a double does not hold every whole number. */
const exact = "9007199254740992";

/** Texts that stand for values of any kind. */
const texts: Inference = {
  asks: ({ inferred }) => inferred === "any",
  questions(field) {
    const { bare, double } = field;
    return [
      `count(${bare})`,
      `count(${double})`,
      `count_if(isfinite(${double}))`,
      `count_if(${["", "-", "+"].map((sign) => `${bare} >= '${sign}00' AND ${bare} < '${sign}0:'`).join(" OR ")})`, // ':' comes after '9'
      `count_if(CASE WHEN abs(${double}) >= ${exact} THEN regexp_full_match(${bare}, '[+-]?[0-9]+') END)`,
      `count_if(${isBoolean(field)})`,
      `count_if(${isDate(field)})`,
    ];
  },
  kind([values = 0, numbers = 0, finite = 0, leadingZeros = 0, beyondExact = 0, booleans = 0, dates = 0]) {
    if (values === 0) return "number";
    if (numbers === values && finite > 0 && leadingZeros === 0 && beyondExact === 0) return "number";
    if (booleans === values) return "boolean";
    return dates === values ? "date" : "text";
  },
};

const isMixed = ([values = 0, numbers = 0]: readonly number[]) => numbers > 0 && numbers < values;

/** Texts of a format that has no dates of its own. */
const dates: Inference = {
  asks: ({ inferred }) => inferred === "dates",
  questions: (field) => [`count(${field.bare})`, `count_if(${isDate(field)})`],
  kind: ([values = 0, found = 0]) => (values > 0 && found === values ? "date" : "text"),
};

/** Whole numbers that a double cannot hold exactly are kept as texts. */
const digits: Inference = {
  asks: ({ exactDigits }) => exactDigits,
  questions: ({ bare, double }) => [`count_if(abs(${double}) >= ${exact} AND NOT contains(${bare}, '.'))`],
  kind: ([beyondExact = 0]) => (beyondExact > 0 ? "text" : "number"),
};
