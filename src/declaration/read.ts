import { type Place, Problem, Problems, problemsOf, quoted } from "../base/index.ts";
import { holdsPictures } from "../data/index.ts";
import { mistakesOf, mostProblems } from "./mistakes.ts";
import { type Kind, locate } from "./paths.ts";
import { checkReferences } from "./references.ts";
import { type Declaration, declarationSchema } from "./schema.ts";
import { readSource } from "./source.ts";
import { isTable, locateTable } from "./tables.ts";
import { valueAt } from "./wording.ts";
import { type Path, parseYaml, type Tree } from "./yaml.ts";

/** A declaration that keeps to the schema, whose names and paths mean something. */
export interface Read {
  readonly declaration: Declaration;
  /** As shown to people: from the folder or file that was asked for. */
  readonly file: string;
  /** The folder of sextant.yaml: absolute, without links. */
  readonly root: string;
  /** Where in the file something stands; what is not there stands where its nearest parent does. */
  place(path: Path): Place;
}

/** Reads `sextant.yaml` in a folder, or the file itself. Throws Problems with every mistake, each at its line and column. */
export async function readDeclaration(folderOrFile: string): Promise<Read> {
  const { file, root, text } = await readSource(folderOrFile);
  const { declaration, tree } = parseDeclaration(text, file);
  const problems = [...(declaration.problems ?? []), ...(await checkPaths(tree, root))];
  if (declaration.value === undefined || problems.length > 0) throw new Problems(problems.toSorted(byPlace));
  return { declaration: declaration.value, file, root, place: tree.place };
}

const byPlace = ({ place: a }: Problem, { place: b }: Problem) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

interface Parsed {
  readonly tree: Tree;
  readonly declaration: { readonly value: Declaration | undefined; readonly problems: readonly Problem[] };
}

/** The text alone: nothing that it names is looked at. Throws Problems when it is no YAML at all. */
export function parseDeclaration(text: string, file: string): Parsed {
  const tree = parseYaml(text, file);
  if (typeof tree.value !== "object" || tree.value === null || Array.isArray(tree.value)) throw notAMapping(tree);
  const parsed = declarationSchema.safeParse(tree.value);
  const problems = [...(parsed.success ? [] : mistakesOf(parsed.error.issues, declarationSchema, tree)), ...checkReferences(tree)];
  return { tree, declaration: { value: parsed.data, problems } };
}

function notAMapping({ value, place }: Tree): Problem {
  const what = value === null ? "the file is empty" : "the file holds no mapping of `key: value`";
  return new Problem("DECLARATION_VALUE", what, { ...place([]), remedy: "`sextant init` writes one to start from." });
}

interface Named {
  readonly path: Path;
  readonly kind: Kind;
  readonly role: "table" | "array" | "model" | "code" | "control";
}

/** Every path that the declaration names. */
function pathsOf({ value }: Tree): Named[] {
  const items = (path: Path) => {
    const list = valueAt(value, path);
    return Array.isArray(list) ? [...list.keys()] : [];
  };
  return [
    ...items(["datasets"]).flatMap((at) =>
      ["train", "evaluation", "test"].flatMap((split): Named[] => [
        { path: ["datasets", at, "splits", split], kind: "file or folder", role: "table" },
        ...arrayPaths(["datasets", at, "splits", split]),
      ]),
    ),
    ...items(["datasets"]).map((at): Named => ({ path: ["datasets", at, "images", "folder"], kind: "folder", role: "code" })),
    ...items(["models"]).map((at): Named => ({ path: ["models", at, "file"], kind: "file", role: "model" })),
    ...items(["models"]).flatMap((at) =>
      ["train", "evaluation", "test"].map(
        (split): Named => ({ path: ["models", at, "predictions", "files", split], kind: "file", role: "table" }),
      ),
    ),
    ...["models", "services"].flatMap((list) =>
      items([list]).map((at): Named => ({ path: [list, at, "endpoint", "ca"], kind: "file", role: "code" })),
    ),
    ...items(["controls"]).map((at): Named => ({ path: ["controls", at, "file"], kind: "file", role: "control" })),
    ...items(["code"]).flatMap((at): Named[] => [
      { path: ["code", at, "folder"], kind: "folder", role: "code" },
      ...items(["code", at, "lockfiles"]).map((index): Named => ({ path: ["code", at, "lockfiles", index], kind: "file", role: "code" })),
    ]),
  ];
}

/** Of a split of arrays: a path, or one under `file`. */
const arrayPaths = (split: Path): Named[] =>
  ["images", "labels"].flatMap((part): Named[] => [
    { path: [...split, part], kind: "file", role: "array" },
    { path: [...split, part, "file"], kind: "file", role: "array" },
  ]);

/** Each path must lie inside the project and be there; a table and a model must be of a format that is read. */
async function checkPaths(tree: Tree, root: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, kind, role } of pathsOf(tree)) {
    const named = valueAt(tree.value, path);
    if (problems.length >= mostProblems) break;
    const place = tree.place(path);
    if (role === "table") problems.push(...(await checkTable(root, named, place)));
    if (role === "table" || typeof named !== "string" || named === "") continue;
    const format = formatProblem(named, role, place);
    if (format !== null) problems.push(format);
    problems.push(...(await locate(root, named, kind, place).then(() => [], mustBeProblems)));
  }
  return problems;
}

/** A folder may hold pictures instead; what is no name of a table at all, the schema tells. */
async function checkTable(root: string, named: unknown, place: Place): Promise<readonly Problem[]> {
  if (!isTable(named)) return [];
  const folder = typeof named === "string" ? await locate(root, named, "folder", {}).catch(() => null) : null;
  if (folder !== null && (await holdsPictures(folder))) return [];
  return locateTable(root, named, place).then(() => [], mustBeProblems);
}

function mustBeProblems(error: unknown): readonly Problem[] {
  const problems = problemsOf(error);
  if (problems.length === 0) throw error;
  return problems;
}

function formatProblem(named: string, role: Named["role"], place: Place): Problem | null {
  if (role === "control" && !/\.[cm]?[jt]s$/i.test(named)) {
    return new Problem("DECLARATION_VALUE", `${quoted(named)} is not called like a JavaScript or TypeScript file`, {
      ...place,
      remedy: "Name the module that exports the control: it ends in .ts, .js or .mjs.",
    });
  }
  if (role === "model" && !/\.onnx$/i.test(named)) {
    return new Problem("DECLARATION_VALUE", `${quoted(named)} is not called like an ONNX model`, {
      ...place,
      remedy: "Export the model to ONNX: its file ends in .onnx.",
    });
  }
  return null;
}
