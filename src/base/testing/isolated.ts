import { getCompileCacheDir } from "node:module";
import { type ChildContext, Problem } from "../index.ts";

/** What the tests of isolation call in a child. */
export const double = async ({ value }: { value: Float64Array }) => value.map((each) => each * 2);
export const processId = async () => process.pid;
export const secretsSeen = async () => Object.keys(process.env).filter((name) => /SECRET|TOKEN/.test(name));
export const compiledIn = async () => getCompileCacheDir() ?? null;
export const refuse = async () => {
  throw new Problem("ARTEFACT_MISSING", "no such thing", { file: "a.csv", line: 3, remedy: "Make one." });
};
export const fail = async () => {
  throw new TypeError("our own fault");
};
export const crash = async () => process.kill(process.pid, "SIGSEGV");
export const hang = async (_: null, { progress }: ChildContext) => {
  progress(0, 1, "hanging");
  while (true) Math.sqrt(2);
};
export const devour = async () => {
  const kept: Buffer[] = [];
  while (true) kept.push(Buffer.alloc(64 * 2 ** 20, kept.length + 1));
};
export const count = async (_: null, { progress }: ChildContext) => {
  progress(1, 2, "half");
  return "done";
};
/** Sends what no call asked for, and never answers. */
export const babble = async ({ message }: { message: unknown }) => {
  process.send?.(message);
  await new Promise(() => undefined);
};
