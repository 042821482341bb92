import { openDuckDb } from "./duckdb/index.ts";
import type { Engine, EngineLimits } from "./engine.ts";
import { withPictures } from "./images/index.ts";

export { isEncoding } from "./csv/index.ts";
export type { Columns, Conflicts, Duplicates, Engine, EngineLimits, Group, Overlap, ReadOptions } from "./engine.ts";
export { pathsOf, placeOfRow, tableDigest } from "./files.ts";
export { insteadOf, tableEndings, tableFormat, withoutEnding } from "./formats.ts";
export { digestOfFolder, holdsPictures, pngOf, stampsIn, stretched, throughJpeg } from "./images/index.ts";
export {
  type Filter,
  filters,
  type Picture,
  type PictureFacts,
  type PictureShape,
  type PictureSource,
  type Resizing,
} from "./images/types.ts";
export { readingInFull } from "./reading.ts";
export {
  type Comparison,
  columnsOf,
  columnsOfRule,
  type Expression,
  evaluator,
  parseRule,
  type ReadyRule,
  type RowShape,
  type Rule,
  readyRule,
} from "./rules/index.ts";
export { selectRows, sliceRows } from "./select.ts";
export { type SplitName, splitNames } from "./splits.ts";
export {
  type ArraySource,
  type Column,
  type ColumnFacts,
  type ColumnKind,
  dateOrders,
  type ImageColumn,
  type NumberColumn,
  type ReadHints,
  type Reading,
  type Table,
  type TableFacts,
  type TableFormat,
  type TableSource,
  type TextColumn,
} from "./table.ts";

/** The engine that reads tables, DuckDB today, and their pictures. Nothing native is loaded before this is called. */
export const openEngine = async (limits: EngineLimits): Promise<Engine> => withPictures(await openDuckDb(limits), limits);
