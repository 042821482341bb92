import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../../base/index.ts";
import { keyLength, openKeyIndex } from "./key-index.ts";

/** What was answered to one row, as it was answered: a label, scores in the order of the classes or by their names, or both. */
export interface Raw {
  readonly label: string | number | boolean | null;
  readonly scores: readonly number[] | { readonly [name: string]: number } | null;
}

/** What was asked of one endpoint and what it answered, over all runs. Booked questions count as spent, whatever becomes of them. */
export interface Ledger extends Disposable {
  /** Questions that were booked, over all runs and by all processes. */
  readonly spent: number;
  /** Rows whose answers are kept. */
  readonly answered: number;
  /** Books up to `wanted` questions within `budget`, and is on disk when it returns how many. */
  book(wanted: number, budget: number): number;
  /** Questions that were booked and never sent. */
  unbook(questions: number): void;
  find(key: string): Raw | null;
  /** On disk at once where the last writing is a tenth of a second ago; else with the next answers, the next booking or `flush`. */
  keep(keys: readonly string[], answers: readonly Raw[]): void;
  flush(): void;
  /** Sees what other processes have kept since. */
  refresh(): void;
  /** Small facts about the endpoint, by name. */
  fact(name: string): unknown;
  setFact(name: string, value: unknown): void;
}

interface Asked {
  /** All keys of a record, one behind the other. */
  readonly keys: string;
  readonly answers: readonly Raw[];
}

/** Answers a record, at most: it is read as a whole. */
const recordRows = 1024;

const schema = `
  CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY CHECK (id = 1), spent INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO account VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS asked (id INTEGER PRIMARY KEY, keys BLOB NOT NULL, answers TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`;
const recentRecords = 16;
/** A process that is killed loses the answers of this time at most: each writing waits for the disk. */
const mostUnwrittenMs = 100;

