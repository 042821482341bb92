import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Attack, Goal, Points } from "../attack.ts";
import { inTurn } from "../ensemble.ts";
import { highest } from "../losses.ts";
import { changeToPlane } from "../plane.ts";
import { distance, rowOf } from "../points.ts";
import { type Struck, strike } from "../strike.ts";
import { linear, net, victimOf } from "../testing/victims.ts";
import { apgd } from "./apgd.ts";
import { fabTargeted } from "./fab.ts";
import { fmn } from "./fmn.ts";
import { pgd } from "./pgd.ts";

const random = seededRandom(5, "attacks");
const numbers = (count: number, scale = 1) => Float64Array.from({ length: count }, () => scale * random.normal());
const width = 12;
const classes = 4;
const rows = 24;
const plane = linear(numbers(width * classes), numbers(classes));
const curved = net(linear(numbers(width * 10), numbers(10)), linear(numbers(10 * classes), numbers(classes)));
const points: Points = { rows, width, values: Float32Array.from({ length: rows * width }, () => random.uniform()) };

async function answers(given: typeof plane) {
  const victim = victimOf(given);
  const scores = await victim.scores!(points);
  return Int32Array.from({ length: rows }, (_, row) => highest(scores, row, classes));
}

const goal = (norm: Goal["norm"], eps: number | null): Goal => ({ norm, eps, queries: 1e6, random: seededRandom(1) });

async function struckBy(attack: Attack, given: typeof plane, norm: Goal["norm"], eps: number | null): Promise<Struck> {
  const victim = victimOf(given);
  return strike(attack, { victim, judge: victimOf(given) }, points, await answers(given), goal(norm, eps));
}

/** The shortest change of each row to any other class of the linear model, in the box: the least over the planes between two classes. */
async function exact(norm: "linf" | "l2" | "l1"): Promise<Float64Array> {
  const labels = await answers(plane);
  const box = { lows: new Float32Array(width), highs: new Float32Array(width).fill(1) };
  return Float64Array.from({ length: rows }, (_, row) => {
    const here = rowOf(points.values, row, width);
    const to = (other: number) => {
      const by = Float64Array.from({ length: classes }, (_, at) => Number(at === other) - Number(at === labels[row]));
      const weights = Float32Array.from(plane.pullback(here, by));
      const z = plane.logits(new Float32Array(width));
      const change = changeToPlane(
        "linf" === norm ? "linf" : norm,
        { row: here, weights, offset: z[other]! - z[labels[row]!]!, box },
        new Float64Array(width),
      );
      const end = here.map((value, at) => value + change[at]!);
      const reached = plane.logits(Float32Array.from(end));
      const length = distance(norm, end, here);
      return reached[other]! >= reached[labels[row]!]! - 1e-4 ? length : Number.POSITIVE_INFINITY;
    };
    return Math.min(...Array.from({ length: classes }, (_, other) => (other === labels[row] ? Number.POSITIVE_INFINITY : to(other))));
  });
}

describe.each(["linf", "l2"] as const)("attacks of a linear model in %s", (norm) => {
  it.each([
    apgd({ loss: "cross-entropy", iterations: 100 }),
    apgd({ loss: "targeted-margin", iterations: 100 }),
    apgd({ loss: "targeted-dlr", iterations: 100 }),
    pgd({ iterations: 100, restarts: 2 }),
    fabTargeted(),
    inTurn("standard", [apgd({ loss: "cross-entropy" }), fabTargeted()]),
  ])("$id fools those points whose exact distance is below eps, and no others", async (attack) => {
    const distances = await exact(norm);
    const eps = distances.toSorted()[rows / 2]! * 1.002;
    const { fooled, invalid } = await struckBy(attack, plane, norm, eps);
    expect(invalid).toBe(0);
    const close = attack.id === "pgd" || attack.id === "apgd-cross-entropy" || attack.id === "apgd-targeted-dlr" ? 0.98 : 0.999;
    for (let row = 0; row < rows; row++) {
      if (distances[row]! > eps) expect(fooled[row]).toBe(0);
      else if (distances[row]! < eps * close) expect(fooled[row], `row ${row}, ${distances[row]} of ${eps}`).toBe(1);
    }
  });
});

it.each([apgd({ loss: "cross-entropy" }), apgd({ loss: "targeted-margin" }), inTurn("both", [apgd({ loss: "margin" }), fabTargeted()])])(
  "in L1 $id fools those points whose exact distance is below eps, and no others",
  async (attack) => {
    const distances = await exact("l1");
    const eps = distances.toSorted()[rows / 2]! * 1.002;
    const { fooled, invalid } = await struckBy(attack, plane, "l1", eps);
    expect(invalid).toBe(0);
    for (let row = 0; row < rows; row++) {
      if (distances[row]! > eps) expect(fooled[row]).toBe(0);
      else if (distances[row]! < eps * 0.97) expect(fooled[row], `row ${row}, ${distances[row]} of ${eps}`).toBe(1);
    }
  },
);

it("APGD leaves what is frozen as it is, in every norm", async () => {
  const frozen = Uint8Array.from({ length: width }, (_, at) => Number(at % 3 === 0));
  for (const norm of ["linf", "l2", "l1"] as const) {
    const victim = { ...victimOf(curved), frozen };
    const attack = apgd({ loss: "cross-entropy", iterations: 20 });
    const { values, invalid } = await strike(attack, { victim, judge: victim }, points, await answers(curved), goal(norm, 0.3));
    expect(invalid).toBe(0);
    expect(values).not.toEqual(points.values);
    for (let at = 0; at < values.length; at++) if (frozen[at % width] === 1) expect(values[at]).toBe(points.values[at]);
  }
});

