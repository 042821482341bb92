import type { ColumnKind, Table, TableFacts, TableSource } from "./table.ts";

/** What an engine may use. */
export interface EngineLimits {
  /** For the engine's own memory and for each table that it hands out. */
  readonly memoryBytes: number;
  readonly threads?: number;
  /** An existing folder for what does not fit into memory; what the engine puts there is gone after `close`. */
  readonly spillFolder: string;
}

export interface ReadOptions {
  /** The first rows alone. */
  readonly limit?: number;
  /** Reads columns as this kind whatever the file suggests: the splits of a dataset must agree. A value that cannot be read so is a Problem. */
  readonly kinds?: { readonly [column: string]: ColumnKind };
}

export interface Group {
  /** One per column asked for; null where missing. */
  readonly values: readonly (string | null)[];
  readonly rows: number;
}

export interface Overlap {
  /** Rows of b that also stand in a. */
  readonly rows: number;
  readonly bRows: number;
  /** The first of them by their place in b, each with its first twin in a. */
  readonly pairs: readonly { readonly a: number; readonly b: number }[];
}

export interface Conflicts {
  /** Sets of rows with equal features and more than one label. */
  readonly groups: number;
  /** Rows in those groups. */
  readonly rows: number;
  /** Of those rows, the ones beyond each group's most frequent label: no function of the features answers them right. */
  readonly minority: number;
  /** Those groups whose rows come from more than one source. */
  readonly groupsAcross: number;
  /** The first groups, by their first row; at most 10 rows of each. */
  readonly examples: readonly (readonly { readonly source: number; readonly row: number; readonly label: string }[])[];
}

export interface Duplicates {
  /** Sets of equal rows, of two or more. */
  readonly groups: number;
  /** Rows that repeat an earlier one. */
  readonly rows: number;
  /** The first of them, each with the first row that it repeats. */
  readonly pairs: readonly { readonly first: number; readonly row: number }[];
}

export type Columns = readonly string[] | "all";

/**
 * Reads tables and answers questions about them. A row is named by its 0-based place among the data rows of its file, which does not change as long as the file does not;
 * a CSV's header and blank lines do not count. Missing equals missing. Everything wrong with a file is a Problem that names it.
 */
export interface Engine extends AsyncDisposable {
  describe(source: TableSource): Promise<TableFacts>;
  /** In the order of the file's rows. */
  read(source: TableSource, columns: Columns, options?: ReadOptions): Promise<Table>;
  /** The same in pieces of `batch` rows, the last one shorter; each piece has categories of its own. */
  stream(source: TableSource, columns: Columns, options: ReadOptions & { readonly batch: number }): AsyncIterable<Table>;
  /** The most frequent first; at most 100,000 groups, else a Problem. */
  countBy(source: TableSource, columns: readonly string[]): Promise<readonly Group[]>;
  /** Rows equal in all of `columns`; `most` pairs at most (100). */
  overlap(a: TableSource, b: TableSource, columns: readonly string[], options?: { readonly most?: number }): Promise<Overlap>;
  /** Rows equal in all of `features` that bear different labels, within a source or across several; a missing label conflicts with none. */
  conflicts(
    sources: readonly TableSource[],
    features: readonly string[],
    label: string,
    options?: { readonly most?: number },
  ): Promise<Conflicts>;
  duplicates(source: TableSource, columns: Columns, options?: { readonly most?: number }): Promise<Duplicates>;
  close(): Promise<void>;
}
