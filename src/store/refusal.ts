import { Problem } from "../base/index.ts";

/** How long to wait for another run that is writing. */
export const patienceMs = 5_000;

const freeSpace = "Free some space there; then run it again: what was measured is kept.";
const letGo =
  "Close the program that has it open, or wait until another run of Sextant has ended; then run it again: what was measured is kept.";
const rights = "Give yourself the right to read and write it and its folder; then run it again.";

/** SQLite's primary result codes that no damage of the file explains: what each means, and what to do. https://sqlite.org/rescode.html */
const refusals: Readonly<Record<number, readonly [what: string, remedy: string]>> = {
  5: [`another program holds the index, and did not let go of it in ${patienceMs / 1000} seconds (SQLITE_BUSY)`, letGo],
  6: ["another program holds the index (SQLITE_LOCKED)", letGo],
  8: ["the index may not be written (SQLITE_READONLY)", rights],
  10: ["the disk failed while the index was read or written (SQLITE_IOERR)", `Look after the disk. ${freeSpace}`],
  13: ["no space is left for the index (SQLITE_FULL)", freeSpace],
  14: ["the index cannot be opened (SQLITE_CANTOPEN)", rights],
};

/** An extended code holds the primary one in its low byte. */
function refusalOf(error: unknown): readonly [what: string, remedy: string] | undefined {
  const { errcode } = error as { errcode?: unknown };
  return error instanceof Error && typeof errcode === "number" ? refusals[errcode & 0xff] : undefined;
}

/** Whether it is the disk, the rights or another program, and not the file's content. */
export const standsInTheWay = (error: unknown): boolean => refusalOf(error) !== undefined;

/** Runs `use`; what stands in the way becomes a Problem that names the index. */
export function refusing<T>(file: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    const [what, remedy] = refusal;
    throw new Problem("FILES_REFUSED", what, { file, remedy });
  }
}
