import type { ColumnFacts, ColumnKind, TableFacts } from "../table.ts";
import { askEach } from "./kinds.ts";
import type { Session } from "./session.ts";
import { cellValue } from "./values.ts";
import type { View } from "./view.ts";

/** Counts of different values are exact up to here. */
const exactDistinct = 1000;
const mostValues = 20;

/** Looks at the whole table: one pass for counts and limits, one for exact numbers of different values, one for each column of texts. */
export async function describe(session: Session, view: View, kinds: readonly ColumnKind[]): Promise<TableFacts> {
  const columns = view.fields.map((field, at) => ({ ...field, kind: kinds[at] ?? "text", value: cellValue(field, kinds[at] ?? "text") }));
  const answers = await askEach(session, view, columns, factsQuestions);
  const small = columns.filter(({ kind }, at) => kind === "number" && Number(answers[at]?.[1]) <= exactDistinct * 1.5);
  const exact = await askEach(session, view, small, ({ value }) => [`count(DISTINCT ${value})`]);
  const distinct = new Map(small.map(({ name }, at) => [name, Number(exact[at]?.[0])]));

  const described: ColumnFacts[] = [];
  for (const [at, { name, kind, value }] of columns.entries()) {
    const [present, estimate, ...more] = answers[at] ?? [];
    const common = { name, kind, missing: view.rows - Number(present), distinct: distinct.get(name) ?? Number(estimate) };
    described.push(
      kind === "number" ? { ...common, ...numberFacts(more) } : { ...common, ...(await textFacts(session, view, value, Number(more[0]))) },
    );
  }
  return { rows: view.rows, columns: described };
}

function factsQuestions({ kind, value }: { readonly kind: ColumnKind; readonly value: string }): string[] {
  const counts = [`count(${value})`, `approx_count_distinct(${value})`];
  if (kind !== "number") return [...counts, `count_if(${value} LIKE ' %' OR ${value} LIKE '% ')`];
  const finite = `CASE WHEN isfinite(${value}) THEN ${value} END`;
  return [...counts, `min(${finite})`, `max(${finite})`, `count_if(${finite} <> trunc(${finite}))`, `count_if(isinf(${value}))`];
}

function numberFacts([min, max, broken, infinite]: readonly unknown[]): Partial<ColumnFacts> {
  const limits = min === null || max === null ? {} : { integer: Number(broken) === 0, min: Number(min), max: Number(max) };
  return { ...limits, ...(Number(infinite) > 0 ? { infinite: Number(infinite) } : {}) };
}

async function textFacts(
  session: Session,
  { from, file }: View,
  value: string,
  padded: number,
): Promise<Pick<ColumnFacts, "values" | "distinct">> {
  const groups = `SELECT ${value} AS value, count(*) AS rows FROM ${from} GROUP BY ALL`;
  const most = await session.rows(
    `SELECT value, rows, count(*) OVER () FROM (${groups}) WHERE value IS NOT NULL ORDER BY rows DESC, value LIMIT ${mostValues}`,
    file,
  );
  const values = most.map(([text, rows]) => ({ value: String(text), rows: Number(rows) }));
  return { distinct: Number(most[0]?.[2] ?? 0), values, ...(padded > 0 ? { padded } : {}) };
}
