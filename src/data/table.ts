/** Where a table lies. Paths are absolute and already checked to lie inside the project. */
export interface TableSource {
  readonly path: string;
  readonly format: "csv" | "parquet";
  /** Texts that mean "missing", beside the empty field, as declared; compared without the blanks around them. On number columns they are compared as numbers. */
  readonly missing?: readonly string[];
  /** Cut the blanks around texts. Without it a text stays as written, as a model trained with pandas has seen it (" Private"). */
  readonly trim?: boolean;
}

/**
 * `number`: every value is a number. In a CSV a column with a leading zero ("007") or with a whole number of 2^53 or more is text, because as a number it would lose digits;
 * such whole numbers of a Parquet file are text for the same reason. `boolean`: true and false in any case. `date`: ISO 8601 dates or times. `text`: all else.
 * A CSV column without any value is `number`, as pandas has it.
 */
export type ColumnKind = "number" | "boolean" | "date" | "text";

/** What is known of a column after looking at its whole file. */
export interface ColumnFacts {
  readonly name: string;
  /** `image`: pictures of one size, read as `Table.images`. */
  readonly kind: ColumnKind | "image";
  /** Rows without a value: empty, NaN, or declared as missing. */
  readonly missing: number;
  /** Different values; exact up to 1,000, an estimate above. */
  readonly distinct: number;
  /** Numbers only: every finite value is whole. */
  readonly integer?: boolean;
  /** Of the finite numbers; absent when there is none. */
  readonly min?: number;
  readonly max?: number;
  /** Rows with an infinite number; absent when there is none. */
  readonly infinite?: number;
  /** Rows whose text begins or ends with a blank; absent when there is none. */
  readonly padded?: number;
  /** Texts of a CSV, some of which are numbers: the first value, cut, that is none. */
  readonly noNumber?: { readonly row: number; readonly value: string };
  /** The most frequent values of a column that is not a number, at most 20, with their counts; the more frequent first. */
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

/** Texts, booleans ("true", "false") and dates as codes into `categories`, which are sorted; -1 where missing. */
export interface TextColumn {
  readonly kind: "text";
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** Pictures of one size, read when they are asked for: they may be larger than memory together. */
export interface ImageColumn {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** The pictures of these rows of the table, row-major [rows, height, width, channels]; red, green, blue; 0 to 255 as bytes, or numbers as stored in an array of floats. */
  read(rows: Int32Array): Promise<Uint8Array | Float32Array>;
}

/** Some columns of a table, in memory, in the order of the file's rows. `columns` has no prototype: any name is safe to look up. Its keys are not in the file's order when names are whole numbers ("1990"): TableFacts has that order. */
export interface Table {
  readonly rows: number;
  readonly columns: { readonly [name: string]: Column };
  /** Its columns of pictures, where it has any; without a prototype too. */
  readonly images?: { readonly [name: string]: ImageColumn };
}
