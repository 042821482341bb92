import { Problem, printable } from "../../base/index.ts";

/**
 * What DuckDB says of a file, as a Problem. Its errors about our own SQL (parser, binder, catalogue, permission) stay faults of ours; all others come from what the file holds,
 * since the SQL around it is fixed.
 */
export function problemOf(error: unknown, file: string): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const message = error.message;
  if (/^(Parser|Binder|Catalog|Permission|Syntax) Error/.test(message)) return error;
  if (/^Out of Memory Error|max_temp_directory_size|No space left/i.test(message)) {
    return new Problem("TABLE_TOO_LARGE", "the table needs more memory or disk than it may use", {
      file,
      remedy:
        "Raise the limit with SEXTANT_MEMORY_MIB, or leave columns out; a CSV file of many hundred columns takes less as Parquet. Check that there is free disk space.",
    });
  }
  return new Problem("TABLE_DAMAGED", `the file cannot be read to its end: ${firstWords(message)}`, {
    file,
    remedy: "It is truncated or damaged, or its writer made a mistake: write it again.",
  });
}

/** The first line, without DuckDB's own names for places and without the path of our link. */
function firstWords(message: string): string {
  const [line = ""] = message.replace(/^[A-Z][\w ]* Error: /, "").split("\n");
  const plain = printable(line.replace(/(file )?(["']?)\/[^"'\n]*tables-\w+\/[\w.-]+\2/g, "the file"));
  return plain.length > 160 ? `${plain.slice(0, 160)} …` : plain;
}
