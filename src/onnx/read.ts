import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import { FunctionProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema, StringStringEntryProtoSchema } from "onnx-buf";
import { Problem, quoted } from "../base/index.ts";
import { checkModel } from "./check.ts";
import { checkExternalData } from "./external.ts";
import {
  attributeAt,
  decode,
  graphAt,
  nodeAt,
  numbersOf,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  standardDomain,
  textAt,
} from "./graph.ts";
import type { OnnxFunction, OnnxModel, ParsedModel } from "./model.ts";
import { survey, TooComplex } from "./survey.ts";
import { eachField, integerAt, Malformed } from "./wire.ts";

/** protobuf's own limit: no ONNX file is larger; larger models keep their tensors in files beside it. */
const largestFile = 2 ** 31 - 1;

/**
 * Reads and checks an ONNX file in this process, without native code: size, form, nesting, operators and their versions, tensors, names, and that
 * data kept in other files lies in the model's own folder. Everything wrong is a Problem (or several) with its place.
 * `root` is the project's folder: a model outside it is refused.
 */
export async function readModel(path: string, { root, maxBytes = largestFile }: { root: string; maxBytes?: number }): Promise<OnnxModel> {
  const real = await realPathInside(path, root);
  const file = relative(root, path);
  const bytes = await readBounded(real, file, Math.min(maxBytes, largestFile));
  const model = { path: real, ...parseModel(bytes, file) };
  return { ...model, externalFiles: await checkExternalData(model, dirname(real)) };
}

async function realPathInside(path: string, root: string): Promise<string> {
  const file = relative(root, path);
  const [real, realRoot] = await Promise.all([path, root].map((name) => realpath(name))).catch(() => {
    throw new Problem("ARTEFACT_MISSING", `the model ${quoted(file)} does not exist or cannot be read`, {
      file,
      remedy: "Correct its path, or export the model there.",
    });
  });
  if (real === undefined || realRoot === undefined) throw new Error("realpath gave nothing");
  if (!real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
    throw new Problem("ARTEFACT_ESCAPES", `the model ${quoted(file)} lies outside the project's folder`, {
      file,
      remedy: "Copy it into the project.",
    });
  }
  return real;
}

async function readBounded(path: string, file: string, maxBytes: number): Promise<Uint8Array> {
  const facts = await stat(path);
  if (!facts.isFile()) throw unreadable(file, "is a folder or a device, not a file");
  if (facts.size === 0) throw unreadable(file, "is empty");
  if (facts.size > maxBytes) {
    throw new Problem("MODEL_TOO_LARGE", `the model takes ${facts.size} bytes; at most ${maxBytes} are read`, {
      file,
      remedy: "Keep its tensors in a file beside it (ONNX external data), or quantise it.",
    });
  }
  const handle = await open(path, "r").catch(() => {
    throw new Problem("ARTEFACT_MISSING", `the model ${quoted(file)} cannot be read`, { file, remedy: "Allow reading it." });
  });
  try {
    return await readExactly(handle, facts.size, file);
  } finally {
    await handle.close();
  }
}

async function readExactly(handle: FileHandle, size: number, file: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(size - at, 1 << 28));
    if (bytesRead === 0) throw unreadable(file, "became shorter while it was read");
    at += bytesRead;
  }
  return bytes;
}

const unreadable = (file: string, why: string) =>
  new Problem("MODEL_UNREADABLE", `the model ${why}`, {
    file,
    remedy: "Export the model to ONNX again; check that the copy or download was complete.",
  });

/** The checked outline of an ONNX file's bytes, all but the files beside it. */
export function parseModel(bytes: Uint8Array, file: string): ParsedModel {
  const model = guarded(file, () => {
    survey(bytes);
    return { file, bytes, ...modelAt(bytes) };
  });
  checkModel(model);
  return model;
}

