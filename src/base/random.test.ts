import { describe, expect, it } from "vitest";
import { seededRandom } from "./random.ts";

describe("seeded random numbers", () => {
  it("are the same for the same seed and labels, and others for others", () => {
    const draw = (seed: number, ...labels: string[]) => Array.from({ length: 5 }, seededRandom(seed, ...labels).uniform);
    expect(draw(7, "a")).toEqual(draw(7, "a"));
    expect(draw(7, "a")).not.toEqual(draw(7, "b"));
    expect(draw(7, "a")).not.toEqual(draw(8, "a"));
    expect(seededRandom(7).fork("a").uniform()).toBe(seededRandom(7, "a").uniform());
  });

  it("spread evenly: 100 bins of 100,000 draws lie within a chi-square of 99 degrees at p > 1e-6", () => {
    const random = seededRandom(1);
    const bins = new Float64Array(100);
    for (let at = 0; at < 100_000; at++) bins[Math.floor(random.uniform() * 100)]! += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(181);
    expect(chiSquare).toBeGreaterThan(45);
  });

  it("have the normal's first two moments within four standard errors", () => {
    const random = seededRandom(2);
    const draws = Array.from({ length: 100_000 }, () => random.normal());
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(1e5));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 1e5));
  });

  it("samples without repeats and shuffles without loss", () => {
    const random = seededRandom(3);
    expect(new Set(random.sample(50, 50)).size).toBe(50);
    expect([...random.shuffle([1, 2, 3, 4, 5])].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(() => random.sample(3, 4)).toThrow(RangeError);
  });
});
