import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import { drawnAttacked, unattacked } from "../../testing/drawn-attacked.ts";
import { testControl } from "../../testing/test-control.ts";
import { whiteBox } from "./control.ts";

const artefact = "dataset:d/test";
const standing = (share: number, n: number, more: object = {}, random: Random = seededRandom(share * 100)) => ({
  attacked: drawnAttacked(random, n, { stands: [0.9, 0.85, share, 0.1], ...more }),
  artefact,
});

testControl(whiteBox, {
  met: [{ ...standing(0.7, 500), called: "seven of ten answers stay", reason: /0\.1 .*\(linf\).*tried was apgd/ }],
  unmet: [
    { ...standing(0.2, 500), called: "one in five stays", reason: /of the answers are right, of 9\d/ },
    { ...standing(0.2, 500, { signs: { flat: 400 } }), called: "examples that were found count, whatever gradients hide" },
  ],
  undecided: [
    { ...standing(0.5, 100), called: "the interval holds the limit" },
    { ...standing(0.7, 500, { signs: { flat: 500 } }), called: "a gradient that is zero everywhere", reason: /nothing but zeros/ },
    { ...standing(0.7, 500, { signs: { longer: 20 } }), called: "more steps still help", reason: /twice the steps/ },
    { ...standing(0.7, 500, { signs: { blind: 30 } }), called: "an attack without gradients wins", reason: /without gradients/ },
    { ...standing(0.7, 500, { signs: { unbounded: 100 } }), called: "rows stand without bound", reason: /no bound/ },
    { attacked: unattacked, artefact, called: "no gradient", reason: /TreeEnsembleClassifier/, remedy: /black-box/ },
    { ...standing(0.7, 0), called: "no row" },
  ],
  planted: {
    effect: (random) => standing(0.4, 500, {}, random),
    null: (random) => standing(0.5, 500, {}, random),
    found: 0.97,
    falseAlarms: 0.05,
  },
});

describe("the measures", () => {
  it("count what stands at the declared size, as a whole and by class, with exact intervals", async () => {
    const needs = standing(0.7, 400);
    const { measures, findings = [], findingsTotal, series = [] } = await whiteBox.measure(needs);
    const fooled = needs.attacked.found!.fooled[2]!;
    const stand = fooled.filter((each) => each === 0).length;
    const { low, high } = clopperPearson(stand, 400) ?? {};
    expect(measures[0]).toMatchObject({ name: "robust-accuracy", value: stand / 400, low, high, n: 400, queries: 40_000 });
    const byClass = measures.filter(({ name }) => name === "robust-accuracy-by-class");
    expect(byClass.reduce((sum, { value, n = 0 }) => sum + value * n, 0)).toBeCloseTo(stand, 9);
    expect(findingsTotal).toBe(400 - stand);
    expect(findings.length).toBe(100);
    expect(series[0]?.y.values.at(-1)).toBe(0);
    expect(series[0]?.x.values).toEqual(["none", "0.025", "0.05", "0.1 (declared)", "0.2", "no bound"]);
  });

  it("leave rows that stand without bound out of account where columns stay as they are", async () => {
    const { measures } = await whiteBox.measure(standing(0.7, 100, { isHeld: true, signs: { unbounded: 50 } }));
    expect(measures.map(({ name }) => name)).not.toContain("stand-unbounded");
  });
});
