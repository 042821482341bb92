export { factsOf, type Threatened, threatsOf } from "./facts.ts";
export { declarationJsonSchema } from "./json-schema.ts";
export { type Read, readDeclaration } from "./read.ts";
export type { DatasetDeclaration, Declaration, ModelDeclaration } from "./schema.ts";
export { type Dataset, type Model, type Split, type SplitName, type System, splitNames } from "./system.ts";
