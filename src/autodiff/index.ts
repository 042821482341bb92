export { Draft } from "./draft.ts";
export type { Port, Rows } from "./feed.ts";
export type { Gradients } from "./gather.ts";
export { type Gradient, type GradientGraph, type GradientOptions, gradient, gradientGraph } from "./gradient.ts";
export type { CutAt } from "./logits.ts";
export { type LossGraph, type LossQuestion, lossGradient } from "./loss-gradient.ts";
export type { LossName } from "./losses.ts";
export type { Attributes, Builder, Value } from "./pullback.ts";
export type { StraightThrough } from "./reverse.ts";
