export type { Finding, Measure, Series } from "../controls/index.ts";
export { type AssessOptions, assess, inspectAlone, lastAssessment, type Planned, planOf, rebuildProject } from "./assess.ts";
export type * from "./assessment.ts";
export { tool } from "./environment.ts";
export { readAssessment } from "./file.ts";
export { type Health, projectHealth } from "./health.ts";
export { limitsFrom } from "./limits.ts";
export { openOwnControls } from "./own/index.ts";
export type { Ended, Progress } from "./run.ts";
