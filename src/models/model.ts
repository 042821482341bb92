import type { Digest } from "../base/index.ts";
import type { Table, TableSource } from "../data/index.ts";
import type { EndpointBinding } from "./endpoint/binding.ts";
import type { Preparation } from "./images/index.ts";

export const wholeTypes = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"] as const;
export const floatTypes = ["bfloat16", "float16", "float32", "float64"] as const;
export type WholeType = (typeof wholeTypes)[number];
export type FloatType = (typeof floatTypes)[number];

/** One input or output of a model as its file declares it. `null` is a free dimension. */
export interface Port {
  readonly name: string;
  readonly type: WholeType | FloatType | "string" | "other";
  readonly shape: readonly (number | null)[];
  /** What an `other` type is: `complex64`, `sequence`. */
  readonly other?: string;
  /** What each dimension is, by the standard's names (`DATA_CHANNEL`), where the file tells. */
  readonly denotations?: readonly string[];
}

/** Numbers that cross into native code as float32 and become half as wide, or as wide again, in the graph. */
export const isHalf = ({ type }: Port): boolean => type === "float16" || type === "bfloat16";

/** What reading a model's file tells, without running it. */
export interface ModelFacts {
  /** Of the file and of the files beside it that hold its tensors. */
  readonly bytes: number;
  /** Files that hold its tensors, relative to its folder: they belong to its content. */
  readonly externalFiles: readonly string[];
  readonly irVersion: number;
  readonly opsets: { readonly [domain: string]: number };
  readonly producer: string;
  /** What the file says of itself beside that; short texts alone. */
  readonly metadata?: { readonly [key: string]: string };
  readonly nodes: number;
  /** Numbers that the file stores as tensors or as lists of floats. */
  readonly parameters: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Class labels written in the file (ZipMap, tree ensembles, linear and SVM classifiers, label tables), as text; null when it has none. */
  readonly classes: readonly string[] | null;
  /** Which output gives labels and which gives scores, as far as the file tells. */
  readonly labelOutput: string | null;
  readonly scoreOutput: string | null;
  /** What the operator that makes the scores gives; null when that does not tell. `amounts` are no scores: the model predicts a number. */
  readonly scores: "probabilities" | "logits" | "amounts" | null;
  /** Scores per row; null when the file does not tell. */
  readonly scoreCount: number | null;
}

/** What a kind of model can be asked for: known from its declaration, before anything runs. */
export interface Gives {
  /** A score for each class, beside the label. */
  readonly scores: boolean;
  /** Answers to rows that stand in no file: changed, invented, or sent one by one. */
  readonly newRows: boolean;
  /** Its operators can be read, so that gradients can be computed. */
  readonly gradients: boolean;
  /** Each question is counted against a budget. */
  readonly counted: boolean;
}

/** How a table's rows are put to a model and what it answers is read. Plain data, made from the declaration. */
export type ModelBinding = OnnxBinding | PredictionsBinding | EndpointBinding;

/** The columns of a table that a model takes, each once. */
export function columnsOf(binding: ModelBinding): readonly string[] {
  switch (binding.kind) {
    case "onnx":
    case "endpoint":
      return [...new Set(binding.inputs.flatMap(({ columns }) => columns))];
    case "predictions":
      return [...new Set([binding.label ?? [], binding.scores?.columns ?? []].flat())];
  }
}

export function givesOf(binding: ModelBinding): Gives {
  switch (binding.kind) {
    case "onnx":
      return { scores: binding.scoreOutput !== null, newRows: true, gradients: true, counted: false };
    case "endpoint": // of one that could not be reached, whether it gives scores is not known
      return { scores: binding.scoreOutput !== null || binding.generation === null, newRows: true, gradients: false, counted: true };
    case "predictions":
      return { scores: binding.scores !== null, newRows: false, gradients: false, counted: false };
  }
}

/** Which columns hold answers that were written down, and what they mean. */
export interface PredictionsBinding {
  readonly kind: "predictions";
  /** The texts that the true label column holds. */
  readonly classes: readonly string[];
  /** What the column of answered labels holds for each class, in the same order. */
  readonly answers: readonly string[];
  readonly label: string | null;
  /** One column for each class, in their order; or, of two classes, one that speaks of the class at `of`. */
  readonly scores: { readonly columns: readonly string[]; readonly of: number | null; readonly kind: OnnxBinding["scores"] } | null;
  /** From this score of class `of` (of two: of the second) on, it is the answer; null: the class of the higher score. */
  readonly threshold: number | null;
  /** The splits that are answered. */
  readonly splits: readonly string[];
  /** The tables that hold the answers, by split; null: they stand in the splits. */
  readonly files: { readonly [split: string]: { readonly source: TableSource; readonly digest: Digest } } | null;
  /** The column by which rows of a split and of its table of answers belong together; null: row by row. */
  readonly key: string | null;
}

/** How a table's columns become an ONNX model's inputs, and its outputs answers. Checked against ModelFacts. */
export interface OnnxBinding {
  readonly kind: "onnx";
  readonly path: string;
  /** The project's folder: a model outside it is not opened. */
  readonly root: string;
  /** For each input of the model, the columns that fill it, in order: one with shape [N,1], several with [N,k], row by row into [N,...shape] where it is given. */
  readonly inputs: readonly {
    readonly input: string;
    readonly columns: readonly string[];
    readonly shape?: readonly number[];
    /** Of an input that pictures fill. */
    readonly image?: Preparation;
  }[];
  /** Text columns that the model takes as numbers: the code of each text. */
  readonly encode: { readonly [column: string]: { readonly [text: string]: number } };
  /** Text columns that the model takes as one 0 or 1 for each of these texts, side by side. */
  readonly oneHot: { readonly [column: string]: readonly string[] };
  /** The texts that the label column holds, in the order of the model's scores. */
  readonly classes: readonly string[];
  /** What the label output answers for each class, in the same order. */
  readonly answers: readonly string[];
  readonly scoreOutput: string | null;
  readonly labelOutput: string | null;
  /** What the score output holds. One score for two classes is the second class's. */
  readonly scores: "probabilities" | "logits";
}

/** What a model answers for some rows. */
export interface Answers {
  readonly rows: number;
  readonly classes: readonly string[];
  /** Index into classes of the answered label, per row. */
  readonly labels: Int32Array;
  /** Row-major [rows, classes.length]; null when the model gives labels alone. */
  readonly probabilities: Float64Array | null;
}

export interface OpenOptions {
  /** Of the processor, for one session; both of two cores unless told. */
  readonly threads?: number;
}

export interface PredictOptions {
  /** Rows per call of the model; left out: as many as are fast, within some 32 MiB. */
  readonly batch?: number | undefined;
  readonly progress?: ((done: number, total: number, what: string) => void) | undefined;
}

/** Whatever answers rows of a table: an ONNX file, an endpoint, a table of predictions. */
export interface Model extends AsyncDisposable {
  /** Answers in the order of the table's rows. Throws MODEL_INPUT_INVALID, MODEL_RUN_FAILED or MODEL_ANSWERS_INVALID with the row. */
  predict(table: Table, options?: PredictOptions): Promise<Answers>;
}
