import { open, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep, win32 } from "node:path";
import { Problem, Problems, quoted } from "../base/index.ts";
import { bytesOf, tensorPlace } from "./check.ts";
import type { OnnxTensor } from "./graph.ts";
import { type OnnxModel, type ParsedModel, tensorsOf } from "./model.ts";

/**
 * Checks that every tensor kept in another file lies in the model's own folder (no absolute path, no "..", no link leading out) and that the
 * file is long enough; returns these files. Throws all that is wrong.
 */
export async function checkExternalData(model: ParsedModel, folder: string): Promise<string[]> {
  const sizes = new Map<string, Promise<number | Problem>>();
  const problems: Problem[] = [];
  for (const tensor of tensorsOf(model)) {
    if (tensor.external === undefined) continue;
    const problem = await checkOne(tensor, tensor.external, { file: model.file, folder, sizes });
    if (problem !== undefined) problems.push(problem);
    if (problems.length >= 20) break;
  }
  if (problems.length > 0) throw new Problems(problems);
  return [...sizes.keys()];
}

interface Folder {
  readonly file: string;
  readonly folder: string;
  readonly sizes: Map<string, Promise<number | Problem>>;
}

async function checkOne(
  tensor: OnnxTensor,
  entries: ReadonlyMap<string, string>,
  { file, folder, sizes }: Folder,
): Promise<Problem | undefined> {
  const problem = (what: string, remedy: string) => new Problem("MODEL_EXTERNAL_DATA", what, { file, at: tensorPlace(tensor), remedy });
  const location = entries.get("location") ?? "";
  if (!staysInside(location)) {
    return problem(
      `its values are said to lie in ${quoted(location)}, outside the model's own folder`,
      "Export the model again, with its data in its own folder.",
    );
  }
  const path = join(folder, location);
  const size = sizes.get(path) ?? sizeInside(path, folder, problem);
  sizes.set(path, size);
  const bytes = await size;
  if (typeof bytes !== "number") return problem(bytes.message, bytes.remedy);
  const offset = wholeNumber(entries.get("offset") ?? "0");
  const length = wholeNumber(entries.get("length") ?? String(bytesOf(tensor) ?? Number.NaN));
  if (offset === undefined || length === undefined || length !== bytesOf(tensor)) {
    return problem(
      `its shape [${tensor.dims.join(", ")}] does not fit the length that is written for its values`,
      "Export the model to ONNX again.",
    );
  }
  if (offset + length > bytes)
    return problem(
      `its values should end at byte ${offset + length} of ${quoted(location)}, which has ${bytes}`,
      "Copy that file again, whole.",
    );
  return undefined;
}

function staysInside(location: string): boolean {
  if (location === "" || location.includes("\0") || isAbsolute(location) || win32.isAbsolute(location) || /^[a-z]:/i.test(location))
    return false;
  return !location.split(/[\\/]/).includes("..");
}

const wholeNumber = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);

async function sizeInside(path: string, folder: string, problem: (what: string, remedy: string) => Problem): Promise<number | Problem> {
  const name = quoted(relative(folder, path));
  try {
    const real = await realpath(path);
    if (!real.startsWith(folder + sep))
      return problem(`its values' file ${name} is a link that leads outside the model's folder`, "Put the file itself there.");
    const facts = await stat(real);
    return facts.isFile() ? facts.size : problem(`its values' file ${name} is not a file`, "Export the model to ONNX again.");
  } catch {
    return problem(`its values' file ${name} is not there`, "Copy it beside the model: the two belong together.");
  }
}

/**
 * The bytes of every tensor that is kept beside the model, each in memory of its own, by where the tensor starts in the file. `readModel` checked
 * their places; a file that has changed since then is a Problem.
 */
export async function readExternalData(model: ParsedModel | OnnxModel): Promise<ReadonlyMap<number, Uint8Array>> {
  const read = new Map<number, Uint8Array>();
  for (const tensor of tensorsOf(model)) {
    const { external, start } = tensor;
    if (external === undefined || read.has(start)) continue;
    const problem = (what: string) =>
      new Problem("MODEL_EXTERNAL_DATA", what, { file: model.file, at: tensorPlace(tensor), remedy: "Copy that file again, whole." });
    if (!("path" in model)) throw problem("its values lie in another file, and of this model only its own bytes are known");
    const offset = wholeNumber(external.get("offset") ?? "0") ?? 0;
    read.set(start, await bytesAt(join(dirname(model.path), external.get("location") ?? ""), offset, bytesOf(tensor) ?? 0, problem));
  }
  return read;
}

async function bytesAt(path: string, offset: number, length: number, problem: (what: string) => Problem): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const handle = await open(path, "r").catch(() => {
    throw problem("its values' file cannot be read");
  });
  try {
    for (let at = 0; at < length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(length - at, 1 << 28), offset + at);
      if (bytesRead === 0) throw problem("its values' file became shorter while it was read");
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
