import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, Json } from "@duckdb/node-api";
import type { EngineLimits } from "../engine.ts";
import { problemOf } from "./errors.ts";
import { list, literal } from "./sql.ts";

/**
 * DuckDB in memory that can open the files it was allowed, and no other: no external access beside them, no extensions, its configuration locked.
 * What may be read cannot change once that is so; a new file needs a new instance, which takes a few milliseconds.
 */
export interface Session {
  /** A plain name (a link in our own folder) for a file that may be read from now on: no glob, quote or `key=value` folder in a path reaches DuckDB. */
  admit(path: string): Promise<string>;
  /** A place in our own folder for a file that DuckDB may write and read; no two are the same. */
  place(ending: string): string;
  /** Our own folder, for what is unpacked on the way. */
  readonly folder: string;
  /** What one batch of rows may take while it is read. */
  readonly batchBytes: number;
  run(sql: string, file: string): Promise<void>;
  /** All rows; counts and other 64-bit integers come as text. */
  rows(sql: string, file: string): Promise<Json[][]>;
  chunks(sql: string, file: string): AsyncIterable<DuckDBDataChunk>;
  /** One connection for several steps: the instance behind it stays for as long as the work takes. */
  connected<T>(file: string, work: (steps: Connected) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A connection whose failures are Problems about a file. */
export interface Connected {
  run(sql: string): Promise<void>;
  /** Appends a chunk to a temporary table. */
  append(table: string, chunks: Iterable<DuckDBDataChunk>): Promise<void>;
}

interface Running {
  readonly instance: DuckDBInstance;
  /** Questions under way; the last one out closes a retired instance. */
  users: number;
  retired: boolean;
}

export async function openSession(limits: EngineLimits): Promise<Session> {
  const duckdb = await import("@duckdb/node-api"); // native: it must not be loaded before somebody needs it
  const folder = await mkdtemp(join(limits.spillFolder, "tables-"));
  const links = new Map<string, string>();
  let places = 0;
  let running: Promise<Running> | undefined;

  const start = async (): Promise<Running> => {
    const instance = await duckdb.DuckDBInstance.create(":memory:", settings(limits, join(folder, "spill")));
    const connection = await instance.connect();
    await connection.run(`SET allowed_paths = [${list([...links.keys()].map(literal))}]`);
    await connection.run(`SET allowed_directories = [${literal(folder)}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    connection.closeSync();
    return { instance, users: 0, retired: false };
  };

  /** The next question gets a fresh instance; questions under way end on the old one. */
  const retire = async () => {
    const last = await running?.catch(() => undefined);
    running = undefined;
    if (last === undefined) return;
    last.retired = true;
    if (last.users === 0) last.instance.closeSync();
  };

  /** A connection for one question: a streamed result would break off when its connection is asked something else. */
  async function* connections(): AsyncGenerator<DuckDBConnection, void> {
    running ??= start();
    const used = await running;
    used.users++;
    const connection = await used.instance.connect();
    try {
      yield connection;
    } finally {
      connection.closeSync();
      if (--used.users === 0 && used.retired) used.instance.closeSync();
    }
  }

  /** An internal error leaves the instance unusable. */
  const guarded = async <T>(file: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (/INTERNAL Error|FATAL Error/.test(message)) await retire();
      throw problemOf(error, file);
    }
  };

  const once = async <T>(file: string, ask: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    for await (const connection of connections()) return await guarded(file, () => ask(connection));
    throw new Error("no connection");
  };

  const steps = (connection: DuckDBConnection, file: string): Connected => ({
    run: (sql) => guarded(file, async () => void (await connection.run(sql))),
    append: (table, chunks) =>
      guarded(file, async () => {
        const appender = await connection.createAppender(table, undefined, "temp");
        for (const chunk of chunks) appender.appendDataChunk(chunk);
        appender.closeSync();
      }),
  });

  return {
    async admit(path) {
      const known = links.get(path);
      if (known !== undefined) return known;
      const link = join(folder, `table-${links.size}`);
      links.set(path, link);
      await symlink(path, link, "file").catch(() => copyFile(path, link)); // Windows grants links to few
      await retire();
      return link;
    },
    place: (ending) => join(folder, `made-${places++}.${ending}`),
    folder,
    batchBytes: Math.floor(limits.memoryBytes / 2),
    run: (sql, file) => once(file, async (connection) => void (await connection.run(sql))),
    rows: (sql, file) => once(file, async (connection) => (await connection.runAndReadAll(sql)).getRowsJson()),
    async *chunks(sql, file) {
      for await (const connection of connections()) {
        const result = await guarded(file, () => connection.stream(sql));
        for (;;) {
          const chunk = await guarded(file, () => result.fetchChunk());
          if (chunk === null || chunk.rowCount === 0) return;
          yield chunk;
        }
      }
    },
    async connected(file, work) {
      for await (const connection of connections()) return await work(steps(connection, file));
      throw new Error("no connection");
    },
    async close() {
      await retire();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const settings = ({ memoryBytes, threads = 2 }: EngineLimits, spill: string): Record<string, string> => ({
  threads: String(threads),
  memory_limit: `${memoryBytes}B`,
  temp_directory: spill,
  max_temp_directory_size: `${Math.max(64 * memoryBytes, 2 ** 33)}B`,
  preserve_insertion_order: "true",
  enable_external_file_cache: "false", // a file may be written again while we live
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  allow_unsigned_extensions: "false",
  allow_persistent_secrets: "false",
});
