import type { TableFormat } from "./table.ts";

const endings: Readonly<Record<string, TableFormat>> = {
  csv: "csv",
  tsv: "csv",
  tab: "csv",
  txt: "csv",
  parquet: "parquet",
  pq: "parquet",
  jsonl: "json",
  ndjson: "json",
  json: "json",
  arrow: "arrow",
  arrows: "arrow",
  feather: "arrow",
  ipc: "arrow",
  npy: "numpy",
  npz: "numpy",
};

/** How a table's file may be called: `.csv` ..., each also followed by `.gz` or `.zst`. */
export const tableEndings = Object.keys(endings).map((ending) => `.${ending}`);

const ending = new RegExp(`\\.(${Object.keys(endings).join("|")})(\\.(gz|zst|zstd))?$`, "i");

/** By the file's name; undefined for a format that is not read. */
export const tableFormat = (path: string): TableFormat | undefined => endings[ending.exec(path)?.[1]?.toLowerCase() ?? ""];

/** A file's name without what tells its format. */
export const withoutEnding = (path: string): string => path.replace(ending, "");
