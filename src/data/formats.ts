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

const otherwise: readonly (readonly [RegExp, string])[] = [
  [/\.(xlsx?|xlsm|xlsb|ods|numbers)$/i, "Save the sheet as CSV (in Excel: Save As, CSV UTF-8), and name that file."],
  [/\.(zip|7z|rar|tar|tgz|bz2|xz)$/i, "Unpack it, and name the table in it; of packed tables those of gzip and zstd are read."],
  [/\.(dta|por|sas7bdat|xpt|rds|rda|rdata|orc|avro|sqlite3?|db|mdb|accdb)$/i, "Write the table as CSV or Parquet, and name that file."],
];

/** What to do about a table or an archive of one in a format that is not read, by the file's name; undefined for anything else. */
export const insteadOf = (path: string): string | undefined => otherwise.find(([ending]) => ending.test(path))?.[1];

/** A file's name without what tells its format. */
export const withoutEnding = (path: string): string => path.replace(ending, "");
