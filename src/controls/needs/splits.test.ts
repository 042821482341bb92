import { expect, it } from "vitest";
import type { Dataset } from "../../declaration/index.ts";
import { withoutFeatures } from "./splits.ts";

const dataset = (declared: object) => ({ id: "d", declared: { id: "d", splits: {}, ...declared } }) as unknown as Dataset;

it("Fewer unused columns are a remedy only where some are declared unused", () => {
  expect(withoutFeatures(dataset({ unused: ["a"] })).remedy).toContain("unused");
  for (const declared of [{}, { unused: [] }]) expect(withoutFeatures(dataset(declared)).remedy).not.toContain("unused");
});
