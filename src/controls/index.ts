export {
  type AnyControl,
  type Budget,
  budgets,
  type Control,
  defineControl,
  defineRecipe,
  type Inputs,
  isMissing,
  type Making,
  type Missing,
  type Need,
  type Node,
  type PolicyEntry,
  type Recipe,
  type Scope,
} from "./define.ts";
export { controls } from "./index.generated.ts";
export type { Curve, Finding, Measure, Measured, Series, Unit, Verdict, VerdictName } from "./measured.ts";
export { recipes } from "./recipes.ts";
