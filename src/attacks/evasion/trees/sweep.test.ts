import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { anywhere, cutsOf, rivalsOf } from "./boxes.ts";
import { sumsOf } from "./ensemble.ts";
import { readEnsemble } from "./read-ensemble.ts";
import { sumsAlong, sweepsOf } from "./sweep.ts";
import { drawnTrees } from "./testing/drawn.ts";

const features = 3;
const modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"];

it("gives at each value of a feature what the trees sum to there", () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: features - 1 }), fc.boolean(), (seed, feature, isWhole) => {
      const random = seededRandom(seed, "sweep");
      const drawing = { trees: 4, depth: 3, features, outputs: 3, modes, transform: "NONE", weights: "any" } as const;
      const ensemble = readEnsemble(drawnTrees(drawing, random), "drawn.onnx");
      const whole = anywhere(features).whole.fill(Number(isWhole));
      const sweeps = sweepsOf(cutsOf(ensemble, whole), features);
      const point = Float64Array.from({ length: features }, () => (isWhole ? random.integer(9) - 4 : Math.fround(4 * random.normal())));
      const along = sumsAlong(ensemble, sweeps, rivalsOf(ensemble, 0), point, feature);
      for (const [at, value] of sweeps.sides[feature]!.entries()) {
        point[feature] = value;
        const sums = sumsOf(ensemble, point);
        for (const [rank, each] of along.entries()) expect(each[at]).toBeCloseTo(sums[rank + 1]! - sums[0]!, 3);
      }
    }),
  );
});
