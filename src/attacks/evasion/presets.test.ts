import { describe, expect, it } from "vitest";
import { seededRandom } from "../../base/index.ts";
import type { Goal, Loss, Points, Victim } from "./attack.ts";
import { apgd } from "./gradient/apgd.ts";
import { autoAttack } from "./presets.ts";
import { strike } from "./strike.ts";
import { linear, net, victimOf } from "./testing/victims.ts";

const random = seededRandom(31, "presets");
const numbers = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const [width, rows] = [8, 12];
const points: Points = { rows, width, values: Float32Array.from({ length: rows * width }, () => random.uniform()) };
const curved = (classes: number) => net(linear(numbers(width * 6), numbers(6)), linear(numbers(6 * classes), numbers(classes)));
const goal = (norm: Goal["norm"], eps: number): Goal => ({ norm, eps, queries: 1e6, random: seededRandom(2) });
const count = (fooled: Uint8Array) => fooled.reduce((sum, each) => sum + each, 0);

/** The losses that were asked for, and whether scores alone were. */
function watched(victim: Victim) {
  const losses = new Set<Loss>();
  const seen: Victim = {
    ...victim,
    slopes: (given, labels, loss, targets) => {
      losses.add(loss);
      return victim.slopes!(given, labels, loss, targets);
    },
  };
  return { seen, losses };
}

describe.each(["linf", "l2", "l1"] as const)("AutoAttack in %s", (norm) => {
  const eps = { linf: 0.04, l2: 0.1, l1: 0.2 }[norm];

  it("fools no fewer points than its first attack alone, all within eps", async () => {
    const model = curved(5);
    const victim = victimOf(model);
    const labels = await victim.labels(points);
    const by = async (attack: ReturnType<typeof autoAttack>) => strike(attack, { victim, judge: victim }, points, labels, goal(norm, eps));
    const whole = await by(autoAttack("standard", "quick"));
    expect(whole.invalid).toBe(0);
    expect(count(whole.fooled)).toBeGreaterThanOrEqual(count((await by(apgd({ loss: "cross-entropy", iterations: 20 }))).fooled));
  });
});

it.each([
  [2, "standard", []],
  [3, "standard", []],
  [4, "standard", ["targeted-dlr"]],
  [2, "plus", []],
  [3, "plus", ["dlr"]],
  [2, "rand", []],
  [3, "rand", ["dlr"]],
] as const)("with %i classes %s climbs ratios of logits only where there are enough of them", async (classes, version, ratios) => {
  const { seen, losses } = watched(victimOf(curved(classes)));
  const labels = await seen.labels(points);
  await autoAttack(version, "quick").propose(seen, points, labels, goal("linf", 1e-4));
  expect([...losses].filter((loss) => loss.endsWith("dlr"))).toEqual(ratios);
  expect(losses).toContain("cross-entropy");
});

it("rand asks each step as often as it averages", async () => {
  const victim = victimOf(curved(3));
  const labels = await victim.labels(points);
  const before = victim.asked();
  await autoAttack("rand", "quick").propose(victim, points, labels, goal("linf", 1e-5));
  // Two attacks of 20 steps and a look at the start, five draws each; the ensemble looks once after each.
  expect(victim.asked() - before).toBe(rows * (2 * 21 * 5 + 2));
});
