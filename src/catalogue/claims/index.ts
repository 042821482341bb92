import type { Claim } from "../schema.ts";
import { codeClaims } from "./code.ts";
import { contaminationClaims } from "./contamination.ts";
import { datasetClaims } from "./dataset.ts";
import { extractionClaims } from "./extraction.ts";
import { fairnessClaims } from "./fairness.ts";
import { governanceClaims } from "./governance.ts";
import { poisoningClaims } from "./poisoning.ts";
import { privacyClaims } from "./privacy.ts";
import { qualityClaims } from "./quality.ts";
import { robustnessClaims } from "./robustness.ts";

export const claims: readonly Claim[] = [
  ...fairnessClaims,
  ...codeClaims,
  ...poisoningClaims,
  ...robustnessClaims,
  ...privacyClaims,
  ...extractionClaims,
  ...datasetClaims,
  ...qualityClaims,
  ...contaminationClaims,
  ...governanceClaims,
];
