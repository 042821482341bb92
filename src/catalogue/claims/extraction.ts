import type { Claim } from "../schema.ts";

/** Of the threat model-extraction. */
export const extractionClaims: readonly Claim[] = [
  {
    id: "model-extraction/copy-agreement",
    title: "Agreement of a copy",
    says: "A copy trained on as many answers as the budget buys agrees with the model no more often than the limit.",
    wants: "the model, and inputs that an outsider could have",
    owner: "developer",
  },
  {
    id: "model-extraction/mitigation-works",
    title: "The mitigation works",
    says: "With the mitigation in place a copy needs more answers to agree as often; honest callers lose no more accuracy than the limit.",
    wants: "the model with and without its mitigation, and inputs that an outsider could have",
    owner: "developer",
  },
  {
    id: "model-extraction/price-of-copy",
    title: "The price of a copy",
    says: "Within the service's limits, the answers that a good copy needs cost more time or money than the declared worth of the model.",
    wants: "the service's limits and prices, the declared worth of the model, and the measured agreement of a copy",
    owner: "operator",
  },
];
