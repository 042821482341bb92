import { cells } from "./cells.ts";
import { claims } from "./claims/index.ts";
import { facts } from "./facts.ts";
import { requirements } from "./requirements.ts";
import type { Catalogue } from "./schema.ts";
import { stages } from "./stages.ts";
import { stakeholders } from "./stakeholders.ts";
import { threats } from "./threats.ts";

/** The draft, as it was presented in February 2024, in our own words. Its version is ours: the draft has none. */
export const catalogue: Catalogue = {
  id: "x.sr-ai",
  name: "draft X.sr-ai (2024-02 slides)",
  version: "1.0.0",
  stages,
  stakeholders,
  facts,
  threats,
  claims,
  cells,
  requirements,
};
