import { expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Points, Victim } from "../attack.ts";
import { apgd } from "../gradient/apgd.ts";
import { pgd } from "../gradient/pgd.ts";
import { highest } from "../losses.ts";
import { linear, victimOf } from "../testing/victims.ts";
import { measureRobustness } from "./robustness.ts";

const random = seededRandom(9, "robustness");
const [width, classes, rows] = [6, 3, 40];
const model = linear(
  Float64Array.from({ length: width * classes }, () => random.normal()),
  new Float64Array(classes),
);
const points: Points = { rows, width, values: Float32Array.from({ length: rows * width }, () => random.uniform()) };

async function measured(victim: Victim) {
  const plain = victimOf(model);
  const scores = await plain.scores!(points);
  const labels = Int32Array.from({ length: rows }, (_, row) => highest(scores, row, classes));
  labels[0] = (labels[0]! + 1) % classes;
  const attack = apgd({ loss: "cross-entropy", iterations: 30 });
  return measureRobustness({
    victim,
    judge: plain,
    points,
    labels,
    norm: "linf",
    eps: 0.05,
    attack,
    longer: apgd({ loss: "cross-entropy", iterations: 60 }),
    // Here the stand-in without gradients knows the true ones.
    blind: { ...pgd({ iterations: 40 }), propose: (_, ...rest) => pgd({ iterations: 40 }).propose(plain, ...rest) },
    queries: 1e6,
    random: seededRandom(1),
  });
}

it("falls with the size of change, to nothing where nothing is bounded, and shows no sign of failure where gradients are true", async () => {
  const { wrong, epsilons, fooled, signs, distances } = await measured(victimOf(model));
  expect(wrong).toBe(1);
  expect(epsilons.map((each) => each.toFixed(4))).toEqual(["0.0125", "0.0250", "0.0500", "0.1000", "1.0000"]);
  const counts = fooled.map((row) => row.reduce((sum, each) => sum + each, 0));
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(counts.at(-1)).toBe(rows);
  expect(signs).toMatchObject({ flat: 0, blind: 0, longer: 0, unbounded: 0, invalid: 0 });
  expect([...distances].filter(Number.isFinite).every((each) => each <= 0.05 * 1.0001)).toBe(true);
});

it("tells a model whose gradients are hidden: flat slopes, rows that stand unbounded, and an attack without gradients that wins", async () => {
  const honest = victimOf(model);
  const { signs } = await measured({
    ...honest,
    slopes: async (...asked) => {
      const slopes = await honest.slopes!(...asked);
      return { ...slopes, gradients: slopes.gradients.map(() => 0) };
    },
  });
  expect(signs.flat).toBe(rows);
  expect(signs.unbounded).toBeGreaterThan(0);
  expect(signs.blind).toBeGreaterThan(0);
});
