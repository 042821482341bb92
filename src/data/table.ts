import type { PictureFacts, PictureSource, Resizing } from "./images/types.ts";

export type TableFormat = "csv" | "parquet" | "json" | "arrow" | "numpy" | "images";

/** Where a table lies. Paths are absolute and already checked to lie inside the project. */
export interface TableSource {
  /** The table's file; the folder that `files` or `arrays` lie in where they are given. */
  readonly path: string;
  readonly format: TableFormat;
  /** The files of a table of several, by their paths from `path` with forward slashes, in the order of their rows. Folders called `key=value` give columns. */
  readonly files?: readonly string[];
  /** NumPy arrays of as many rows, by the names of the columns that they become. Left out: all arrays of the file, by their own names. */
  readonly arrays?: readonly ArraySource[];
  /** Texts that mean "missing", beside the empty field, as declared; compared without the blanks around them. On number columns they are compared as numbers. */
  readonly missing?: readonly string[];
  /** Cut the blanks around texts. Without it a text stays as written, as a model trained with pandas has seen it (" Private"). */
  readonly trim?: boolean;
  /** How the files are written, where it is declared: what is left out is found. */
  readonly read?: ReadHints;
  /** Of the format `images`. */
  readonly pictures?: PictureSource;
}

export type ArraySource = {
  readonly column: string;
  /** By its path from `path`. */
  readonly file: string;
  /** In an .npz file: the array's name. */
  readonly array?: string;
};

export const dateOrders = ["day-first", "month-first", "year-first"] as const;
export type DateOrder = (typeof dateOrders)[number];

/** What a declaration says of how text files are written. */
export type ReadHints = {
  /** One character. */
  readonly delimiter?: string;
  /** By a name that the WHATWG Encoding Standard knows. */
  readonly encoding?: string;
  readonly decimal?: "." | ",";
  readonly thousands?: "." | "," | " " | "'";
  readonly dates?: DateOrder;
};

/**
 * `number`: every value is a number. In a CSV a column with a leading zero ("007") or with a whole number of 2^53 or more is text, because as a number it would lose digits;
 * such whole numbers of other files are text for the same reason. `boolean`: true and false in any case. `date`: dates or times, in ISO 8601 whatever they are written as. `text`: all else.
 * A column without any value is `number`, as pandas has it.
 */
export type ColumnKind = "number" | "boolean" | "date" | "text";

/** What is known of a column after looking at its whole file. */
export interface ColumnFacts {
  readonly name: string;
  /** `image`: pictures, read as `Table.images`. */
  readonly kind: ColumnKind | "image";
  /** Of pictures alone. */
  readonly picture?: PictureFacts;
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
  readonly reading: Reading;
}

/** How a table's files were found to be written. */
export interface Reading {
  readonly format: TableFormat;
  readonly compression?: "gzip" | "zstd";
  /** Of a text that is not in UTF-8. */
  readonly encoding?: string;
  /** Of a CSV. */
  readonly delimiter?: string;
  /** Of a CSV in which there are quoted fields. */
  readonly quote?: '"';
  /** Of one plain CSV in which each row is a line of its own: the line of row 0, from 1. */
  readonly firstRowLine?: number;
  /** Columns whose numbers are written otherwise than 1234.5. */
  readonly numbers?: readonly NumberReading[];
  /** Columns whose dates are written otherwise than 2024-12-31. */
  readonly dates?: readonly DateReading[];
  /** Of a table of several files: row r of the table is a row of the first file whose rows, added to those before, exceed r. */
  readonly files?: readonly { readonly name: string; readonly rows: number }[];
  /** What could be read in more than one way, or was left out: a sentence each. */
  readonly notes: readonly string[];
}

export interface NumberReading {
  readonly column: string;
  readonly decimal: "." | ",";
  /** Empty where thousands are not grouped. */
  readonly thousands: "" | "." | "," | " " | "'";
}

export interface DateReading {
  readonly column: string;
  readonly order: DateOrder;
  /** Its first value, as written. */
  readonly example: string;
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

/** Pictures, read when they are asked for: they may be larger than memory together. */
export interface ImageColumn {
  /** 0 where pictures differ in size: only what `resized` gives can be read. */
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** What stands for black and for white: 0 and 255 for bytes. */
  readonly range: readonly [number, number];
  /** The pictures of these rows of the table, row-major [rows, height, width, channels]; red, green, blue; 0 to 255 as bytes, or numbers as stored in an array of floats. */
  read(rows: Int32Array): Promise<Uint8Array | Float32Array>;
  /** The same pictures in another size, made out of those on disk. */
  resized(to: Resizing): ImageColumn;
}

/** Some columns of a table, in memory, in the order of the file's rows. `columns` has no prototype: any name is safe to look up. Its keys are not in the file's order when names are whole numbers ("1990"): TableFacts has that order. */
export interface Table {
  readonly rows: number;
  readonly columns: { readonly [name: string]: Column };
  /** Its columns of pictures, where it has any; without a prototype too. */
  readonly images?: { readonly [name: string]: ImageColumn };
}
