export {
  constant,
  float,
  floatOf,
  floats,
  floatsOf,
  graphsOf,
  int,
  int64s,
  intOf,
  ints,
  intsOf,
  node,
  tensor,
  tensorOf,
  text,
  textOf,
  texts,
  textsOf,
} from "./attributes.ts";
export { countOf } from "./check.ts";
export { typeOf, zeros } from "./element.ts";
export { attributeOf, decode, type OnnxGraph, type OnnxNode, type OnnxValue } from "./graph.ts";
export { freshName } from "./inline.ts";
export { liftProgram, tidy } from "./lift/index.ts";
export { makersOf, type OnnxModel, type ParsedModel, tensorsOf } from "./model.ts";
export { freeNames, usedBy } from "./order.ts";
export type { Attribute, Constant, Element, Graph, Known, Node, PortType, Program, Specialised, Values } from "./program.ts";
export { guarded, parseModel, readModel } from "./read.ts";
export { readProgram } from "./read-program.ts";
export { codedInput, codedOutput, cutZipMap, type Rewriting, rewrite, widened } from "./rewrite.ts";
export { openSession, type RunOptions, type Session } from "./session.ts";
export { inferNode } from "./shapes/infer.ts";
export { type SpecialiseOptions, specialise } from "./shapes/specialise.ts";
export { writeProgram } from "./write-program.ts";
