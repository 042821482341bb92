import { Problem, quoted } from "../../base/index.ts";
import type { Columns, Engine, EngineLimits, ReadOptions } from "../engine.ts";
import type { ColumnKind, Reading, TableSource } from "../table.ts";
import { type Chosen, commonKind, conflicts, countBy, duplicates, overlap } from "./compare.ts";
import { describe } from "./describe.ts";
import { type Kinds, kindsOf } from "./kinds.ts";
import type { Relation } from "./part.ts";
import { checkFit, readTable, streamTables } from "./read.ts";
import { relations } from "./relation.ts";
import { openSession } from "./session.ts";
import { type Styles, stylesOf } from "./styles.ts";
import { type View, viewOf, type Wanted } from "./view.ts";

interface Opened {
  readonly view: View;
  readonly found: Kinds;
  readonly reading: Reading;
}

const mostShown = 100;

const readingOf = (reading: Relation["reading"], { numbers, dates, notes }: Styles): Reading => ({
  ...reading,
  ...(numbers.length === 0 ? {} : { numbers }),
  ...(dates.length === 0 ? {} : { dates }),
  notes: [...reading.notes, ...notes],
});

/** The engine with DuckDB behind it. Its native library reads hostile bytes: open it in an isolated process. */
export async function openDuckDb(limits: EngineLimits): Promise<Engine> {
  const session = await openSession(limits);
  const open = relations(session);
  const views = new WeakMap<Relation, Map<string, Promise<Opened>>>();

  const look = async (relation: Relation, source: TableSource): Promise<Opened> => {
    const plain = viewOf(relation, source);
    const styles = await stylesOf(session, plain, await kindsOf(session, plain), source.read ?? {});
    return { view: styles.view, found: styles.found, reading: readingOf(relation.reading, styles) };
  };

  /** What is seen of a file depends on what counts as missing. */
  const opened = async (source: TableSource): Promise<Opened> => {
    const relation = await open(source);
    const known = views.get(relation) ?? new Map<string, Promise<Opened>>();
    views.set(relation, known);
    const key = JSON.stringify([source.missing ?? [], source.trim === true]);
    const seen = known.get(key) ?? look(relation, source);
    known.set(key, seen);
    return seen;
  };

  const wanted = async (source: TableSource, columns: Columns, options: ReadOptions = {}): Promise<Chosen> => {
    const { view, found } = await opened(source);
    const chosen = choose(view, found.kinds, columns, options);
    await checkFit(
      session,
      view,
      chosen.filter(({ field }) => options.kinds !== undefined && Object.hasOwn(options.kinds, field.name)),
    );
    return { view, columns: chosen };
  };

  /** The same columns of several sources, each as what it is in all of them. */
  const together = async (sources: readonly TableSource[], columns: Columns): Promise<Chosen[]> => {
    if (columns.length === 0) throw new RangeError("rows are compared by at least one column");
    const each = await Promise.all(sources.map((source) => wanted(source, columns)));
    const kindAt = (at: number) => commonKind(each.map((one) => one.columns[at]?.kind ?? "text"));
    return each.map(({ view, columns: own }) => ({ view, columns: own.map(({ field }, at) => ({ field, kind: kindAt(at) })) }));
  };

  const close = () => session.close();
  return {
    async describe(source) {
      const { view, found, reading } = await opened(source);
      return { ...(await describe(session, view, found)), reading };
    },
    async read(source, columns, options = {}) {
      const chosen = await wanted(source, columns, options);
      checkSize(chosen, options, limits);
      return readTable(session, chosen.view, chosen.columns, options);
    },
    async *stream(source, columns, options) {
      const chosen = await wanted(source, columns, options);
      yield* streamTables(session, chosen.view, chosen.columns, options);
    },
    async countBy(source, columns) {
      return countBy(session, await wanted(source, columns));
    },
    async overlap(a, b, columns, { most = mostShown } = {}) {
      const [inA, inB] = await together([a, b], columns);
      if (inA === undefined || inB === undefined) throw new Error("two sources give two tables");
      return overlap(session, inA, inB, most);
    },
    async conflicts(sources, features, label, { most = mostShown } = {}) {
      if (features.length === 0 || features.includes(label))
        throw new RangeError("the label stands apart from the features, of which there is at least one");
      return conflicts(session, await together(sources, [...features, label]), most);
    },
    async duplicates(source, columns, { most = mostShown } = {}) {
      return duplicates(session, await wanted(source, columns), most);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function choose({ fields, file }: View, kinds: readonly ColumnKind[], columns: Columns, options: ReadOptions): Wanted[] {
  const all = fields.map((field, at) => ({ field, kind: kindFor(field.name, kinds[at] ?? "text", options) }));
  if (columns === "all") return all;
  const byName = new Map(all.map((column) => [column.field.name, column]));
  return [...new Set(columns)].map((name) => byName.get(name) ?? missingColumn(name, file, [...byName.keys()]));
}

const kindFor = (name: string, found: ColumnKind, { kinds = {} }: ReadOptions): ColumnKind =>
  Object.hasOwn(kinds, name) ? (kinds[name] ?? found) : found;

function missingColumn(name: string, file: string, names: readonly string[]): never {
  const shown = names.slice(0, 20).map((known) => quoted(known, 40));
  const more = names.length > shown.length ? `, and ${names.length - shown.length} more` : "";
  throw new Problem("TABLE_COLUMN_MISSING", `there is no column ${quoted(name)}`, {
    file,
    remedy: `Its columns are ${shown.join(", ")}${more}.`,
  });
}

/** A table is handed out as a whole: 8 bytes a number, 4 a code. */
function checkSize({ view: { rows, file }, columns: wanted }: Chosen, { limit = rows }: ReadOptions, { memoryBytes }: EngineLimits): void {
  const bytes = Math.min(rows, limit) * wanted.reduce((sum, { kind }) => sum + (kind === "number" ? 8 : 4), 0);
  if (bytes <= memoryBytes) return;
  throw new Problem(
    "TABLE_TOO_LARGE",
    `${wanted.length} columns of ${rows} rows need ${Math.ceil(bytes / 2 ** 20)} MiB, of ${Math.floor(memoryBytes / 2 ** 20)} MiB`,
    {
      file,
      remedy: "Ask for fewer columns, or raise the limit with SEXTANT_MEMORY_MIB.",
    },
  );
}
