import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../base/index.ts";
import type { Norm } from "./attack.ts";
import { changeToPlane } from "./plane.ts";
import { distance, project } from "./points.ts";

const width = 6;
const box = { lows: new Float32Array(width), highs: new Float32Array(width).fill(1) };
const unit = fc.float({ min: 0, max: 1, noNaN: true });
const inside = fc.array(unit, { minLength: width, maxLength: width }).map((values) => Float32Array.from(values));
const anywhere = fc
  .array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: width, maxLength: width })
  .map((v) => Float32Array.from(v));
const norms = ["linf", "l2", "l1", "l0"] as const;

describe.each(norms)("a projection in %s", (norm) => {
  it("lies within eps and in the box, and leaves alone what lies there", () => {
    fc.assert(
      fc.property(inside, anywhere, fc.double({ min: 0.01, max: 4, noNaN: true }), (start, point, eps) => {
        const bound = norm === "l0" ? Math.ceil(eps) : eps;
        const projected = point.slice();
        project(norm, projected, start, bound, box);
        expect(distance(norm, projected, start)).toBeLessThanOrEqual(bound * (1 + 1e-5) + 1e-6);
        expect(projected.every((value) => value >= 0 && value <= 1)).toBe(true);
        const again = projected.slice();
        project(norm, again, start, bound, box);
        for (const [at, value] of again.entries()) expect(value).toBeCloseTo(projected[at]!, 5);
      }),
    );
  });
});

const squared = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0);

it.each(["l1", "l2"] as const)("no point of the ball and the box lies nearer than the projection in %s does", (norm) => {
  fc.assert(
    fc.property(inside, anywhere, fc.double({ min: 0.05, max: 2, noNaN: true }), fc.integer(), (start, point, eps, seed) => {
      const projected = point.slice();
      project(norm, projected, start, eps, box);
      const random = seededRandom(seed);
      const nearest = squared(projected, point);
      for (let draw = 0; draw < 50; draw++) {
        // A point of the set: a small way from the projection, drawn back to the set by scaling towards the start, which the box allows.
        const other = projected.map((value) => Math.min(1, Math.max(0, value + 0.1 * random.normal())));
        const far = distance(norm, other, start);
        const kept = far > eps ? other.map((value, at) => start[at]! + ((value - start[at]!) * eps) / far) : other;
        expect(squared(kept, point)).toBeGreaterThanOrEqual(nearest - 1e-5);
      }
    }),
  );
});

const lengths: Record<Exclude<Norm, "l0">, (change: ArrayLike<number>) => number> = {
  linf: (change) => Math.max(...Array.from(change, Math.abs)),
  l2: (change) => Math.sqrt(Array.from(change).reduce((sum, each) => sum + each * each, 0)),
  l1: (change) => Array.from(change).reduce((sum, each) => sum + Math.abs(each), 0),
};
const bounded = ["linf", "l2", "l1"] as const;
const dualOf = { linf: "l1", l2: "l2", l1: "linf" } as const;

describe.each(bounded)("the change to a plane in %s", (norm) => {
  it("has, without a box, the length of the gap over the weights' dual norm", () => {
    const open = { lows: new Float32Array(width).fill(-1e9), highs: new Float32Array(width).fill(1e9) };
    fc.assert(
      fc.property(inside, anywhere, fc.double({ min: -2, max: 2, noNaN: true }), (row, weights, offset) => {
        fc.pre(lengths.linf(weights) > 1e-3);
        const gap = Array.from(row).reduce((sum, value, at) => sum + value * weights[at]!, offset);
        const change = changeToPlane(norm, { row, weights, offset, box: open }, new Float64Array(width));
        expect(lengths[norm](change)).toBeCloseTo(Math.abs(gap) / lengths[dualOf[norm]](weights), 5);
      }),
    );
  });

  it("reaches the plane in the box where it can, and no random change that reaches it is shorter", () => {
    fc.assert(
      fc.property(inside, anywhere, fc.double({ min: -2, max: 2, noNaN: true }), fc.integer(), (row, weights, offset, seed) => {
        const gapAt = (point: ArrayLike<number>) => Array.from(point).reduce((sum, value, at) => sum + value * weights[at]!, offset);
        const change = changeToPlane(norm, { row, weights, offset, box }, new Float64Array(width));
        const end = Array.from(row, (value, at) => value + change[at]!);
        expect(end.every((value) => value >= -1e-6 && value <= 1 + 1e-6)).toBe(true);
        const side = Math.sign(gapAt(row));
        const corner = Array.from(weights, (weight) => (weight * side > 0 ? 0 : 1));
        if (gapAt(corner) * side > 1e-6) {
          expect(gapAt(end)).toBeCloseTo(gapAt(corner), 4);
          return;
        }
        expect(gapAt(end)).toBeCloseTo(0, 4);
        const random = seededRandom(seed);
        for (let draw = 0; draw < 50; draw++) {
          const other = Array.from(row, () => random.uniform());
          if (gapAt(other) * side > 0) continue;
          const there = Array.from(other, (value, at) => value - row[at]!);
          expect(lengths[norm](there)).toBeGreaterThanOrEqual(lengths[norm](change) - 1e-5);
        }
      }),
    );
  });
});
