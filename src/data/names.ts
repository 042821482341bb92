import { type Place, Problem, Problems, quoted } from "../base/index.ts";

/** More columns than any table has: reading on would only use up memory. */
const mostColumns = 4096;

export function checkCount(columns: number, file: string): void {
  if (columns <= mostColumns) return;
  throw new Problem("TABLE_TOO_LARGE", `the file has ${columns} columns; ${mostColumns} are read at most`, {
    file,
    remedy: "Leave out the columns that are not needed.",
  });
}

interface Checking {
  /** Of the header. */
  readonly line?: number;
  /** Columns without a name are told later. */
  readonly mayLackNames?: boolean;
}

/** Every column must have a name of its own. */
export function checkNames(names: readonly string[], file: string, { line, mayLackNames = false }: Checking = {}): void {
  checkCount(names.length, file);
  const place = { file, ...(line === undefined ? {} : { line }) };
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [at, name] of names.entries()) {
    const first = seen.get(name);
    if (name === "") problems.push(...(mayLackNames ? [] : [nameless(place, at)]));
    else if (first !== undefined) problems.push(twice(place, name, first, at));
    seen.set(name, at);
  }
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new Problems(problems.slice(0, 20));
}

const nameless = (place: Place, at: number) =>
  new Problem("TABLE_COLUMN_NAMES", `column ${at + 1} has no name`, { ...place, remedy: "Name it, or leave it out." });

const twice = (place: Place, name: string, first: number, second: number) =>
  new Problem("TABLE_COLUMN_NAMES", `columns ${first + 1} and ${second + 1} are both called ${quoted(name)}`, {
    ...place,
    remedy: "Rename one of them.",
  });
