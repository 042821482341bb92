import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { patienceMs, refusing, standsInTheWay } from "./refusal.ts";
import { sqliteDialect } from "./sqlite.ts";

/** A measurement as the index knows it; the evidence file is the truth. */
export interface MeasurementRow {
  readonly key: string;
  readonly evidence: string;
  readonly control: string;
  /** What was asked of which artefacts, whatever the seed, budget and code. */
  readonly about: string;
  readonly measuredAt: string;
}

export interface AssessmentRow {
  readonly evidence: string;
  readonly finishedAt: string;
}

interface Tables {
  measurement: MeasurementRow;
  assessment: AssessmentRow;
}

/** The index: fast answers from what evidence holds. Deleting it loses nothing. */
export interface Store {
  addMeasurement(row: MeasurementRow): Promise<void>;
  measurement(key: string): Promise<MeasurementRow | null>;
  latestAbout(about: string): Promise<MeasurementRow | null>;
  addAssessment(row: AssessmentRow): Promise<void>;
  latestAssessment(): Promise<AssessmentRow | null>;
  /** The evidence that stands in the index. */
  known(): Promise<Set<string>>;
  /** Leaves out what is no evidence any more. */
  forget(evidence: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Raised with every change of the tables: an index of another version is set aside and made anew. */
const version = 1;

const tables = `
  CREATE TABLE IF NOT EXISTS measurement (key TEXT NOT NULL, evidence TEXT PRIMARY KEY, control TEXT NOT NULL, about TEXT NOT NULL, measuredAt TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS measurement_key ON measurement (key, measuredAt);
  CREATE INDEX IF NOT EXISTS measurement_about ON measurement (about, measuredAt);
  CREATE TABLE IF NOT EXISTS assessment (evidence TEXT PRIMARY KEY, finishedAt TEXT NOT NULL) STRICT;
`;

/**
 * Opens the index at `path`, making it when it is missing, of another version, or damaged (then the old file is kept beside it). This and everything that is
 * asked of it throws FILES_REFUSED where the disk is full, or another program holds the file, or it may not be written.
 */
export async function openStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true });
  if (existsSync(path) && !isUsable(path)) await setAside(path);
  return refusing(path, () => {
    const database = new DatabaseSync(path, { timeout: patienceMs });
    try {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${version}; COMMIT;`);
      return storeOver(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** The evidence that the index at `path` knows; null where it is missing or cannot be used. Nothing is made, mended or moved. */
export function glance(path: string): Set<string> | null {
  try {
    if (!existsSync(path) || !isUsable(path)) return null;
    const database = new DatabaseSync(path, { readOnly: true, timeout: patienceMs });
    try {
      const rows = database.prepare("SELECT evidence FROM measurement UNION SELECT evidence FROM assessment").all();
      return new Set(rows.map(({ evidence }) => String(evidence)));
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

function storeOver(database: DatabaseSync, path: string): Store {
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(database, path) });
  return {
    async addMeasurement(row) {
      await kysely
        .insertInto("measurement")
        .values(row)
        .onConflict((conflict) => conflict.column("evidence").doNothing())
        .execute();
    },
    async measurement(key) {
      const rows = kysely.selectFrom("measurement").selectAll().where("key", "=", key);
      return (await rows.orderBy("measuredAt", "desc").limit(1).executeTakeFirst()) ?? null;
    },
    async latestAbout(about) {
      const rows = kysely.selectFrom("measurement").selectAll().where("about", "=", about);
      return (await rows.orderBy("measuredAt", "desc").limit(1).executeTakeFirst()) ?? null;
    },
    async addAssessment(row) {
      await kysely
        .insertInto("assessment")
        .values(row)
        .onConflict((conflict) => conflict.column("evidence").doNothing())
        .execute();
    },
    async latestAssessment() {
      return (await kysely.selectFrom("assessment").selectAll().orderBy("finishedAt", "desc").limit(1).executeTakeFirst()) ?? null;
    },
    async known() {
      const measurements = await kysely.selectFrom("measurement").select("evidence").execute();
      const assessments = await kysely.selectFrom("assessment").select("evidence").execute();
      return new Set([...measurements, ...assessments].map(({ evidence }) => evidence));
    },
    async forget(evidence) {
      for (const each of evidence) {
        await kysely.deleteFrom("measurement").where("evidence", "=", each).execute();
        await kysely.deleteFrom("assessment").where("evidence", "=", each).execute();
      }
    },
    close: () => kysely.destroy(),
  };
}

/** An empty file is one that another run is just making; one that is held, or may not be read, is not damaged: opening it tells. */
function isUsable(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: patienceMs });
    try {
      const found = database.prepare("PRAGMA user_version").get()?.user_version;
      const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
      return check === "ok" && (found === version ? holdsTables(database) : found === 0 && isEmpty(database));
    } finally {
      database.close();
    }
  } catch (error) {
    return standsInTheWay(error);
  }
}

const isEmpty = (database: DatabaseSync) => database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n === 0;

/** Throws where a column is missing. */
function holdsTables(database: DatabaseSync): boolean {
  database.prepare("SELECT key, evidence, control, about, measuredAt FROM measurement");
  database.prepare("SELECT evidence, finishedAt FROM assessment");
  return true;
}

/** Deletes the index: the evidence makes it again. */
export async function removeStore(path: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) await rm(path + suffix, { force: true });
}

/** A database is three files: the journal must not outlive it. */
async function setAside(path: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(path + suffix)) await rename(path + suffix, `${path}.old${suffix}`);
  }
}
