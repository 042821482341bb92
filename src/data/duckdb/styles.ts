import { quoted } from "../../base/index.ts";
import type { ColumnKind, DateReading, NumberReading, ReadHints } from "../table.ts";
import { askEach, type Kinds } from "./kinds.ts";
import { rowId } from "./part.ts";
import type { Session } from "./session.ts";
import { type Field, styledView, type View } from "./view.ts";
import {
  type DateStyle,
  dateStyles,
  isDated,
  isOfTriples,
  isWritten,
  losesDigits,
  type NumberStyle,
  numberStyles,
  usesGroups,
  usesMark,
} from "./written.ts";

/** The columns of a text file that are written in another way than the plain one, and what could not be told. */
export interface Styles {
  readonly view: View;
  readonly found: Kinds;
  readonly numbers: readonly NumberReading[];
  readonly dates: readonly DateReading[];
  readonly notes: readonly string[];
}

/** Every value of such a column is written so, hence the first ones tell which columns are worth a look at the whole. */
const firstRows = 2048;

/**
 * Finds numbers like 1.234,5 and dates like 31/12/2024 in the columns that are text when read plainly. A column is read so when all its values allow it and nothing else is possible; where two
 * readings are, another column of the same file may prove one, or the declaration says which: else the column stays what it is, and a note says so.
 */
export async function stylesOf(session: Session, view: View, found: Kinds, hints: ReadHints): Promise<Styles> {
  const numbers = await numbersOf(session, view, found, hints);
  const dates = await datesOf(session, view, found, hints);
  const styles = new Map<string, Pick<Field, "numbers" | "dates">>([
    ...numbers.styles.map(({ name, style }) => [name, { numbers: style }] as const),
    ...dates.styles.map(({ name, style }) => [name, { dates: style }] as const),
  ]);
  const notes = [...numbers.notes, ...dates.notes];
  if (styles.size === 0) return { view, found, numbers: [], dates: [], notes };
  const kindOf = (name: string, kind: ColumnKind) => {
    const style = styles.get(name);
    return style?.numbers !== undefined ? "number" : style?.dates !== undefined ? "date" : kind;
  };
  const kinds = view.fields.map(({ name }, at) => kindOf(name, found.kinds[at] ?? "text"));
  return {
    view: styledView(view, styles),
    found: { kinds, mixed: view.fields.map(({ name }, at) => !styles.has(name) && (found.mixed[at] ?? false)) },
    numbers: numbers.styles.map(({ name, style: { decimal, thousands } }) => ({ column: name, decimal, thousands })),
    dates: dates.styles.map(({ name, style: { order }, example }) => ({ column: name, order, example })),
    notes,
  };
}

interface Found<S> {
  readonly styles: readonly { readonly name: string; readonly style: S; readonly example: string }[];
  readonly notes: readonly string[];
}

/** A column, and the ways in which its values may be written. */
interface Candidate<S> extends Field {
  readonly ways: readonly S[];
}

/** The columns of these kinds whose first rows are all written in one of the ways: only those ways are asked of the whole. */
async function candidates<S>(
  session: Session,
  view: View,
  { kinds }: Kinds,
  ways: readonly S[],
  { isOne, as }: { isOne: (bare: string, way: S) => string; as: readonly ColumnKind[] },
): Promise<Candidate<S>[]> {
  const open = view.fields.filter(({ inferred }, at) => inferred === "any" && as.includes(kinds[at] ?? "text"));
  const answers = await askEach(
    session,
    view,
    open,
    ({ bare }) => [`count(${bare})`, ...ways.map((way) => `count_if(${isOne(bare, way)})`)],
    { firstRows },
  );
  return open.flatMap((field, at) => {
    const [values = 0, ...counts] = (answers[at] ?? []).map(Number);
    const left = ways.filter((_, way) => counts[way] === values);
    return left.length === 0 ? [] : [{ ...field, ways: left }];
  });
}

async function numbersOf(session: Session, view: View, found: Kinds, hints: ReadHints): Promise<Found<NumberStyle>> {
  const possible = numberStyles.filter((style) => isDeclared(style, hints));
  const isTold = hints.decimal !== undefined || hints.thousands !== undefined;
  const open = await candidates(session, view, found, possible, { isOne: isWritten, as: isTold ? ["text", "number"] : ["text"] });
  const answers = await askEach(session, view, open, ({ bare, ways }) => [
    `count(${bare})`,
    `count_if(${losesDigits(bare)})`,
    `arg_min(${bare}, ${rowId}) FILTER (WHERE NOT regexp_full_match(${bare}, '[+-]?[0-9]+'))`,
    ...ways.flatMap((way) => [isWritten, usesMark, usesGroups, isOfTriples].map((test) => `count_if(${test(bare, way)})`)),
  ]);
  const columns = open.map(({ name, ways }, at) => weighed(name, ways, answers[at] ?? []));
  return decided(columns, isTold);
}

/** A decimal mark that is declared leaves the ways with it; so does a mark for thousands, beside those that need none. */
const isDeclared = (style: NumberStyle, { decimal, thousands }: ReadHints) =>
  (decimal === undefined || style.decimal === decimal) &&
  (thousands === undefined || style.thousands === thousands || (style.thousands === "" && decimal !== undefined));

