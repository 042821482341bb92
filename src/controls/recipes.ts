import type { Recipe } from "./define.ts";
import { baselinesRecipe } from "./needs/baselines.ts";
import { candidatesRecipe } from "./needs/candidates.ts";
import { conflictsRecipe } from "./needs/conflicts.ts";
import { corruptedRecipe } from "./needs/corrupted.ts";
import { servedRecipe, servedTimesRecipe } from "./needs/endpoint-served.ts";
import { attackedRecipe } from "./needs/evasion/attacked.ts";
import { constrainedRecipe, namedRecipe } from "./needs/evasion/constrained.ts";
import { guessedRecipe } from "./needs/evasion/guessed.ts";
import { nearRecipe } from "./needs/evasion/near.ts";
import { flipsRecipe } from "./needs/flips.ts";
import { groupsRecipe } from "./needs/groups.ts";
import { growingRecipe } from "./needs/growing.ts";
import { labelsRecipe } from "./needs/labels.ts";
import { latencyRecipe } from "./needs/latency.ts";
import { memoryRecipe } from "./needs/memory.ts";
import { overlapRecipe } from "./needs/overlap.ts";
import { predictionsRecipe } from "./needs/predictions.ts";
import { preparationsRecipe } from "./needs/preparations.ts";
import { eachServiceRecipe } from "./needs/services.ts";
import { unlikeRecipe } from "./needs/unlike.ts";

// biome-ignore lint/suspicious/noExplicitAny: inputs and outputs are known to each recipe alone
type AnyRecipe = Recipe<any, any>;

const all: readonly AnyRecipe[] = [
  attackedRecipe,
  baselinesRecipe,
  candidatesRecipe,
  conflictsRecipe,
  constrainedRecipe,
  namedRecipe,
  corruptedRecipe,
  flipsRecipe,
  guessedRecipe,
  nearRecipe,
  groupsRecipe,
  growingRecipe,
  labelsRecipe,
  latencyRecipe,
  memoryRecipe,
  overlapRecipe,
  predictionsRecipe,
  preparationsRecipe,
  unlikeRecipe,
  eachServiceRecipe,
  servedRecipe,
  servedTimesRecipe,
];

/** Every way of making a derived artefact, by id. */
export const recipes: Readonly<Record<string, AnyRecipe>> = Object.fromEntries(all.map((recipe) => [recipe.id, recipe]));
