import { splitNames } from "../../data/index.ts";
import type { System } from "../../declaration/index.ts";
import { isMissing, type Node } from "../define.ts";
import { modelNode } from "./model.ts";
import { modelBytes } from "./model-file.ts";
import { splitNode } from "./splits.ts";

/** Every declared artefact as a vertex of a plan, in each way in which a need reads it. */
export function artefactNodes(system: System): readonly Node[] {
  const splits = system.datasets.flatMap((dataset) => splitNames.map((name) => splitNode(dataset, name)));
  const scopes = system.models.flatMap((model) => system.datasets.map((dataset) => ({ system, budget: "quick" as const, model, dataset })));
  return [...splits, ...scopes.flatMap((scope) => [modelNode(scope), modelBytes().plan(scope)])].flatMap((node) =>
    isMissing(node) ? [] : [node],
  );
}
