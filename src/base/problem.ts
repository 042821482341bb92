import type { ProblemCode } from "./problem-codes.ts";

/** Where a mistake stands: a file with line and column, and whatever inside it a person can find again. */
export interface Place {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** What inside the file: a row, a tensor, a node, an option. */
  readonly at?: string;
}

/** A person's mistake: what is wrong, where, and what to do. Never thrown for our own faults. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** Stable, for scripts. */
  readonly code: ProblemCode;
  /** Where the mistake stands. */
  readonly place: Place;
  /** What to do, in the imperative. */
  readonly remedy: string;

  /** @internal */
  constructor(code: ProblemCode, what: string, { remedy, ...place }: Place & { remedy: string }) {
    super(what);
    this.code = code;
    this.place = place;
    this.remedy = remedy;
  }
}

/** Several mistakes found together, so that a person can mend them in one go. */
export class Problems extends Error {
  override readonly name = "Problems";
  /** Each of them, in the order in which they were found. */
  readonly list: readonly Problem[];

  /** @internal */
  constructor(list: readonly Problem[]) {
    super(list.map((problem) => problem.message).join("\n"));
    this.list = list;
  }
}

/** The problems inside an error, or none when it is our own fault. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Problem) return [error];
  if (error instanceof Problems) return error.list;
  const refusal = refusalOf(error);
  return refusal === null ? [] : [refusal];
}

const room = "Make room, or choose another place; then run it again.";
const rights = "Give yourself the right to read and write it, or choose another place; then run it again.";
const limits = "Close other programs, or raise the limit of open files; then run it again.";

/** What the operating system says when a person's disk, permissions or limits stand in the way, and what to do. */
const refusals: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  EACCES: ["this may not be read or written", rights],
  EBUSY: ["another program holds this", "Close it; then run it again."],
  EDQUOT: ["no more space may be used", room],
  EIO: ["the disk or device failed", "Look after the disk, or choose another place; then run it again."],
  EISDIR: ["this is a folder, and a file was expected", "Move the folder away, or choose another place; then run it again."],
  EMFILE: ["too many files are open", limits],
  ENAMETOOLONG: ["this name is too long", "Choose a shorter one; then run it again."],
  ENFILE: ["too many files are open", limits],
  ENOSPC: ["no space is left", room],
  ENOTDIR: ["a part of this path is no folder", "Move away what stands in its place, or choose another place; then run it again."],
  EPERM: ["this may not be done", rights],
  EROFS: ["nothing can be written here", "Choose a place that can be written; then run it again."],
};

function refusalOf(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const { code, path } = error as NodeJS.ErrnoException;
  const refusal = code === undefined ? undefined : refusals[code];
  if (refusal === undefined) return null;
  const [what, remedy] = refusal;
  return new Problem("FILES_REFUSED", `${what} (${code})`, { ...(path === undefined ? {} : { file: path }), remedy });
}

/** `sextant.yaml:14:9`, or what is known of it. */
export function placeText({ file, line, column, at }: Place): string {
  const position = line === undefined ? "" : column === undefined ? `:${line}` : `:${line}:${column}`;
  return [file === undefined ? "" : `${file}${position}`, at ?? ""].filter(Boolean).join(" ");
}

/** The plain form that crosses process boundaries and JSON. */
export interface ProblemData extends Place {
  readonly code: ProblemCode;
  readonly message: string;
  readonly remedy: string;
}

export const problemData = (problem: Problem): ProblemData => ({
  code: problem.code,
  message: problem.message,
  remedy: problem.remedy,
  ...problem.place,
});

export const problemFrom = ({ code, message, ...rest }: ProblemData): Problem => new Problem(code, message, rest);
