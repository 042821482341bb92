import type { ForeignKind } from "./kinds.ts";

/** What is looked at of a file: nothing of it is unpacked, parsed or run. */
export interface Glimpse {
  readonly name: string;
  readonly head: Buffer;
  /** Of an archive, where the names of its files stand. */
  readonly tail: Buffer;
}

/** How many bytes of a file are looked at, from either end. */
export const glimpsed = { head: 4096, tail: 65_536 } as const;

interface Recognised {
  readonly kind: ForeignKind;
  readonly doubtful: boolean;
}

/** By how it begins, else by what it is called; null for what is none of these. */
export function recognise(glimpse: Glimpse): Recognised | null {
  const byBytes = kindOfBytes(glimpse);
  if (byBytes !== null) return { kind: byBytes, doubtful: false };
  const byName = kindOfName(glimpse.name);
  return byName === null ? null : { kind: byName, doubtful: hasMagic.has(byName) };
}

const kindsByName: readonly (readonly [RegExp, ForeignKind])[] = [
  [/\.(pkl|pickle|sav)$/i, "pickle"],
  [/\.joblib(\.(gz|z|bz2|xz|lzma|lz4))?$/i, "joblib"],
  [/\.skops$/i, "skops"],
  [/\.(pt|pth|ckpt)$/i, "torch"],
  [/\.keras$/i, "keras"],
  [/\.(h5|hdf5)$/i, "hdf5"],
  [/\.pb$/i, "frozen-graph"],
  [/\.tflite$/i, "tflite"],
  [/\.safetensors$/i, "safetensors"],
  [/\.(mlmodel|mlpackage)$/i, "coreml"],
  [/\.cbm$/i, "catboost"],
  [/\.(ubj|xgb)$/i, "xgboost"],
  [/\.lgb$/i, "lightgbm"],
  [/\.(rds|rda|rdata)$/i, "r"],
  [/\.pmml$/i, "pmml"],
  [/\.mojo$/i, "h2o-mojo"],
];

const kindOfName = (name: string): ForeignKind | null => kindsByName.find(([pattern]) => pattern.test(name))?.[1] ?? null;

/** Kinds whose every file begins in a way that is known. */
const hasMagic = new Set<ForeignKind>([
  "pickle",
  "skops",
  "torch",
  "keras",
  "hdf5",
  "tflite",
  "safetensors",
  "catboost",
  "xgboost",
  "lightgbm",
  "pmml",
  "h2o-mojo",
]);

/** A pickle of protocol 2 or later begins so; torch wrote this number first, before it wrote archives. */
const oldTorch = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");

function kindOfBytes({ name, head, tail }: Glimpse): ForeignKind | null {
  const starts = (bytes: string | Buffer) => head.subarray(0, bytes.length).equals(Buffer.from(bytes as string));
  const text = head.toString("latin1");
  if (starts(oldTorch)) return "torch";
  if (head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5)
    return /\.joblib/i.test(name) ? "joblib" : /\.(pt|pth|ckpt)$/i.test(name) ? "torch" : "pickle";
  if (starts("PK\u0003\u0004")) return kindOfArchive(name, text, tail.toString("latin1"));
  if (starts(Buffer.from("894844460d0a1a0a", "hex"))) return "hdf5";
  if (starts("CBM1")) return "catboost";
  if (starts("binf")) return "xgboost-binary";
  if (starts("tree\nversion=") || starts("tree\r\nversion=")) return "lightgbm";
  if (/^\s*\{\s*"(learner|version)"\s*:/.test(text) && /"(learner|gradient_booster|learner_model_param|learner_train_param)"/.test(text))
    return "xgboost";
  if (/^\{L\0*.learner\{L/s.test(text)) return "xgboost";
  if (head.subarray(4, 8).toString("latin1") === "TFL3") return "tflite";
  if (isSafetensors(head)) return "safetensors";
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--[^>]*>\s*)*<PMML\b/.test(text)) return "pmml";
  if (starts("RDX3\n") || starts("RDX2\n") || (starts("X\n") && /\.rds$/i.test(name))) return "r";
  return isPlainPickle(name, text) ? "pickle" : null;
}

/** By the names of its files, which stand at its end: none is unpacked. */
function kindOfArchive(name: string, head: string, tail: string): ForeignKind | null {
  const has = (pattern: RegExp) => pattern.test(head.slice(0, 300)) || pattern.test(tail);
  if (has(/model\.weights\.h5/) || (/\.keras$/i.test(name) && has(/metadata\.json|config\.json/))) return "keras";
  if (has(/constants\.pkl/) && has(/\/code\//)) return "torchscript";
  if (has(/[/\\]data\.pkl/)) return "torch";
  if (/\.skops$/i.test(name) && has(/schema\.json/)) return "skops";
  if (has(/model\.ini/) && has(/domains\/|trees\//)) return "h2o-mojo";
  return has(/\.onnx/) ? "packed-onnx" : null;
}

/** Eight bytes of a length, then that many of JSON. */
const isSafetensors = (head: Buffer) =>
  head.length > 10 &&
  head.readUInt32LE(4) === 0 &&
  head.readUInt32LE(0) > 1 &&
  head.readUInt32LE(0) < 100_000_000 &&
  head[8] === 0x7b &&
  head[9] === 0x22;

/** Pickles of the first protocols are text. */
const isPlainPickle = (name: string, head: string) =>
  /\.(pkl|pickle|sav)$/i.test(name) && /^(c[\w.]+\n\w+\n|\(([dlip]|c[\w.]+\n))/.test(head);
