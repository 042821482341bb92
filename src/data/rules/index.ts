export { evaluator, type ReadyRule, type RowShape, readyRule } from "./evaluate.ts";
export { parseRule } from "./parse.ts";
export { type Comparison, columnsOf, columnsOfRule, type Expression, type Rule } from "./rule.ts";
