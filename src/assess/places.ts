import { posix } from "node:path";
import type { AnyControl, PolicyEntry, Scope } from "../controls/index.ts";
import type { Read } from "../declaration/index.ts";
import type { Artefact, Declared } from "./assessment.ts";

/** Where the declaration says what a result is about: the limit that it is judged by, else its model, its dataset, or the system. */
export function declaredPlace({ declaration, place }: Read, control: AnyControl, { model, dataset }: Scope): Declared {
  const { models = [], datasets = [], policy } = declaration;
  if (policy?.claims?.[control.claim] !== undefined) return linesOf(place(["policy", "claims", control.claim]));
  const limit = Object.values(control.policy as Record<string, PolicyEntry>).find((entry) => entry.kind === "declared");
  if (limit?.kind === "declared") return linesOf(place(limit.from.split(".")));
  const atModel = models.findIndex(({ id }) => id === model?.id);
  if (atModel >= 0) return linesOf(place(["models", atModel]));
  const atDataset = datasets.findIndex(({ id }) => id === dataset?.id);
  return linesOf(place(atDataset >= 0 ? ["datasets", atDataset] : ["system"]));
}

/** A split's file and a model's file, as they are declared, with the place of that line. */
export function artefactPlaces({ declaration, place }: Read): ReadonlyMap<string, Pick<Artefact, "path" | "declared">> {
  const { datasets = [], models = [] } = declaration;
  const splits = datasets.flatMap(({ id, splits: named }, at) =>
    Object.entries(named).map(
      ([split, path]) => [`dataset:${id}/${split}`, path, linesOf(place(["datasets", at, "splits", split]))] as const,
    ),
  );
  const files = models.map((model, at) => {
    const path = "file" in model ? model.file : undefined;
    return [`model:${model.id}`, path, linesOf(place(path === undefined ? ["models", at] : ["models", at, "file"]))] as const;
  });
  return new Map([...splits, ...files].map(([artefact, path, declared]) => [artefact, { ...pathOf(path), declared }]));
}

/** One file's path from sextant.yaml; nothing where the declaration names many files by a pattern, or none. */
const pathOf = (named: unknown) => (typeof named === "string" && !/[*?[\]{}]/.test(named) ? { path: posix.normalize(named) } : {});

const linesOf = ({ line = 1, column = 1 }: { line?: number; column?: number }): Declared => ({ line, column });
