import { relative, sep } from "node:path";
import type { AnyControl, PolicyEntry, Scope } from "../controls/index.ts";
import type { Read, System } from "../declaration/index.ts";
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

type Placed = Pick<Artefact, "path" | "declared" | "firstRowLine">;

/** A split's file and a model's file, and the place where the declaration names them. */
export function artefactPlaces({ declaration, place }: Read, { root, datasets, models }: System): ReadonlyMap<string, Placed> {
  const datasetAt = (id: string) => declaration.datasets?.findIndex((each) => each.id === id) ?? 0;
  const modelAt = (id: string) => declaration.models?.findIndex((each) => each.id === id) ?? 0;
  const splits = datasets.flatMap(({ id, splits: named }) =>
    Object.values(named).map(({ name, artefact, source, reading: { firstRowLine } }): [string, Placed] => {
      const isOneFile = source.files === undefined && source.arrays === undefined && source.format !== "images";
      const placed = { declared: linesOf(place(["datasets", datasetAt(id), "splits", name])) };
      const file = { path: way(root, source.path), ...(firstRowLine === undefined ? {} : { firstRowLine }) };
      return [artefact, isOneFile ? { ...file, ...placed } : placed];
    }),
  );
  const files = models.map(({ id, artefact, file }): [string, Placed] => {
    const at = ["models", modelAt(id)];
    if (file === null) return [artefact, { declared: linesOf(place(at)) }];
    // Tensors in other files are part of the model's digest, which is then not the file's own.
    const path = file.facts.externalFiles.length > 0 ? {} : { path: way(root, file.path) };
    return [artefact, { ...path, declared: linesOf(place([...at, "file"])) }];
  });
  return new Map([...splits, ...files]);
}

const way = (root: string, path: string) => relative(root, path).split(sep).join("/");

const linesOf = ({ line = 1, column = 1 }: { line?: number; column?: number }): Declared => ({ line, column });
