import { quoted } from "../../base/index.ts";
import type { Need } from "../define.ts";

/** The bytes that a model takes: its file, and the files beside it that hold its tensors. */
export const modelBytes = (): Need<number> => ({
  per: "model",
  plan: ({ model }) =>
    model === undefined
      ? { missing: "no model is declared", remedy: "Declare it under `models`." }
      : model.file === null
        ? { missing: `model ${quoted(model.id)} is no file`, remedy: "Declare the model's ONNX file: `file: ...`." }
        : {
            kind: "artefact",
            id: model.artefact,
            digest: model.digest,
            reading: { bytes: model.file.facts.bytes },
            open: model.file.facts.bytes,
          },
  view: (seen) => seen as number,
});
