import type { Pullback } from "../pullback.ts";
import { arithmetic } from "./arithmetic.ts";
import { convolution } from "./convolution.ts";
import { einsum } from "./einsum.ts";
import { indexing } from "./indexing.ts";
import { linear } from "./linear.ts";
import { normalisation } from "./normalisation.ts";
import { padding } from "./padding.ts";
import { pointwise } from "./pointwise.ts";
import { pooling } from "./pooling.ts";
import { reductions } from "./reductions.ts";
import { resize } from "./resize.ts";
import { shaping } from "./shaping.ts";
import { softmax } from "./softmax.ts";

const table = {
  ...arithmetic,
  ...convolution,
  ...einsum,
  ...indexing,
  ...linear,
  ...normalisation,
  ...padding,
  ...pointwise,
  ...pooling,
  ...reductions,
  ...resize,
  ...shaping,
  ...softmax,
};

/** The operators that have a gradient, of the canonical opset; those of other domains as `domain.operator`. The single list. */
export type DifferentiableOp = keyof typeof table;

/** The gradient of every operator that has one. */
export const pullbacks: Readonly<Record<DifferentiableOp, Pullback>> = table;
