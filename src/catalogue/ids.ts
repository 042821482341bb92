/** Who answers for what. Closed: the declaration names people under these roles. */
export const stakeholderIds = ["management", "architect", "data-scientist", "developer", "operator", "user"] as const;
/** A role of those who answer for a system. */
export type StakeholderId = (typeof stakeholderIds)[number];

/** Declared facts that decide which threats stand. Closed: each is computed from the declaration by code. */
export const factIds = [
  "affects-people",
  "affects-anyone",
  "personal-data",
  "confidential-data",
  "holds-training-data",
  "others-data",
  "others-base-model",
  "has-service",
  "strangers-query",
  "answers-scores",
  "feedback-trains",
  "learns-in-operation",
] as const;
/** A fact that decides which threats stand. */
export type FactId = (typeof factIds)[number];

/** Null is unknown: nothing is declared that would tell. */
export type Facts = Readonly<Record<FactId, boolean | null>>;
