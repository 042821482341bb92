import { Problem, Problems, quoted } from "../base/index.ts";

/** More columns than any table has: reading on would only use up memory. */
const mostColumns = 4096;

export function checkCount(columns: number, file: string): void {
  if (columns <= mostColumns) return;
  throw new Problem("TABLE_TOO_LARGE", `the file has ${columns} columns; ${mostColumns} are read at most`, {
    file,
    remedy: "Leave out the columns that are not needed.",
  });
}

/** Every column must have a name of its own. */
export function checkNames(names: readonly string[], file: string): void {
  checkCount(names.length, file);
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [at, name] of names.entries()) {
    const first = seen.get(name);
    if (name === "") problems.push(nameless(file, at));
    else if (first !== undefined) problems.push(twice(file, name, first, at));
    seen.set(name, at);
  }
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new Problems(problems.slice(0, 20));
}

const nameless = (file: string, at: number) =>
  new Problem("TABLE_COLUMN_NAMES", `column ${at + 1} has no name`, {
    file,
    remedy: at === 0 ? "Name it, or leave it out: pandas writes its row index so unless told `index=False`." : "Name it, or leave it out.",
  });

const twice = (file: string, name: string, first: number, second: number) =>
  new Problem("TABLE_COLUMN_NAMES", `columns ${first + 1} and ${second + 1} are both called ${quoted(name)}`, {
    file,
    remedy: "Rename one of them.",
  });
