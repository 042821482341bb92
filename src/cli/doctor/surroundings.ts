import type { Health } from "../../assess/index.ts";
import type { ProblemData } from "../../base/index.ts";

/** All that the checks look at, as plain data: a test can lay out any machine. Null is what does not exist here, or could not be found out. */
export interface Surroundings {
  readonly now: string;
  readonly platform: string;
  readonly node: { readonly version: string; readonly permissionModel: boolean };
  /** As /etc/os-release says. */
  readonly system: { readonly id: string; readonly version: string; readonly name: string } | null;
  readonly python: string | null;
  readonly prlimit: boolean;
  readonly packages: readonly NativePackage[];
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number };
  readonly cores: number;
  readonly folders: readonly Folder[];
  readonly environment: Readonly<Record<string, string>>;
  readonly terminal: { readonly isTerminal: boolean; readonly columns: number; readonly colour: boolean };
  readonly project: ProjectState;
}

/** A package with native code, loaded in a child of its own. */
export interface NativePackage {
  readonly name: string;
  readonly version: string | null;
  /** Why it could not be loaded. */
  readonly problem: string | null;
}

export interface Folder {
  readonly what: string;
  readonly path: string;
  readonly freeBytes: number | null;
  readonly canWrite: boolean;
}

export type ProjectState =
  | { readonly kind: "none"; readonly folder: string }
  | { readonly kind: "wrong"; readonly problems: readonly ProblemData[] }
  | { readonly kind: "project"; readonly name: string; readonly health: Health; readonly warnings: readonly ProblemData[] };
