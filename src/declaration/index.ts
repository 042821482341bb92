export { factsOf, threatsOf } from "./facts.ts";
export { proposeDeclaration } from "./init/propose.ts";
export type { Inspect } from "./inspect.ts";
export { declarationJsonSchema } from "./json-schema.ts";
export { locate } from "./paths.ts";
export { type Read, readDeclaration } from "./read.ts";
export { resolveSystem } from "./resolve.ts";
export type { DatasetDeclaration, Declaration, ModelDeclaration } from "./schema.ts";
export { type Dataset, type Model, type Split, type SplitName, type System, splitNames } from "./system.ts";