describe.each<readonly [Attack, "linf" | "l2" | "l1", number]>([
  [fabTargeted(), "linf", 1e-5],
  [fabTargeted(), "l2", 1e-5],
  [fabTargeted(), "l1", 1e-5],
  [fmn({ iterations: 500 }), "linf", 0.05],
  [fmn({ iterations: 500 }), "l2", 0.05],
  [fmn({ iterations: 500 }), "l1", 1],
])("an attack without a bound (%#) in $1", (attack, norm, near) => {
  it("comes near the exact distance of a linear model, and never below it", async () => {
    const distances = await exact(norm);
    const { distances: found, invalid } = await struckBy(attack, plane, norm, null);
    expect(invalid).toBe(0);
    let worst = 0;
    let exactly = 0;
    for (let row = 0; row < rows; row++) {
      if (!Number.isFinite(distances[row]!)) continue;
      expect(found[row]).toBeGreaterThanOrEqual(distances[row]! * (1 - 1e-4));
      worst = Math.max(worst, found[row]! - distances[row]!);
      exactly += Number(found[row]! - distances[row]! < 1e-5);
    }
    // FMN climbs the margin over the best other class, which need not be the nearest one; most often it is.
    expect(worst).toBeLessThan(near);
    expect(exactly).toBeGreaterThan(0.8 * distances.filter(Number.isFinite).length);
  });
});

it("FMN finds changes of few features in L0", async () => {
  const { distances } = await struckBy(fmn({ iterations: 300 }), plane, "l0", null);
  // By hand: the fewest features that, each moved to its better end, turn the answer towards some class.
  const labels = await answers(plane);
  for (let row = 0; row < rows; row++) {
    const here = rowOf(points.values, row, width);
    const z = plane.logits(here);
    const fewest = Math.min(
      ...Array.from({ length: classes }, (_, other) => {
        if (other === labels[row]) return Number.POSITIVE_INFINITY;
        const by = Float64Array.from({ length: classes }, (_, at) => Number(at === other) - Number(at === labels[row]));
        const gains = Array.from(plane.pullback(here, by), (w, at) => (w > 0 ? w * (1 - here[at]!) : -w * here[at]!)).sort((a, b) => b - a);
        const gap = z[labels[row]!]! - z[other]!;
        const enough = gains.findIndex((_, last) => gains.slice(0, last + 1).reduce((sum, gain) => sum + gain, 0) > gap);
        return enough < 0 ? Number.POSITIVE_INFINITY : enough + 1;
      }),
    );
    expect(distances[row]!).toBeGreaterThanOrEqual(fewest);
    expect(distances[row]! - fewest).toBeLessThanOrEqual(1);
  }
});

describe("attacks of a curved model", () => {
  it("APGD fools no fewer points than PGD with as many steps, at most bounds", async () => {
    let better = 0;
    for (const eps of [0.02, 0.05, 0.08, 0.12]) {
      const sum = ({ fooled }: Struck) => fooled.reduce((all, each) => all + each, 0);
      const by = await struckBy(apgd({ loss: "cross-entropy", iterations: 40 }), curved, "linf", eps);
      const plain = await struckBy(pgd({ iterations: 40 }), curved, "linf", eps);
      better += sum(by) - sum(plain);
    }
    expect(better).toBeGreaterThanOrEqual(0);
  });

  it("is the same twice, and another with another seed's starts", async () => {
    const victim = victimOf(curved);
    const labels = await answers(curved);
    const run = async (seed: number) =>
      (
        await apgd({ loss: "cross-entropy", iterations: 5 }).propose(victim, points, labels, {
          ...goal("linf", 0.01),
          random: seededRandom(seed),
        })
      ).values;
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });
});

describe("strike", () => {
  const cheating: Attack = {
    id: "cheating",
    access: "gradient",
    norms: ["linf"],
    propose: async (_, given) => ({ values: given.values.map(() => 7) }),
  };

  it("counts no proposal that leaves the bounds or eps, and keeps the start there", async () => {
    const { invalid, fooled, values } = await struckBy(cheating, plane, "linf", 0.1);
    expect(fooled.reduce((sum, each) => sum + each, 0)).toBe(0);
    expect(invalid).toBeGreaterThan(0);
    expect(values).toEqual(points.values);
  });

  it("believes no attack about points that the model still gets right", async () => {
    const idle: Attack = { ...cheating, id: "idle", propose: async (_, given) => ({ values: given.values.slice() }) };
    expect((await struckBy(idle, plane, "linf", 0.1)).fooled.every((each) => each === 0)).toBe(true);
  });

  it("attacks no point that the model gets wrong anyway, and counts it as fooled at distance 0", async () => {
    const labels = await answers(plane);
    labels[3] = (labels[3]! + 1) % classes;
    const victim = victimOf(plane);
    const { fooled, distances } = await strike(pgd({ iterations: 1 }), { victim, judge: victim }, points, labels, goal("linf", 1e-6));
    expect([fooled[3], distances[3]]).toEqual([1, 0]);
    expect(fooled.reduce((sum, each) => sum + each, 0)).toBe(1);
  });
});
