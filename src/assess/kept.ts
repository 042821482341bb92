import { digestOfJson } from "../base/index.ts";
import { codeDigest } from "./code.ts";
import { openProject } from "./project.ts";

/** One value that some code would otherwise make again in each run. It is in the project's cache: anyone who can write there may have put it there. */
export interface Kept {
  /** Null when it is not there, or is damaged. */
  get(): Promise<unknown>;
  put(value: unknown): Promise<void>;
}

/** What a module keeps; other code of that module knows nothing of it. */
export type Keeper = (module: string) => Kept;

/** Keeps values in a project that has been assessed. */
export function keeperIn(root: string): Keeper {
  const { cache } = openProject(root);
  return (module) => {
    const key = digestOfJson({ kept: codeDigest(module) });
    return { get: () => cache.get(key), put: (value) => cache.put(key, value) };
  };
}
