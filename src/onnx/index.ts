export * from "./attributes.ts";
export { countOf } from "./check.ts";
export { attributeOf, decode, type OnnxGraph, type OnnxNode, type OnnxValue } from "./graph.ts";
export { makersOf, type OnnxModel, type ParsedModel, tensorsOf } from "./model.ts";
export type { Attribute, Constant, Element, Graph, Known, Node, PortType, Program, Specialised, Values } from "./program.ts";
export { guarded, parseModel, readModel } from "./read.ts";
export { codedInput, codedOutput, cutZipMap, type Rewriting, rewrite, widened } from "./rewrite.ts";
export { ShapeError } from "./shapes/call.ts";
export { inferNode } from "./shapes/infer.ts";
