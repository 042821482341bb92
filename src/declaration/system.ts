import type { Digest } from "../base/index.ts";
import type { ColumnFacts, TableSource } from "../data/index.ts";
import type { ModelBinding, ModelFacts } from "../models/index.ts";
import type { DatasetDeclaration, Declaration, ModelDeclaration } from "./schema.ts";

export const splitNames = ["train", "evaluation", "test"] as const;
export type SplitName = (typeof splitNames)[number];

/** One file of a dataset, as it was found. */
export interface Split {
  readonly name: SplitName;
  /** `dataset:applicants/test`. */
  readonly artefact: string;
  readonly source: TableSource;
  readonly digest: Digest;
  readonly rows: number;
}

export interface Dataset {
  readonly id: string;
  readonly declared: DatasetDeclaration;
  readonly splits: { readonly [name in SplitName]?: Split };
  /** Of the training split, or of the first there is. */
  readonly columns: readonly ColumnFacts[];
  /** Columns that may serve as features: all but the label, identifying ones and those declared as unused. */
  readonly features: readonly string[];
}

export interface Model {
  readonly id: string;
  readonly declared: ModelDeclaration;
  /** `model:boosted`. */
  readonly artefact: string;
  readonly kind: ModelBinding["kind"];
  readonly digest: Digest;
  /** An ONNX model's file, and what reading it tells; null for other kinds. */
  readonly file: { readonly path: string; readonly facts: ModelFacts } | null;
  /** For the report: `27 nodes, 12,345 bytes`. */
  readonly about: string;
  /** How each dataset that it is measured on fills its inputs: by dataset id. */
  readonly bindings: { readonly [dataset: string]: ModelBinding };
}

/** The declaration with what was found of the files that it names. Plain data. */
export interface System {
  readonly declaration: Declaration;
  /** The folder of sextant.yaml, absolute. */
  readonly root: string;
  readonly datasets: readonly Dataset[];
  readonly models: readonly Model[];
}
