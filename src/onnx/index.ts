export { countOf } from "./check.ts";
export { attributeOf, decode, type OnnxGraph, type OnnxNode, type OnnxTensor, type OnnxValue } from "./graph.ts";
export { type OnnxModel, tensorsOf } from "./model.ts";
export { readModel } from "./read.ts";
export { codedInput, codedOutput, cutZipMap, rewrite } from "./rewrite.ts";
