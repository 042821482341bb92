export * from "./authoring.ts";
export {
  type AnyControl,
  type Asks,
  budgets,
  declared,
  defineRecipe,
  type Inputs,
  isMissing,
  type Making,
  type Missing,
  type Node,
  type PolicyDeclared,
  type Recipe,
  type Scope,
} from "./define.ts";
export { controls } from "./index.generated.ts";
export { artefactNodes } from "./needs/artefacts.ts";
export { recipes } from "./recipes.ts";
