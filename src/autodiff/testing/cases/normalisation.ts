import { float } from "../../../onnx/index.ts";
import type { normalisation } from "../../pullbacks/normalisation.ts";
import type { CaseMaker } from "../check-pullback.ts";

const batch =
  (rank: number): CaseMaker =>
  (s) => {
    const dims = s.dims(rank);
    const channels = [dims[1] ?? 1];
    const inputs = [s.real(dims), s.real(channels), s.real(channels), s.real(channels), s.real(channels, { low: 0.5, high: 2 })];
    return { op: "BatchNormalization", attributes: { epsilon: float(0.01) }, inputs };
  };

/** From an axis to the last, of which at least two numbers differ. */
const over =
  (op: "LayerNormalization" | "RMSNormalization", rank: number, axis: number, bias: boolean): CaseMaker =>
  (s) => {
    const dims = [...s.dims(rank - 1), s.whole(3, 5)];
    const scaled = dims.slice(axis < 0 ? axis + rank : axis);
    const third = bias ? [s.real(scaled)] : [];
    return { op, attributes: { axis, epsilon: float(0.1) }, inputs: [s.real(dims), s.real(scaled), ...third] };
  };

export const normalisationCases: Record<keyof typeof normalisation, readonly CaseMaker[]> = {
  BatchNormalization: [2, 3, 4, 5].map(batch),
  LayerNormalization: [
    over("LayerNormalization", 2, -1, true),
    over("LayerNormalization", 3, -1, false),
    over("LayerNormalization", 4, 2, true),
    over("LayerNormalization", 3, -2, true),
  ],
  RMSNormalization: [over("RMSNormalization", 2, -1, false), over("RMSNormalization", 3, -2, false), over("RMSNormalization", 4, 1, false)],
};
