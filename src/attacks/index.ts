export type { Access, Attack, Goal, Loss, Norm, Points, Proposals, Slopes, Victim } from "./evasion/attack.ts";
export { inTurn } from "./evasion/ensemble.ts";
export { type ApgdOptions, apgd } from "./evasion/gradient/apgd.ts";
export { type FabOptions, fabTargeted } from "./evasion/gradient/fab.ts";
export { type FmnOptions, fmn } from "./evasion/gradient/fmn.ts";
export { type PgdOptions, pgd } from "./evasion/gradient/pgd.ts";
export { changeToPlane } from "./evasion/plane.ts";
export { type Struck, strike } from "./evasion/strike.ts";
