export type { Access, Attack, Goal, Loss, Norm, Points, Proposals, Slopes, Victim } from "./evasion/attack.ts";