/** A column, with the ways that all of its values allow. */
interface Weighed {
  readonly name: string;
  readonly example: string;
  readonly ways: readonly { readonly style: NumberStyle; readonly marks: number; readonly groups: number; readonly isOfTriples: boolean }[];
}

function weighed(name: string, ways: readonly NumberStyle[], [values, losing, example, ...answers]: readonly unknown[]): Weighed {
  const counts = answers.map(Number);
  const fit = ways.flatMap((style, at) => {
    const [written = 0, marks = 0, groups = 0, triples = 0] = counts.slice(4 * at, 4 * at + 4);
    const isUsed = marks > 0 || groups > 0;
    return written === Number(values) && isUsed && Number(losing) === 0 ? [{ style, marks, groups, isOfTriples: triples === written }] : [];
  });
  return { name, example: String(example), ways: fit };
}

/** The comma of 1,234 groups thousands or marks a fraction; a column where it can only be one of them proves which for the whole file. */
function decided(columns: readonly Weighed[], isTold: boolean): Found<NumberStyle> {
  const open = columns.map((column) => ({ column, comma: bestOf(column, ","), point: bestOf(column, ".") }));
  const isOpen = ({ comma, point }: (typeof open)[number]) => comma !== undefined && point?.style.thousands === ",";
  const sure = open.filter((one) => !isOpen(one));
  const proofs = new Set(sure.flatMap(({ comma, point }) => ((comma?.marks ?? 0) > 0 ? [","] : (point?.marks ?? 0) > 0 ? ["."] : [])));
  const styles: Found<NumberStyle>["styles"][number][] = [];
  const notes: string[] = [];
  for (const one of open) {
    const { column, comma, point } = one;
    const [proof] = proofs;
    const ambiguous = isOpen(one) && !isTold && proofs.size !== 1;
    const way = isOpen(one) ? (proof === "," ? comma : proof === "." ? point : (comma ?? point)) : (comma ?? point);
    if (way === undefined) continue;
    if (ambiguous) notes.push(openNumber(column));
    else if (way.isOfTriples && !isTold) notes.push(likeIdentifier(column));
    else styles.push({ name: column.name, style: way.style, example: column.example });
    if (isOpen(one) && !ambiguous && !isTold) notes.push(byOthers(column, way.style));
  }
  return { styles, notes };
}

const bestOf = ({ ways }: Weighed, decimal: "." | ",") => ways.find(({ style }) => style.decimal === decimal);

const openNumber = ({ name, example }: Weighed) =>
  `Column ${quoted(name, 40)} stays text: ${quoted(example, 20)} can be a little over one or more than a thousand. Say which: \`read: { decimal: "," }\` or \`read: { thousands: "," }\`.`;

const likeIdentifier = ({ name, example }: Weighed) =>
  `Column ${quoted(name, 40)} stays text: ${quoted(example, 20)} and all others have groups of three digits, as identifiers do. If they are numbers, declare \`read: { thousands: ... }\`.`;

const byOthers = ({ name, example }: Weighed, { decimal }: NumberStyle) =>
  `Column ${quoted(name, 40)}: the comma of ${quoted(example, 20)} is read as ${decimal === "," ? "a decimal one" : "one that groups thousands"}, as in other columns of the file.`;

async function datesOf(session: Session, view: View, found: Kinds, { dates: declared }: ReadHints): Promise<Found<DateStyle>> {
  const open = await candidates(session, view, found, dateStyles, { isOne: isDated, as: ["text"] });
  const answers = await askEach(session, view, open, ({ bare, ways }) => [
    `count(${bare})`,
    `arg_min(${bare}, ${rowId})`,
    ...ways.map((style) => `count_if(${isDated(bare, style)})`),
  ]);
  const columns = open.flatMap(({ name, ways }, at) => {
    const [values, example, ...counts] = answers[at] ?? [];
    const fit = ways.filter((_, way) => Number(counts[way]) === Number(values));
    return fit.length === 0 ? [] : [{ name, example: String(example), fit }];
  });
  const proofs = new Set(columns.flatMap(({ fit: [only, ...others] }) => (only !== undefined && others.length === 0 ? [only.order] : [])));
  const [proof] = proofs;
  const order = declared ?? (proofs.size === 1 ? proof : undefined);
  const styles: Found<DateStyle>["styles"][number][] = [];
  const notes: string[] = [];
  for (const { name, example, fit } of columns) {
    const style = fit.length === 1 ? fit[0] : fit.find((way) => way.order === order);
    if (style === undefined) notes.push(openDate(name, example));
    else styles.push({ name, style, example });
    if (style !== undefined && fit.length > 1 && declared === undefined)
      notes.push(`Column ${quoted(name, 40)}: ${quoted(example, 20)} is read ${style.order}, as in other columns of the file.`);
  }
  return { styles, notes };
}

const openDate = (name: string, example: string) =>
  `Column ${quoted(name, 40)} stays text: nothing tells whether ${quoted(example, 20)} begins with the day or the month. Say which: \`read: { dates: day-first }\` or \`month-first\`.`;
