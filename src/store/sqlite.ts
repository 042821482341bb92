import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { refusing } from "./refusal.ts";

/** Kysely over Node's own SQLite: one connection, queries in the order they come. `path` is what its problems name. */
export function sqliteDialect(database: DatabaseSync, path: string): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      return { rows: refusing(path, () => database.prepare(sql).all(...(parameters as SQLInputValue[])) as R[]) };
    },
    streamQuery() {
      throw new Error("the index never streams: it holds few rows");
    },
  };
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql)).then(() => undefined);
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: () => run("BEGIN IMMEDIATE"),
      commitTransaction: () => run("COMMIT"),
      rollbackTransaction: () => run("ROLLBACK"),
      releaseConnection: async () => undefined,
      destroy: async () => database.close(),
    }),
  };
}
