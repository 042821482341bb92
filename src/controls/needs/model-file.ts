import type { Need } from "../define.ts";

/** The bytes that a model takes: its file, and the files beside it that hold its tensors. */
export const modelBytes = (): Need<number> => ({
  per: "model",
  plan: ({ model }) =>
    model === undefined
      ? { missing: "no model is declared", remedy: "Declare it under `models`." }
      : { kind: "artefact", id: model.artefact, digest: model.digest, reading: { bytes: model.facts.bytes }, open: model.facts.bytes },
  view: (seen) => seen as number,
});
