export { canonicalJson, type Digest, digestOf, digestOfFile, digestOfJson, isDigest, type Json } from "./canonical.ts";
export { NotPlainFile, readPlainFile, writeDurably } from "./durable.ts";
export { type ChildContext, type Isolated, isolate, type Limits, type Restriction, type Variables } from "./isolate.ts";
export { nearest } from "./nearest.ts";
export { printable, quoted } from "./printable.ts";
export { type Place, Problem, type ProblemData, Problems, placeText, problemData, problemFrom, problemsOf } from "./problem.ts";
export { type ProblemCode, problemCodes } from "./problem-codes.ts";
export { type Random, seededRandom } from "./random.ts";
