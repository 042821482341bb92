import type { Claim } from "../schema.ts";

/** Of the threats evasion and adversarial-attack. */
export const robustnessClaims: readonly Claim[] = [
  {
    id: "evasion/boundary-distance",
    title: "Distance to the boundary",
    says: "The share of training rows that the declared manipulations could carry over the decision boundary stays within the limit.",
    wants: "a training split, declared manipulations, and a model or a stand-in trained here",
    owner: "data-scientist",
    part: "processing",
  },
  {
    id: "evasion/augmentation-coverage",
    title: "Augmentation covers the manipulations",
    says: "Every declared manipulation occurs in the training data, or in its augmentation, at least as often as the limit.",
    wants: "a training split with its augmentation, and declared manipulations",
    owner: "data-scientist",
    part: "processing",
  },
  {
    id: "evasion/constrained-accuracy",
    title: "Accuracy under real-world constraints",
    says: "When inputs change only as the real world allows, accuracy stays above the limit.",
    wants: "a labelled test split, declared constraints on each column, and the model",
    owner: "developer",
  },
  {
    id: "evasion/query-search",
    title: "Flips found by queries alone",
    says: "Somebody who only sees answers flips no larger share of them than the limit, within the query budget.",
    wants: "a labelled test split, declared constraints on each column, and the model",
    owner: "developer",
  },
  {
    id: "evasion/defence-holds",
    title: "The defence holds",
    says: "With the defence in place, an attack that knows of it flips fewer answers than before; accuracy falls by no more than the limit.",
    wants: "a labelled test split, and the model with and without its defence",
    owner: "developer",
  },
  {
    id: "evasion/endpoint-limits",
    title: "The endpoint within its limits",
    says: "Against the endpoint itself, within the queries that it allows, no larger share of answers can be flipped than the limit.",
    wants: "an endpoint that may be tested, its limits, and a test split",
    owner: "operator",
  },
  {
    id: "evasion/guard-notices",
    title: "The guard notices",
    says: "Of the evasion attempts made as a test, the guard notices at least the limit's share, with few false alarms on honest callers.",
    wants: "an endpoint behind a guard, and a sample of honest queries",
    owner: "operator",
  },
  {
    id: "adversarial-attack/white-box",
    title: "Worst case, white-box",
    says: "Against attacks that know the model's gradients, accuracy stays above the limit at the declared size of change.",
    wants: "a labelled test split, a declared size of change, and a model whose gradients can be computed",
    owner: "developer",
  },
  {
    id: "adversarial-attack/black-box",
    title: "Worst case, black-box",
    says: "Against attacks that transfer from another model or use answers alone, accuracy stays above the limit at the declared size of change.",
    wants: "a labelled test split, a declared size of change, and the model",
    owner: "developer",
  },
  {
    id: "adversarial-attack/gradient-masking",
    title: "No masking of gradients",
    says: "No attack without gradients succeeds more often than those with gradients, and larger changes never succeed less often.",
    wants: "a labelled test split, and a model whose gradients can be computed",
    owner: "developer",
  },
];
