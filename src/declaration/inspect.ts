import type { Digest, Problem } from "../base/index.ts";
import type { TableFacts, TableSource } from "../data/index.ts";
import type { Contact, Contacting, ModelFacts } from "../models/index.ts";
import type { Read } from "./read.ts";

/** Looks at files: the caller does it in an isolated process, and remembers what it found. Paths are absolute and lie in the project. */
export interface Inspect {
  /** Of a file, or of all files in a folder, names included. */
  digest(path: string): Promise<Digest>;
  table(source: TableSource): Promise<TableFacts>;
  model(path: string, root: string): Promise<ModelFacts>;
  /** Left out where nothing is sent: by `init`, which declares no endpoint. */
  readonly endpoints?: InspectEndpoints;
}

export interface InspectEndpoints {
  /** Looks at an endpoint, asking it a few rows where that may be and is due. What keeps it from answering is told in the contact. */
  contact(question: EndpointQuestion): Promise<Contact>;
  /** What an environment variable holds; undefined where it is not set. */
  variable(name: string): string | undefined;
  /** The file that counts the queries of an account. */
  ledger(account: string): string;
}

export interface EndpointQuestion extends Omit<Contacting, "maySend" | "now"> {
  readonly splits: { readonly [split: string]: { readonly source: TableSource; readonly digest: Digest } };
}

export interface Resolving {
  readonly read: Read;
  readonly inspect: Inspect;
  readonly problems: Problem[];
}
