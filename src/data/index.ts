import { openDuckDb } from "./duckdb/index.ts";
import type { Engine, EngineLimits } from "./engine.ts";

export type { Columns, Conflicts, Duplicates, Engine, EngineLimits, Group, Overlap, ReadOptions } from "./engine.ts";
export { arraysIn, type Elements, type ElementType, openArray, type StoredArray } from "./numpy/index.ts";
export { selectRows, sliceRows } from "./select.ts";
export type { Column, ColumnFacts, ColumnKind, ImageColumn, NumberColumn, Table, TableFacts, TableSource, TextColumn } from "./table.ts";

/** The engine that reads tables; DuckDB today. Nothing native is loaded before this is called. */
export const openEngine = (limits: EngineLimits): Promise<Engine> => openDuckDb(limits);
