import { float } from "../../../onnx/index.ts";
import type { Attributes } from "../../pullback.ts";
import type { CaseMaker } from "../check-pullback.ts";
import { attentionCases } from "./attention.ts";
import { placingCases } from "./placing.ts";
import { recurrentCases } from "./recurrent.ts";

const epsilon = float(0.1);

const grouped =
  (op: "InstanceNormalization" | "GroupNormalization", axes: number): CaseMaker =>
  (s) => {
    const num_groups = s.whole(1, 3);
    const channels = num_groups * s.whole(1, 2);
    const inputs = [s.real([s.whole(1, 2), channels, ...s.dims(axes - 1), s.whole(3, 5)]), s.real([channels]), s.real([channels])];
    return { op, attributes: op === "GroupNormalization" ? { epsilon, num_groups } : { epsilon }, inputs };
  };

const plain =
  (op: string, rank: number, attributes: Attributes, opset = 26): CaseMaker =>
  (s) => ({ op, opset, attributes, inputs: [s.real(s.dims(rank).map((dim) => dim + 1), { kinks: [0] })] }); // biome-ignore format: one case

/** What the lowering of each operator is checked by. */
export const loweredCases: Readonly<Record<string, readonly CaseMaker[]>> = {
  ...attentionCases,
  ...placingCases,
  ...recurrentCases,
  InstanceNormalization: [1, 2, 3].map((axes) => grouped("InstanceNormalization", axes)),
  GroupNormalization: [1, 2].map((axes) => grouped("GroupNormalization", axes)),
  MeanVarianceNormalization: [plain("MeanVarianceNormalization", 4, {}), plain("MeanVarianceNormalization", 3, { axes: [1, 2] })],
  LpNormalization: [plain("LpNormalization", 3, {}), plain("LpNormalization", 3, { p: 1, axis: 1 })],
  GlobalLpPool: [1, 2, 3].map((p) => plain("GlobalLpPool", 4, { p }, 21)),
  LRN: [
    plain("LRN", 4, { size: 3, alpha: float(0.3), beta: float(0.6), bias: float(1.5) }),
    plain("LRN", 4, { size: 5, alpha: float(0.5) }),
  ],
};
