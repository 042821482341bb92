/**
 * Attacks on ONNX models, and how their success is judged: on a fresh forward pass, within bounds and size of change, each query counted.
 *
 * Start with {@link openVictim} and {@link strike}. Points are row-major [rows, width] in float32; sizes of change are in the units of the points. An attack of your own is an
 * {@link Attack}: it proposes, and `strike` judges it as it judges these.
 *
 * @packageDocumentation
 */
export {
  type Access,
  type ApgdOptions,
  type Attack,
  apgd,
  type FabOptions,
  type FileVictimOptions,
  type FmnOptions,
  fabTargeted,
  fmn,
  type Goal,
  inTurn,
  type Loss,
  type Norm,
  type OpenVictim,
  openVictim,
  type PgdOptions,
  type Points,
  type Proposals,
  pgd,
  type Slopes,
  type Struck,
  strike,
  type Victim,
} from "../attacks/index.ts";
export { type Place, Problem, type ProblemCode, Problems, problemsOf, type Random, seededRandom } from "../base/index.ts";
