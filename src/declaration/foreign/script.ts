/** The rows that both are asked for: a table of the project, and its column of truth. */
export interface Rows {
  readonly path: string;
  /** Columns that are no features. */
  readonly without: readonly string[];
}

/** A text of Python, in which nothing can end the command that it stands in: texts of JSON are texts of Python. */
export const text = (value: string) =>
  JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\U${char.codePointAt(0)?.toString(16).padStart(8, "0")}`);

/** A script as one command line of a POSIX shell; nothing in it is expanded. */
export const python = (lines: readonly string[]) => ["python - <<'END'", ...lines, "END"].join("\n");

/** `given`: the columns that the model names itself, else all that may be features. */
export const rowsOf = ({ path, without }: Rows, { names }: { names: string }) => [
  `rows = pandas.${/\.(parquet|pq)$/i.test(path) ? "read_parquet" : "read_csv"}(${text(path)})`,
  `names = ${names}`,
  `given = rows[list(names)] if names is not None else rows.drop(columns=[${without.map(text).join(", ")}])`,
];

/** How far apart the answers are; null where `origin` holds those of the model already. */
export const tail = (origin: string | null, exported: string) => [
  ...(origin === null ? [] : [`origin = ${origin}`]),
  `print("rows", len(${exported}), "largest difference", abs(origin - ${exported}).max(), "same label", (origin.argmax(1) == ${exported}.argmax(1)).mean())`,
];
