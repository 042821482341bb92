/** Where a table lies. Paths are absolute and already checked to lie inside the project. */
export interface TableSource {
  readonly path: string;
  readonly format: "csv" | "parquet";
  /** Texts that mean "missing", beside the empty field; as declared. */
  readonly missing?: readonly string[];
}

export type ColumnKind = "number" | "boolean" | "date" | "text";

/** What is known of a column after one pass over its file. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly missing: number;
  /** Different values; exact up to 1,000, an estimate above. */
  readonly distinct: number;
  /** Numbers only. */
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** The most frequent values of a text or boolean column, at most 20, with their counts. */
  readonly values?: readonly { readonly value: string; readonly rows: number }[];
}

export interface TableFacts {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
}

/** Numbers; NaN where missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}

/** Texts, booleans and dates as codes into `categories`; -1 where missing. */
export interface TextColumn {
  readonly kind: "text";
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** Some columns of a table, in memory, in the order of the file's rows. */
export interface Table {
  readonly rows: number;
  readonly columns: { readonly [name: string]: Column };
}
