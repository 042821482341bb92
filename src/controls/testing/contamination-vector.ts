import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TableSource } from "../../data/index.ts";
import type { Making } from "../define.ts";

interface Conflicting {
  readonly rows: number;
  readonly conflicting: number;
  readonly groups: number;
  readonly beyond: number;
}

interface Vector {
  readonly features: readonly string[];
  readonly label: string;
  readonly rows: { readonly [split: string]: number };
  readonly overlaps: {
    readonly [by in "byFeatures" | "byAll"]: { readonly evaluation: number; readonly test: number; readonly training: number };
  };
  readonly conflicts: { readonly [split in "train" | "evaluation" | "test"]: Conflicting } & {
    readonly all: Conflicting & { readonly groupsAcross: number };
  };
}

/** The splits of the credit example as pandas counts them (fixtures/controls/contamination.py). */
export const contamination = JSON.parse(
  readFileSync(new URL("../../../vectors/controls/contamination.json", import.meta.url), "utf8"),
) as Vector;

export const creditSplit = (split: string): TableSource => ({
  path: new URL(`../../../examples/credit/data/${split}.parquet`, import.meta.url).pathname,
  format: "parquet",
});

/** What a recipe may use, for a test. */
export const making = (): Making => ({
  progress: () => undefined,
  spillFolder: mkdtempSync(join(tmpdir(), "sextant-")),
  memoryBytes: 2 ** 30,
});
