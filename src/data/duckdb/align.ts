import { Problem, quoted } from "../../base/index.ts";
import type { TableFile } from "../files.ts";
import type { Part, PartField } from "./part.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";

/** A part, and which file of the table it is. */
export interface FilePart extends TableFile {
  readonly part: Part;
}

/** The parts with the same columns in the same places, each of one type: as they are where they fit, copied where they do not. Other columns are a Problem. */
export async function aligned(session: Session, parts: readonly FilePart[]): Promise<FilePart[]> {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return [...parts];
  for (const other of others) checkSameNames(first, other);
  const target: PartField[] = [];
  for (const [at, { name }] of first.part.fields.entries()) target.push({ ...(await commonField(session, name, parts)), sql: `c${at}` });
  const made: FilePart[] = [];
  for (const each of parts) made.push(fits(each.part, target) ? each : { ...each, part: await copied(session, each.part, target) });
  return made;
}

const fieldOf = ({ fields }: Part, name: string) => fields.find((field) => field.name === name);

/** Names that would hide DuckDB's own for a file and a row. */
const isHiding = ({ name }: PartField) => /^file_(row_number|index)$/i.test(name);

const fits = ({ width, fields }: Part, target: readonly PartField[]) =>
  width === target.length &&
  !fields.some(isHiding) &&
  target.every(({ name, sql, type }, at) => fields[at]?.name === name && fields[at].sql === sql && fields[at].type === type);

function checkSameNames(first: FilePart, other: FilePart): void {
  const names = ({ part }: FilePart) => new Set(part.fields.map(({ name }) => name));
  const [wanted, has] = [names(first), names(other)];
  const without = (some: ReadonlySet<string>, others: ReadonlySet<string>) => [...some].filter((name) => !others.has(name));
  const differ = [...said("lacks", without(wanted, has)), ...said("has beside", without(has, wanted))];
  if (differ.length === 0) return;
  throw new Problem("TABLE_COLUMNS_DIFFER", `${quoted(other.name)} ${differ.join(" and ")}, compared with ${quoted(first.name)}`, {
    file: other.path,
    remedy: "All files of a table have the same columns: write it again, or leave it out.",
  });
}

function said(verb: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 8).map((name) => quoted(name, 40));
  return [`${verb} ${shown.join(", ")}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ""}`];
}

/** What a column is in all parts; one without a value in a part is whatever it is in the others. */
async function commonField(session: Session, name: string, parts: readonly FilePart[]): Promise<PartField> {
  const all = parts.flatMap((each) => {
    const field = fieldOf(each.part, name);
    return field === undefined ? [] : [{ each, field }];
  });
  const isMixed = new Set(all.map(({ field }) => field.stored)).size > 1;
  const present: typeof all = [];
  for (const one of all) if (!isMixed || !(await isEmpty(session, one.each.part, one.field))) present.push(one);
  const [lead = all[0], ...rest] = present;
  if (lead === undefined) throw new Error(`no part has the column ${name}`);
  const odd = rest.find(({ field }) => field.stored !== lead.field.stored);
  if (odd !== undefined) throw otherKind(lead, odd, name);
  const type = commonType([lead, ...rest].map(({ field }) => field));
  return { ...lead.field, type, exactDigits: /BIGINT|HUGEINT|DECIMAL/.test(type) };
}

const isWhole = (type: string) => /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(type);

/** A type that loses nothing of any of them, or a double. */
function commonType(fields: readonly PartField[]): string {
  const types = new Set(fields.map(({ type }) => type));
  const [only = "VARCHAR"] = types;
  if (types.size === 1) return only;
  if (fields[0]?.stored !== "number") return "VARCHAR";
  if (![...types].every(isWhole)) return "DOUBLE";
  return types.has("UBIGINT") ? "DECIMAL(20,0)" : "BIGINT";
}

interface Owned {
  readonly each: FilePart;
  readonly field: PartField;
}

const otherKind = (first: Owned, other: Owned, name: string) =>
  new Problem(
    "TABLE_COLUMNS_DIFFER",
    `column ${quoted(name)} is ${other.field.stored} in ${quoted(other.each.name)}, but ${first.field.stored} in ${quoted(first.each.name)}`,
    { file: other.each.path, remedy: "Write the column alike in all files of the table." },
  );

const piecesOf = ({ pieces, width }: Part) =>
  `read_parquet([${list(pieces.map(({ path }) => literal(path)))}], hive_partitioning = false) AS t(${list(Array.from({ length: width }, (_, at) => `c${at}`))})`;

async function isEmpty(session: Session, part: Part, { sql }: PartField): Promise<boolean> {
  const [[values] = []] = await session.rows(`SELECT count(${sql}) FROM ${piecesOf(part)}`, part.file);
  return Number(values) === 0;
}

async function copied(session: Session, part: Part, target: readonly PartField[]): Promise<Part> {
  const path = session.place("parquet");
  const columns = target.map(({ name, sql, type }) => `CAST(${fieldOf(part, name)?.sql ?? "NULL"} AS ${type}) AS ${sql}`);
  await session.run(
    `COPY (SELECT ${list(columns)} FROM ${piecesOf(part)}) TO ${literal(path)} (FORMAT parquet, COMPRESSION lz4)`,
    part.file,
  );
  return { ...part, pieces: [{ path, rows: part.rows }], width: target.length, fields: target };
}
