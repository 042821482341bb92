import { Problem } from "../../base/index.ts";
import type { Conflicts, Duplicates, Group, Overlap } from "../engine.ts";
import type { ColumnKind } from "../table.ts";
import { rowId } from "./part.ts";
import type { Session } from "./session.ts";
import { list } from "./sql.ts";
import { cellValue } from "./values.ts";
import type { View, Wanted } from "./view.ts";

/** A source's chosen columns, ready to be compared. */
export interface Chosen {
  readonly view: View;
  readonly columns: readonly Wanted[];
}

const mostGroups = 100_000;

export async function countBy(session: Session, { view, columns }: Chosen): Promise<Group[]> {
  const values = columns.map(({ field, kind }) => cellValue(field, kind));
  const groups = `SELECT ${list([...values.map((value, at) => `${value} AS v${at}`), "count(*) AS rows"])} FROM ${view.from(columns.map(({ field }) => field))} GROUP BY ALL`;
  const order = list(["rows DESC", ...values.map((_, at) => `v${at}`)]);
  const found = await session.rows(`SELECT * FROM (SELECT * FROM (${groups}) LIMIT ${mostGroups + 1}) ORDER BY ${order}`, view.file);
  if (found.length <= mostGroups)
    return found.map((row) => ({
      values: row.slice(0, -1).map((value) => (value === null ? null : String(value))),
      rows: Number(row.at(-1)),
    }));
  throw new Problem("TABLE_GROUPS_MANY", `these columns make more than ${mostGroups} groups`, {
    file: view.file,
    remedy: "Leave out the column that is different in nearly every row.",
  });
}

/** Columns of two files are compared as what they both are; as texts when they differ. */
export function commonKind(kinds: readonly ColumnKind[]): ColumnKind {
  const [first = "text"] = kinds;
  return kinds.every((kind) => kind === first) ? first : "text";
}

const keysOf = ({ columns }: Chosen) => columns.map(({ field, kind }, at) => `${cellValue(field, kind)} AS k${at}`);
const keyNames = ({ columns }: Chosen) => columns.map((_, at) => `k${at}`);
const keyed = (chosen: Chosen) =>
  `SELECT ${list([...keysOf(chosen), `${rowId} AS row`])} FROM ${chosen.view.from(chosen.columns.map(({ field }) => field))}`;

export async function overlap(session: Session, a: Chosen, b: Chosen, most: number): Promise<Overlap> {
  const keys = keyNames(a);
  const same = keys.map((key) => `a.${key} IS NOT DISTINCT FROM b.${key}`).join(" AND ");
  const firstOfA = `SELECT ${list(keys)}, min(row) AS row FROM (${keyed(a)}) GROUP BY ALL`;
  const found = await session.rows(
    `SELECT b.row, a.row, count(*) OVER () FROM (${keyed(b)}) AS b JOIN (${firstOfA}) AS a ON ${same} ORDER BY b.row LIMIT ${Math.max(most, 1)}`,
    b.view.file,
  );
  const pairs = found.slice(0, most).map(([inB, inA]) => ({ a: Number(inA), b: Number(inB) }));
  return { rows: Number(found[0]?.[2] ?? 0), bRows: b.view.rows, pairs };
}

export async function duplicates(session: Session, chosen: Chosen, most: number): Promise<Duplicates> {
  const marked = `SELECT row, min(row) OVER (PARTITION BY ${list(keyNames(chosen))}) AS first FROM (${keyed(chosen)})`;
  const found = await session.rows(
    `WITH again AS MATERIALIZED (SELECT * FROM (${marked}) WHERE row > first)
     SELECT row, first, count(*) OVER (), (SELECT count(DISTINCT first) FROM again) FROM again ORDER BY row LIMIT ${Math.max(most, 1)}`,
    chosen.view.file,
  );
  const pairs = found.slice(0, most).map(([row, first]) => ({ first: Number(first), row: Number(row) }));
  return { groups: Number(found[0]?.[3] ?? 0), rows: Number(found[0]?.[2] ?? 0), pairs };
}

const mostRowsShown = 10;

/** The last column of each source is its label. */
export async function conflicts(session: Session, chosen: readonly Chosen[], most: number): Promise<Conflicts> {
  const [first] = chosen;
  if (first === undefined) return { groups: 0, rows: 0, minority: 0, groupsAcross: 0, examples: [] };
  const names = keyNames(first);
  const [label = "", features] = [names.at(-1), names.slice(0, -1)];
  const rows = chosen.map((one, at) => `SELECT ${at} AS source, * FROM (${keyed(one)}) WHERE ${label} IS NOT NULL`).join(" UNION ALL ");
  const groups = `SELECT ${list(features)}, count(*) AS rows, count(DISTINCT source) AS sources, min((source, row)) AS place FROM rows GROUP BY ALL HAVING min(${label}) <> max(${label})`;
  const withRows = `WITH rows AS (${rows}), groups AS MATERIALIZED (${groups})`;
  const { file } = first.view;
  const [total = []] = await session.rows(`${withRows} SELECT count(*), sum(rows), count_if(sources > 1) FROM groups`, file);
  const perLabel = `SELECT ${list(features)}, ${label}, count(*) AS rows FROM rows GROUP BY ALL`;
  const perGroup = `SELECT ${list(features)}, sum(rows) - max(rows) AS minority FROM (${perLabel}) GROUP BY ALL`;
  const [minority = []] = await session.rows(`WITH rows AS (${rows}) SELECT sum(minority) FROM (${perGroup})`, file);
  const shown = await session.rows(`${withRows} ${exampleRows(features, label, most)}`, file);
  const examples = Map.groupBy(shown, ([group]) => group);
  return {
    groups: Number(total[0]),
    rows: Number(total[1] ?? 0),
    minority: Number(minority[0] ?? 0),
    groupsAcross: Number(total[2]),
    examples: [...examples.values()].map((group) =>
      group.map(([, source, row, text]) => ({ source: Number(source), row: Number(row), label: String(text) })),
    ),
  };
}

/** Of each group the first row of each label, then the second ones: a crowd of one label must not hide the other. */
function exampleRows(features: readonly string[], label: string, most: number): string {
  const same = features.map((feature) => `g.${feature} IS NOT DISTINCT FROM r.${feature}`).join(" AND ");
  const numbered = `SELECT *, row_number() OVER (ORDER BY place) AS number FROM groups ORDER BY number LIMIT ${most}`;
  const members = `SELECT g.number, r.source, r.row, r.${label} AS label, row_number() OVER (PARTITION BY g.number, r.${label} ORDER BY r.source, r.row) AS turn FROM (${numbered}) AS g JOIN rows AS r ON ${same}`;
  const ranked = `SELECT *, row_number() OVER (PARTITION BY number ORDER BY turn, source, row) AS rank FROM (${members})`;
  return `SELECT number, source, row, label FROM (${ranked}) WHERE rank <= ${mostRowsShown} ORDER BY number, source, row`;
}