/** Opens or makes the ledger in `path`. Throws LEDGER_DAMAGED where the file is none: what was spent is then not known. */
export function openLedger(path: string): Ledger {
  mkdirSync(dirname(path), { recursive: true });
  const database = guarded(path, () => {
    const opened = new DatabaseSync(path, { timeout: 30_000 });
    opened.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    opened.exec(schema);
    return opened;
  });
  const statement = {
    spent: database.prepare("SELECT spent FROM account"),
    spend: database.prepare("UPDATE account SET spent = spent + ?"),
    insert: database.prepare("INSERT INTO asked (keys, answers) VALUES (?, ?)"),
    since: database.prepare("SELECT id, keys FROM asked WHERE id > ? ORDER BY id"),
    one: database.prepare("SELECT keys, answers FROM asked WHERE id = ?"),
    fact: database.prepare("SELECT value FROM facts WHERE name = ?"),
    setFact: database.prepare("INSERT OR REPLACE INTO facts VALUES (?, ?)"),
  };
  const index = openKeyIndex();
  const recent = new Map<number, Asked>();
  let last = 0;
  /** What is kept and not yet on disk, and the same as it will be written. */
  const unwritten = new Map<string, Raw>();
  let pendingKeys: string[] = [];
  let pendingAnswers: Raw[] = [];
  let writtenAt = performance.now();

  const atOnce = <T>(work: () => T): T =>
    guarded(path, () => {
      database.exec("BEGIN IMMEDIATE");
      try {
        const done = work();
        database.exec("COMMIT");
        return done;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    });
  const spent = () => Number(statement.spent.get()?.spent ?? 0);
  const noted = (id: number, keys: string) => {
    for (let at = 0; at < keys.length; at += keyLength) index.add(keys.slice(at, at + keyLength), id);
    last = id;
  };
  const refresh = () => {
    for (const row of statement.since.iterate(last)) noted(Number(row.id), text(row.keys));
  };
  /** Gives back what is to be done once it is on disk. */
  const write = () => {
    const made: { readonly id: number; readonly keys: string }[] = [];
    for (let from = 0; from < pendingKeys.length; from += recordRows) {
      const keys = pendingKeys.slice(from, from + recordRows).join("");
      const answers = JSON.stringify(pendingAnswers.slice(from, from + recordRows));
      made.push({ id: Number(statement.insert.run(Buffer.from(keys, "latin1"), answers).lastInsertRowid), keys });
    }
    return () => {
      unwritten.clear();
      pendingKeys = [];
      pendingAnswers = [];
      writtenAt = performance.now();
      // Where another process has written between, its records come first.
      if (made.some(({ id }, at) => id !== last + 1 + at)) return refresh();
      for (const { id, keys } of made) noted(id, keys);
    };
  };
  const record = (id: number): Asked => {
    const known = recent.get(id);
    if (known !== undefined) return known;
    const row = statement.one.get(id);
    if (row === undefined) throw damaged(path);
    const found: Asked = { keys: text(row.keys), answers: JSON.parse(String(row.answers)) as Raw[] };
    recent.set(id, found);
    for (const oldest of recent.keys()) if (recent.size > recentRecords) recent.delete(oldest);
    return found;
  };
  const flush = () => {
    if (unwritten.size > 0) atOnce(write)();
  };
  guarded(path, refresh);

  return {
    get spent() {
      return guarded(path, spent);
    },
    get answered() {
      return index.size;
    },
    book(wanted, budget) {
      const { free, written } = atOnce(() => {
        const free = Math.max(0, Math.min(wanted, budget - spent()));
        if (free > 0) statement.spend.run(free);
        return { free, written: write() };
      });
      written();
      return free;
    },
    unbook(questions) {
      if (questions > 0) atOnce(() => statement.spend.run(-questions));
    },
    find(key) {
      const fresh = unwritten.get(key);
      if (fresh !== undefined) return fresh;
      let place = -1;
      const id = index.find(key, (candidate) => {
        place = placeIn(record(candidate).keys, key);
        return place >= 0;
      });
      return id === null ? null : (record(id).answers[place] ?? null);
    },
    keep(keys, answers) {
      for (let at = 0; at < keys.length; at++) unwritten.set(keys[at]!, answers[at]!);
      pendingKeys.push(...keys);
      pendingAnswers.push(...answers);
      if (performance.now() - writtenAt > mostUnwrittenMs) flush();
    },
    flush,
    refresh: () => guarded(path, refresh),
    fact(name) {
      const row = guarded(path, () => statement.fact.get(name));
      return row === undefined ? null : (JSON.parse(String(row.value)) as unknown);
    },
    setFact: (name, value) => atOnce(() => statement.setFact.run(name, JSON.stringify(value))),
    [Symbol.dispose]: () => database.close(),
  };
}

const text = (blob: unknown) => Buffer.from(blob as Uint8Array).toString("latin1");

function placeIn(keys: string, key: string): number {
  for (let at = keys.indexOf(key); at >= 0; at = keys.indexOf(key, at + 1)) if (at % keyLength === 0) return at / keyLength;
  return -1;
}

/** SQLite's own words for a file that is none of its own, or is broken; what the operating system refuses is told as such. */
function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, errstr = "" } = error as { code?: string; errstr?: string };
    if (code !== "ERR_SQLITE_ERROR") throw error;
    if (/not a database|malformed|no such|constraint/i.test(`${errstr} ${(error as Error).message}`)) throw damaged(path);
    throw new Problem("FILES_REFUSED", `the record of what was asked cannot be used: ${errstr || (error as Error).message}`, {
      file: path,
      remedy: "Make room, or give yourself the right to write there; then run it again.",
    });
  }
}

const damaged = (path: string) =>
  new Problem("LEDGER_DAMAGED", "the record of what was asked of this endpoint is damaged", {
    file: path,
    remedy:
      "Put it back from a copy. If there is none, delete it: then nothing counts as asked, so lower `queries` by what may have been spent.",
  });
