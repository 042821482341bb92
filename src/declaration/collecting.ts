import { posix } from "node:path";
import { type Place, Problem, placeText, problemsOf } from "../base/index.ts";
import type { Read } from "./read.ts";

/** A path of the declaration as shown to people: from the folder or file that was asked for. */
export const shownPath = (read: Read, named: string) => posix.join(posix.dirname(read.file.replaceAll("\\", "/")), named);

/** What is found, or null after its problems: each names the file that it is in, and the line of the declaration that names that file. */
export async function collecting<T>(
  problems: Problem[],
  where: { shown: string; place: Place },
  find: () => Promise<T>,
): Promise<T | null> {
  try {
    return await find();
  } catch (error) {
    const found = problemsOf(error);
    if (found.length === 0) throw error;
    problems.push(...found.map((problem) => aboutFile(problem, where)));
    return null;
  }
}

function aboutFile(problem: Problem, { shown, place }: { shown: string; place: Place }): Problem {
  if (problem.place.file === place.file) return problem;
  const at = [problem.place.at, `(named in ${placeText(place)})`].filter(Boolean).join(" ");
  return new Problem(problem.code, problem.message, { ...problem.place, file: shown, at, remedy: problem.remedy });
}
