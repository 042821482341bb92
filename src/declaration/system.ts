import type { Digest } from "../base/index.ts";
import type { ColumnFacts, Reading, SplitName, TableSource } from "../data/index.ts";
import type { EndpointBinding, ModelBinding, ModelFacts, ProtocolName } from "../models/index.ts";
import type { DatasetDeclaration, Declaration, ModelDeclaration, ServiceDeclaration } from "./schema.ts";

/** One file of a dataset, as it was found. */
export interface Split {
  readonly name: SplitName;
  /** `dataset:applicants/test`. */
  readonly artefact: string;
  readonly source: TableSource;
  readonly digest: Digest;
  readonly rows: number;
  /** How its files were found to be written. */
  readonly reading: Reading;
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
  /** Of an endpoint alone: what it may be asked, and was. */
  readonly endpoint?: EndpointState;
}

/** What an endpoint was asked and may be. */
export interface EndpointState {
  readonly protocol: ProtocolName;
  /** Without credentials, path or query. */
  readonly host: string;
  /** Whose queries are counted together. */
  readonly account: string;
  /** The file that counts them. */
  readonly ledger: string;
  /** How many rows may be sent, over all runs; and how many were. */
  readonly queries: number;
  readonly spent: number;
  /** Different rows that were never answered: by dataset and split. */
  readonly unanswered: { readonly [dataset: string]: { readonly [split: string]: number } };
  /** Credentials are sent there over http://, past other machines. */
  readonly isExposed?: boolean;
}

/** A service that may be asked. */
export interface Service {
  readonly id: string;
  readonly declared: ServiceDeclaration;
  /** `service:offers`. */
  readonly artefact: string;
  /** The id of the model that it should answer with. */
  readonly model: string;
  readonly digest: Digest;
  readonly endpoint: EndpointState;
  readonly bindings: { readonly [dataset: string]: EndpointBinding };
}

/** The declaration with what was found of the files that it names. Plain data. */
export interface System {
  readonly declaration: Declaration;
  /** The folder of sextant.yaml, absolute. */
  readonly root: string;
  readonly datasets: readonly Dataset[];
  readonly models: readonly Model[];
  /** Those whose endpoint may be asked. */
  readonly services?: readonly Service[];
}
