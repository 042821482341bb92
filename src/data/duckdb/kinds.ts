import type { ColumnKind, TableSource } from "../table.ts";
import type { Relation } from "./relation.ts";
import type { Session } from "./session.ts";
import { list } from "./sql.ts";
import { bareText, doubleOf, type Field, isBoolean, isDate } from "./values.ts";

/** A question about many columns is asked for so many at a time. */
const columnsAtOnce = 100;

/** Asks `questions` of each field in one pass for each hundred of them; answers in the fields' order. */
export async function askEach(
  session: Session,
  { from, file }: Relation,
  fields: readonly Field[],
  questions: (field: Field) => readonly string[],
): Promise<unknown[][]> {
  const answers: unknown[][] = [];
  for (let start = 0; start < fields.length; start += columnsAtOnce) {
    const asked = fields.slice(start, start + columnsAtOnce).map(questions);
    const row = (await session.rows(`SELECT ${list(asked.flat())} FROM ${from}`, file))[0] ?? [];
    let at = 0;
    for (const { length } of asked) {
      answers.push(row.slice(at, at + length));
      at += length;
    }
  }
  return answers;
}

/** The kind of every column, from all of its values. */
export async function kindsOf(session: Session, relation: Relation, source: TableSource): Promise<ColumnKind[]> {
  const questions = source.format === "csv" ? csvQuestions : parquetQuestions;
  const open = relation.fields.filter(({ stored }) => (source.format === "csv" ? stored === "text" : stored === "number"));
  const answers = await askEach(session, relation, open, (field) => questions(field, source));
  const judge = source.format === "csv" ? csvKind : parquetKind;
  const judged = new Map(open.map((field, at) => [field, judge((answers[at] ?? []).map(Number))]));
  return relation.fields.map((field) => judged.get(field) ?? field.stored);
}

const exact = "9007199254740992";

function csvQuestions(field: Field, source: TableSource): string[] {
  const text = bareText(field, source);
  const number = doubleOf(field, source);
  const digits = `ltrim(${text}, '+-')`;
  return [
    `count(${text})`,
    `count(${number})`,
    `count_if(isfinite(${number}))`,
    `count_if(${digits} LIKE '0_%' AND substr(${digits}, 2, 1) BETWEEN '0' AND '9')`,
    `count_if(abs(${number}) > ${exact} AND regexp_full_match(${text}, '[+-]?[0-9]+'))`,
    `count_if(${isBoolean(text)})`,
    `count_if(${isDate(text)})`,
  ];
}

function csvKind([
  values = 0,
  numbers = 0,
  finite = 0,
  leadingZeros = 0,
  beyondExact = 0,
  booleans = 0,
  dates = 0,
]: readonly number[]): ColumnKind {
  if (values === 0) return "number";
  if (numbers === values && finite > 0 && leadingZeros === 0 && beyondExact === 0) return "number";
  if (booleans === values) return "boolean";
  return dates === values ? "date" : "text";
}

/** Whole numbers that a double cannot hold exactly are kept as texts. */
const parquetQuestions = ({ sql }: Field) => [
  `count_if(abs(TRY_CAST(${sql} AS DOUBLE)) > ${exact} AND typeof(${sql}) NOT IN ('FLOAT', 'DOUBLE') AND CAST(${sql} AS VARCHAR) NOT LIKE '%.%')`,
];
const parquetKind = ([beyondExact = 0]: readonly number[]): ColumnKind => (beyondExact > 0 ? "text" : "number");
