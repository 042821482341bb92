import type { Digest, Problem } from "../base/index.ts";
import type { TableFacts, TableSource } from "../data/index.ts";
import type { ModelFacts } from "../models/index.ts";
import type { Read } from "./read.ts";

/** Looks at files: the caller does it in an isolated process, and remembers what it found. Paths are absolute and lie in the project. */
export interface Inspect {
  digest(path: string): Promise<Digest>;
  table(source: TableSource): Promise<TableFacts>;
  model(path: string, root: string): Promise<ModelFacts>;
}

export interface Resolving {
  readonly read: Read;
  readonly inspect: Inspect;
  readonly problems: Problem[];
}
