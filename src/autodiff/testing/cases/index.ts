import type { DifferentiableOp } from "../../pullbacks/index.ts";
import type { CaseMaker } from "../check-pullback.ts";
import { arithmeticCases } from "./arithmetic.ts";
import { convolutionCases } from "./convolution.ts";
import { indexingCases } from "./indexing.ts";
import { einsumCases, linearCases, softmaxCases } from "./linear.ts";
import { normalisationCases } from "./normalisation.ts";
import { pointwiseCases } from "./pointwise.ts";
import { poolingCases } from "./pooling.ts";
import { reductionCases } from "./reductions.ts";
import { resizeCases } from "./resize.ts";
import { paddingCases, shapingCases } from "./shaping.ts";

/** What every row of the table of pullbacks is checked by. */
export const cases: Readonly<Record<DifferentiableOp, readonly CaseMaker[]>> = {
  ...arithmeticCases,
  ...convolutionCases,
  ...einsumCases,
  ...indexingCases,
  ...linearCases,
  ...paddingCases,
  ...pointwiseCases,
  ...poolingCases,
  ...reductionCases,
  ...resizeCases,
  ...shapingCases,
  ...softmaxCases,
  ...normalisationCases,
};
