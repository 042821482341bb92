/** A column of a table that is not read by the engine itself: what its values are, and how they are laid down. */
export interface BatchField {
  readonly name: string;
  readonly stored: "text" | "number" | "boolean" | "date";
  /** `DOUBLE`: a Float64Array, NaN where missing. The others: values, null where missing; integers as bigint, dates as ISO texts. */
  readonly type: "DOUBLE" | "BIGINT" | "UBIGINT" | "BOOLEAN" | "VARCHAR";
  /** A text that is a date where all of them are. */
  readonly mayBeDate?: boolean;
}

export type BatchValues = Float64Array | readonly (string | bigint | boolean | null)[];

/** Some rows: for each field as many values as there are rows. */
export interface Batch {
  readonly rows: number;
  readonly columns: readonly BatchValues[];
}

/** A table as its own reader gives it: in memory there is one batch of it. */
export interface Batches {
  readonly fields: readonly BatchField[];
  readonly batches: AsyncIterable<Batch>;
}
