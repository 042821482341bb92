import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import { drawnConstrained } from "../../testing/drawn-constrained.ts";
import { testControl } from "../../testing/test-control.ts";
import { constrainedAccuracy } from "./control.ts";

const seen = (n: number, turned: number, { wrong = 0, personal = true, random = seededRandom(n) as Random } = {}) => ({
  constrained: drawnConstrained(random, n, turned, { wrong }),
  artefact: "dataset:d/test",
  personal,
});

testControl(constrainedAccuracy, {
  met: [{ ...seen(400, 0.3), reason: /tried was moeva/ }],
  unmet: [{ ...seen(400, 0.8), reason: /any change that the declaration allows/ }],
  undecided: [
    { ...seen(100, 0.5), called: "the interval holds the limit" },
    { ...seen(0, 0), called: "no complete row" },
  ],
  planted: {
    effect: (random) => seen(500, 0.6, { random }),
    null: (random) => seen(500, 0.5, { random }),
    found: 0.97,
    falseAlarms: 0.05,
  },
});

describe("what is found", () => {
  it("counts rows that were wrong from the start as no success of the attack, and as no right answers", async () => {
    const needs = seen(200, 0.4, { wrong: 30 });
    const { measures, findingsTotal } = await constrainedAccuracy.measure(needs);
    const turned = needs.constrained.examples.length;
    const { low, high } = clopperPearson(170 - turned, 200) ?? {};
    expect(measures[0]).toMatchObject({ value: (170 - turned) / 200, low, high, baseline: 0.85, n: 200 });
    expect(findingsTotal).toBe(turned);
  });

  it("is told as was and becomes; of people, what was there is not repeated", async () => {
    const reasons = async (personal: boolean) => {
      const { findings = [] } = await constrainedAccuracy.measure(seen(50, 1, { personal }));
      return [findings[0], findings.at(-1)];
    };
    const [one, two] = await reasons(false);
    expect(one).toEqual({ artefact: "dataset:d/test", row: 0, column: "hours", reason: "“no” becomes “yes”: hours 40 -> 45" });
    expect(two?.reason).toMatch(/: hours 40 -> 45; housing rent -> own$/);
    const hidden = await reasons(true);
    expect(hidden[0]?.reason).toBe("“no” becomes “yes”: hours +5");
    expect(hidden[1]?.reason).toMatch(/: hours \+5; housing -> own$/);
  });

  it("shows the columns that were changed, the most frequent first", async () => {
    const { series = [] } = await constrainedAccuracy.measure(seen(60, 1));
    expect(series[0]?.x.values).toEqual(["hours", "housing"]);
    expect(series[0]?.y.values).toEqual([1, 40 / 60]);
  });
});