/** Runs what reads a file's bytes, and turns what the reader meets there into problems of the file. */
export function guarded<T>(file: string, reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(file, `is no whole ONNX file: ${error.message}`);
    if (error instanceof TooComplex) {
      const what = `the model is too complex to be read safely: ${error.message}`;
      throw new Problem("MODEL_TOO_COMPLEX", what, { file, remedy: "Check that the file is what it claims to be." });
    }
    throw error;
  }
}

const mostPorts = 20_000;

const modelField = numbersOf(ModelProtoSchema, [
  "irVersion",
  "opsetImport",
  "producerName",
  "producerVersion",
  "graph",
  "functions",
  "metadataProps",
]);
const functionField = numbersOf(FunctionProtoSchema, [
  "name",
  "domain",
  "overload",
  "input",
  "output",
  "attributeProto",
  "node",
  "opsetImport",
]);

function modelAt(bytes: Uint8Array) {
  let graph: OnnxGraph | undefined;
  let irVersion = 0;
  let producerName = "";
  let producerVersion = "";
  const opsets = new Map<string, number>();
  const functions: OnnxFunction[] = [];
  const metadata = new Map<string, string>();
  eachField(bytes, 0, bytes.length, (number, _wire, from, to) => {
    if (number === modelField.irVersion) irVersion = integerAt(bytes, from, to);
    else if (number === modelField.producerName) producerName = textAt(bytes, from, to);
    else if (number === modelField.producerVersion) producerVersion = textAt(bytes, from, to);
    else if (number === modelField.opsetImport) addOpset(opsets, bytes, from, to);
    else if (number === modelField.metadataProps) addMetadata(metadata, bytes, from, to);
    else if (number === modelField.functions) functions.push(functionAt(bytes, from, to));
    else if (number === modelField.graph) graph = graphAt(bytes, from, to);
  });
  if (graph === undefined) throw new Malformed("it holds no graph");
  if (graph.inputs.length + graph.outputs.length > mostPorts) throw new TooComplex(`it has more than ${mostPorts} inputs and outputs`);
  return { irVersion, producer: [producerName, producerVersion].filter(Boolean).join(" "), metadata, opsets, graph, functions };
}

const mostMetadata = 200;
const longestMetadata = 4096;

/** Longer texts are no settings: some files carry their whole training so. */
function addMetadata(metadata: Map<string, string>, bytes: Uint8Array, start: number, end: number) {
  if (end - start > longestMetadata || metadata.size >= mostMetadata) return;
  const { key, value } = decode(StringStringEntryProtoSchema, bytes, { start, end }, longestMetadata);
  metadata.set(key, value);
}

/** Some exporters name a domain twice; with two versions, readers would differ in which they take. */
function addOpset(opsets: Map<string, number>, bytes: Uint8Array, start: number, end: number) {
  const opset = decode(OperatorSetIdProtoSchema, bytes, { start, end }, 1 << 16);
  const domain = standardDomain(opset.domain);
  const version = Number(opset.version);
  if ((opsets.get(domain) ?? version) !== version) throw new Malformed("it names two versions of one domain");
  opsets.set(domain, version);
}

function functionAt(bytes: Uint8Array, start: number, end: number): OnnxFunction {
  const made = {
    name: "",
    domain: "",
    overload: "",
    inputs: [] as string[],
    outputs: [] as string[],
    defaults: [] as OnnxAttribute[],
    nodes: [] as OnnxNode[],
    opsets: new Map<string, number>(),
  };
  eachField(bytes, start, end, (number, _wire, from, to) => {
    if (number === functionField.name) made.name = textAt(bytes, from, to);
    else if (number === functionField.domain) made.domain = standardDomain(textAt(bytes, from, to));
    else if (number === functionField.overload) made.overload = textAt(bytes, from, to);
    else if (number === functionField.input) made.inputs.push(textAt(bytes, from, to));
    else if (number === functionField.output) made.outputs.push(textAt(bytes, from, to));
    else if (number === functionField.attributeProto) made.defaults.push(attributeAt(bytes, from, to));
    else if (number === functionField.node) made.nodes.push(nodeAt(bytes, from, to));
    else if (number === functionField.opsetImport) addOpset(made.opsets, bytes, from, to);
  });
  return made;
}
