import type { Table } from "../../../data/index.ts";
import type { Points } from "../attack.ts";
import type { Box } from "../points.ts";

/** What one number of a point stands for. */
export type Feature =
  /** A column of numbers, from `low` (0) to `high` (1). */
  | { readonly kind: "number"; readonly column: string; readonly low: number; readonly high: number; readonly whole: boolean }
  /** 1 where the column holds this text: the features of one column lie side by side. */
  | { readonly kind: "text"; readonly column: string; readonly text: string }
  /** The place of the column's text among `texts`: too many of them to choose from, so that it stays as it is. */
  | { readonly kind: "kept"; readonly column: string; readonly texts: readonly string[] }
  /** One number of a picture, black 0 and white 1. */
  | { readonly kind: "pixel"; readonly column: string };

/**
 * The space in which rows are changed: each a point of `width` numbers between 0 and 1 (of kept texts: their places). Made from what training has seen and the rows at hand, so that each row
 * lies in it.
 */
export interface Space {
  readonly width: number;
  readonly features: readonly Feature[];
  /** Of pictures: what a point's numbers are, [channels, height, width] or [height, width, channels], as the model has it. */
  readonly shape: readonly number[] | null;
  readonly box: Box;
  /** Rows without a missing value: only these become points. */
  complete(table: Table): Int32Array;
  /** Throws where a row lacks a value. */
  pointsOf(table: Table): Promise<Points>;
  /** The rows that points stand for: whole numbers are rounded, of texts the strongest is taken. */
  tableOf(points: Points): Table;
}
