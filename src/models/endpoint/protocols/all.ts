import type { ProtocolName } from "../binding.ts";
import { mapping } from "./mapping.ts";
import { mlflow } from "./mlflow.ts";
import { openInference } from "./open-inference.ts";
import type { Protocol } from "./protocol.ts";
import { tfServing } from "./tf-serving.ts";

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  "open-inference": openInference,
  mlflow,
  "tf-serving": tfServing,
  mapping,
};
