import type { ColumnFacts, ColumnKind, TableFacts } from "../table.ts";
import { askEach, type Kinds } from "./kinds.ts";
import { rowId } from "./part.ts";
import type { Session } from "./session.ts";
import { cellValue } from "./values.ts";
import type { Field, View } from "./view.ts";

/** Counts of different values are exact up to here. */
const exactDistinct = 1000;
const mostValues = 20;

interface Described extends Field {
  readonly kind: ColumnKind;
  /** SQL of its value as that kind. */
  readonly value: string;
  readonly isMixed: boolean;
}

/** Looks at the whole table: one pass for counts and limits, one for all columns of few values, one for each column of many texts. */
export async function describe(session: Session, view: View, { kinds, mixed }: Kinds): Promise<Omit<TableFacts, "reading">> {
  const columns = view.fields.map(
    (field, at): Described => ({
      ...field,
      kind: kinds[at] ?? "text",
      value: cellValue(field, kinds[at] ?? "text"),
      isMixed: mixed[at] ?? false,
    }),
  );
  const answers = await askEach(session, view, columns, factsQuestions);
  const few = columns.filter((_, at) => Number(answers[at]?.[1]) <= exactDistinct * 1.5);
  const counted = await askEach(session, view, few, ({ kind, value }) => [
    kind === "number" ? `count(DISTINCT ${value})` : `histogram(${value})`,
  ]);
  const exact = new Map(few.map(({ name }, at) => [name, counted[at]?.[0]]));

  const described: ColumnFacts[] = [];
  for (const [at, column] of columns.entries()) {
    const [present, estimate, ...more] = answers[at] ?? [];
    const { name, kind } = column;
    const common = { name, kind, missing: view.rows - Number(present), distinct: Number(estimate) };
    if (kind === "number") described.push({ ...common, distinct: Number(exact.get(name) ?? estimate), ...numberFacts(more) });
    else
      described.push({
        ...common,
        ...(exact.has(name) ? histogramFacts(exact.get(name)) : await textFacts(session, view, column)),
        ...paddedFacts(more),
        ...noNumberFacts(more),
      });
  }
  return { rows: view.rows, columns: described };
}

const mostShown = 200;

function factsQuestions({ kind, value, bare, double, isMixed }: Described): string[] {
  const counts = [`count(${value})`, `approx_count_distinct(${value})`];
  const strange = `FILTER (WHERE ${bare} IS NOT NULL AND ${double} IS NULL)`;
  if (kind !== "number")
    return [
      ...counts,
      `count_if(${value} LIKE ' %' OR ${value} LIKE '% ')`,
      ...(isMixed ? [`min(${rowId}) ${strange}`, `arg_min(left(${bare}, ${mostShown}), ${rowId}) ${strange}`] : []),
    ];
  const finite = `CASE WHEN isfinite(${value}) THEN ${value} END`;
  return [...counts, `min(${finite})`, `max(${finite})`, `count_if(${finite} <> trunc(${finite}))`, `count_if(isinf(${value}))`];
}

function numberFacts([min, max, broken, infinite]: readonly unknown[]): Partial<ColumnFacts> {
  const limits = min === null || max === null ? {} : { integer: Number(broken) === 0, min: Number(min), max: Number(max) };
  return { ...limits, ...(Number(infinite) > 0 ? { infinite: Number(infinite) } : {}) };
}

const paddedFacts = ([padded]: readonly unknown[]): Pick<ColumnFacts, "padded"> => (Number(padded) > 0 ? { padded: Number(padded) } : {});

function noNumberFacts([, row, value]: readonly unknown[]): Pick<ColumnFacts, "noNumber"> {
  if (row === null || row === undefined) return {};
  return { noNumber: { row: Number(row), value: String(value) } };
}

type ValueFacts = Required<Pick<ColumnFacts, "values" | "distinct">>;

/** DuckDB's histogram is a map from value to count; null when there is no value. */
function histogramFacts(histogram: unknown): ValueFacts {
  const pairs = (Array.isArray(histogram) ? histogram : []) as { readonly key: unknown; readonly value: unknown }[];
  const values = pairs.map(({ key, value }) => ({ value: String(key), rows: Number(value) }));
  values.sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  return { distinct: values.length, values: values.slice(0, mostValues) };
}

async function textFacts(session: Session, view: View, column: Described): Promise<ValueFacts> {
  const groups = `SELECT ${column.value} AS value, count(*) AS rows FROM ${view.from([column])} GROUP BY ALL`;
  const most = await session.rows(
    `SELECT value, rows, count(*) OVER () FROM (${groups}) WHERE value IS NOT NULL ORDER BY rows DESC, value LIMIT ${mostValues}`,
    view.file,
  );
  return { distinct: Number(most[0]?.[2] ?? 0), values: most.map(([text, rows]) => ({ value: String(text), rows: Number(rows) })) };
}
