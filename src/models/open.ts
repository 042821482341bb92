import { openEndpoint } from "./endpoint/open.ts";
import type { Model, ModelBinding, OpenOptions } from "./model.ts";
import { openOnnx } from "./onnx.ts";
import { openPredictions } from "./predictions/open.ts";

/** Opens whatever answers rows, of any kind: call it in an isolated process. Throws Problems of that kind. */
export async function openModel(binding: ModelBinding, options: OpenOptions = {}): Promise<Model> {
  switch (binding.kind) {
    case "onnx":
      return openOnnx(binding, options);
    case "endpoint":
      return openEndpoint(binding);
    case "predictions":
      return openPredictions(binding);
  }
}
