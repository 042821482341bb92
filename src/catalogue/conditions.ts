import type { Condition } from "./schema.ts";

/** Somebody whom a leak would hurt. */
export const aboutSomebody: Condition = { any: ["personal-data", "confidential-data"] };

/** Somebody other than the organisation writes what the model learns from. */
export const learnsFromOutside: Condition = { any: ["others-data", "feedback-trains"] };

/** The model in use is replaced by what operation taught it. */
export const changesInOperation: Condition = { all: ["has-service", { any: ["feedback-trains", "learns-in-operation"] }] };

/** Somebody has a hand in the inputs, or reason to: callers, those decided about, or those who supply the data. */
export const shapedByOutsiders: Condition = { any: ["strangers-query", "affects-anyone", "others-data"] };
