import { posix } from "node:path";
import { problemsOf } from "../../base/index.ts";
import { bytesOf } from "../glimpse.ts";
import { valueAt } from "../wording.ts";
import { parseYaml } from "../yaml.ts";
import type { Foreign } from "./kinds.ts";
import { type Glimpse, glimpsed, recognise } from "./recognise.ts";

/** More are hardly one system. */
const mostLooked = 200;
const mostBytesOfMlmodel = 65_536;

/** The models of other formats among the files of a folder (by their paths from it), by their names and a few of their bytes. Nothing of them is loaded. */
export async function findForeign(root: string, files: readonly string[]): Promise<Foreign[]> {
  const found: Foreign[] = [];
  const folders = new Set<string>();
  for (const path of files.filter(isFolderMark).slice(0, mostLooked)) {
    const folder = posix.dirname(path);
    const [foreign] = [posix.basename(path) === "MLmodel" ? await mlflowIn(root, path) : savedModel(folder)];
    if (foreign === null || [...folders].some((other) => folder.startsWith(`${other}/`))) continue;
    folders.add(folder);
    found.push(foreign);
  }
  const inFolder = (path: string) => [...folders].some((folder) => folder === "." || path.startsWith(`${folder}/`));
  for (const path of files.filter((each) => !isFolderMark(each) && !inFolder(each)).slice(0, mostLooked)) {
    const glimpse = await glimpseOf(root, path);
    const known = glimpse === null ? null : recognise(glimpse);
    if (known !== null) found.push({ path, flavours: [], ...known });
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const isFolderMark = (path: string) => /^(MLmodel|saved_model\.pb)$/.test(posix.basename(path));

const savedModel = (folder: string): Foreign => ({ path: folder, kind: "saved-model", doubtful: false, flavours: [] });

/** An MLflow model says in a YAML file which libraries load it; a file that says nothing of the kind is none. */
async function mlflowIn(root: string, path: string): Promise<Foreign | null> {
  const bytes = await bytesOf(root, path, mostBytesOfMlmodel, 0);
  if (bytes === null || bytes.head.length === mostBytesOfMlmodel) return null;
  try {
    const flavours = valueAt(parseYaml(bytes.head.toString("utf8"), path).value, ["flavors"]);
    if (typeof flavours !== "object" || flavours === null || Array.isArray(flavours)) return null;
    return {
      path: posix.dirname(path),
      kind: "mlflow",
      doubtful: false,
      flavours: Object.keys(flavours)
        .filter((name) => /^[a-z0-9_-]{1,40}$/i.test(name))
        .slice(0, 20),
    };
  } catch (error) {
    if (problemsOf(error).length === 0) throw error;
    return null;
  }
}

async function glimpseOf(root: string, path: string): Promise<Glimpse | null> {
  const bytes = await bytesOf(root, path, glimpsed.head, glimpsed.tail);
  return bytes === null ? null : { name: posix.basename(path), ...bytes };
}
