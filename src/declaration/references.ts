import { nearest, Problem, quoted } from "../base/index.ts";
import { catalogue, cellId } from "../catalogue/index.ts";
import { mostProblems } from "./mistakes.ts";
import { valueAt } from "./wording.ts";
import type { Path, Tree } from "./yaml.ts";

/** Looks at values before it is known that they have the right shape, so that all mistakes come at once. */
interface Look {
  readonly tree: Tree;
  readonly problems: Problem[];
}

const listAt = (tree: Tree, path: Path): unknown[] => {
  const value = valueAt(tree.value, path);
  return Array.isArray(value) ? value : [];
};

const keysAt = (tree: Tree, path: Path): string[] => {
  const value = valueAt(tree.value, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
};

const idsOf = (tree: Tree, list: string) =>
  listAt(tree, [list]).flatMap((_, at) => {
    const id = valueAt(tree.value, [list, at, "id"]);
    return typeof id === "string" ? [id] : [];
  });

/** Names that must mean something: ids of datasets and models, and the catalogue's claims and cells. */
export function checkReferences(tree: Tree): Problem[] {
  const look: Look = { tree, problems: [] };
  for (const check of checks(look)) {
    if (look.problems.length >= mostProblems) break;
    check();
  }
  return look.problems;
}

function* checks(look: Look): Generator<() => void> {
  const { tree } = look;
  for (const list of ["datasets", "models", "components", "services"]) yield () => checkUnique(look, list);
  const datasets = idsOf(tree, "datasets");
  for (const at of listAt(tree, ["models"]).keys()) {
    for (const list of ["trainedOn", "testedOn"]) {
      for (const index of listAt(tree, ["models", at, list]).keys())
        yield () => checkName(look, ["models", at, list, index], "dataset", datasets);
    }
  }
  const models = idsOf(tree, "models");
  for (const at of listAt(tree, ["services"]).keys()) yield () => checkName(look, ["services", at, "model"], "model", models);
  const claims = catalogue.claims.map(({ id }) => id);
  // Controls of the project's own may bring claims that only their files name: what is unknown then shows when they are read.
  const bringsClaims = listAt(tree, ["controls"]).length > 0;
  for (const key of keysAt(tree, ["policy", "claims"]))
    if (!bringsClaims) yield () => checkKey(look, ["policy", "claims", key], "claim", claims);
  const cells = catalogue.cells.map(cellId);
  for (const key of keysAt(tree, ["policy", "levels"])) yield () => checkKey(look, ["policy", "levels", key], "threat at a stage", cells);
  for (const at of listAt(tree, ["datasets"]).keys()) {
    yield () => checkColumns(look, ["datasets", at]);
    for (const column of keysAt(tree, ["datasets", at, "population"]))
      yield () => checkShares(look, ["datasets", at, "population", column]);
  }
}

function checkUnique({ tree, problems }: Look, list: string): void {
  const seen = new Map<string, number>();
  for (const at of listAt(tree, [list]).keys()) {
    const path = [list, at, "id"];
    const id = valueAt(tree.value, path);
    if (typeof id !== "string") continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, at);
    else {
      const { line } = tree.place([list, first, "id"]);
      problems.push(
        new Problem("DECLARATION_VALUE", `${list} has two of the id ${quoted(id)}; the first is on line ${line}`, {
          ...tree.place(path),
          remedy: "Give each an id of its own.",
        }),
      );
    }
  }
}

function checkName({ tree, problems }: Look, path: Path, kind: string, known: readonly string[]): void {
  const name = valueAt(tree.value, path);
  if (typeof name !== "string" || known.includes(name)) return;
  problems.push(unknown(name, kind, known, tree.place(path)));
}

function checkKey({ tree, problems }: Look, path: Path, kind: string, known: readonly string[]): void {
  const name = String(path.at(-1));
  if (!known.includes(name)) problems.push(unknown(name, kind, known, tree.keyPlace(path)));
}

function unknown(name: string, kind: string, known: readonly string[], place: ReturnType<Tree["place"]>): Problem {
  const near = nearest(name, known);
  const there =
    known.length === 0
      ? `No ${kind} is declared.`
      : known.length <= 12
        ? `There is ${known.map((each) => quoted(each)).join(", ")}.`
        : "`sextant explain` lists them.";
  return new Problem("DECLARATION_REFERENCE", `there is no ${kind} ${quoted(name)}`, {
    ...place,
    remedy: near === null ? there : `Did you mean ${quoted(near)}?`,
  });
}

/** The label is what a model predicts: it cannot be left out of the data, and a column is not two things that exclude each other. */
function checkColumns({ tree, problems }: Look, path: Path): void {
  const label = valueAt(tree.value, [...path, "label"]);
  for (const list of ["identifying", "unused"]) {
    for (const [index, column] of listAt(tree, [...path, list]).entries()) {
      if (typeof column !== "string" || column !== label) continue;
      problems.push(
        new Problem("DECLARATION_VALUE", `${quoted(column)} is the label, so it cannot be ${list} too`, {
          ...tree.place([...path, list, index]),
          remedy: "Delete it here, or correct the label.",
        }),
      );
    }
  }
}

/** Rounded shares may sum to a little more than one. */
const roundingOfShares = 0.01;

function checkShares({ tree, problems }: Look, path: Path): void {
  const shares = keysAt(tree, path).map((value) => valueAt(tree.value, [...path, value]));
  const sum = shares.reduce<number>((total, share) => total + (typeof share === "number" && share <= 1 ? share : 0), 0);
  if (sum <= 1 + roundingOfShares) return;
  problems.push(
    new Problem("DECLARATION_VALUE", `the shares of ${quoted(String(path.at(-1)))} sum to ${Number(sum.toPrecision(4))}`, {
      ...tree.place(path),
      remedy: "Shares of one population sum to 1 at most.",
    }),
  );
}
