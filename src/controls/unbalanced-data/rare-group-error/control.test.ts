import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { groupingOf } from "../../needs/groups.ts";
import { drawnAnswers } from "../../testing/answers.ts";
import { column } from "../../testing/balance-vector.ts";
import { vectorNeeds } from "../../testing/fairness-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { rareGroupError } from "./control.ts";

/** Groups of the test split by rows and how many of them are answered wrong. */
function on(
  by: { readonly [group: string]: readonly [wrong: number, rows: number] },
  training = { many: 900, few: 100 } as { readonly [group: string]: number },
) {
  const groups = column("origin", Object.fromEntries(Object.entries(by).map(([name, [, rows]]) => [name, rows])));
  const n = groups.members.length;
  const wrong = new Map<number, number>();
  const answers = Int32Array.from(groups.members, (member) => {
    const so = wrong.get(member) ?? 0;
    wrong.set(member, so + 1);
    return so < (Object.values(by)[member]?.[0] ?? 0) ? 1 : 0;
  });
  return {
    answers: { rows: n, classes: ["no", "yes"], truth: new Int32Array(n), answers, probabilities: null },
    training: [column("origin", training)],
    groups: [groups],
  };
}
const drawn = (random: Random, gap: number) => {
  const wrong = (n: number, share: number) => Array.from({ length: n }, () => random.uniform()).filter((each) => each < share).length;
  return on({ many: [wrong(4000, 0.1), 4000], few: [wrong(1200, 0.1 + gap), 1200] });
};

testControl(rareGroupError, {
  met: [
    {
      called: "a rare group that is answered as well as the others",
      ...on({ many: [900, 9000], few: [105, 1000] }),
      reason:
        /^nothing rare is answered worse by more: few of origin, 10\.0 % .* differs by 0\.5 points \(joint 95 % interval -1\.\d to 2\.\d; limit 5\.0 points\)$/,
    },
    { called: "a gap that policy allows", ...on({ many: [900, 9000], few: [200, 1000] }), policy: { gap: 0.2 } },
  ],
  unmet: [
    { called: "a rare group that is answered worse", ...on({ many: [900, 9000], few: [250, 1000] }), reason: /^few of origin/ },
    {
      called: "a proven gap beside a rare group without a test row",
      ...on({ many: [900, 9000], few: [250, 1000] }, { many: 900, few: 100, none: 50 }),
      reason: /^few/,
    },
  ],
  undecided: [
    { called: "twenty rows of the rare group", ...on({ many: [900, 9000], few: [2, 20] }), reason: /too few rows to tell/ },
    {
      called: "a rare group without a test row",
      ...on({ many: [900, 9000], few: [105, 1000] }, { many: 900, few: 100, none: 50 }),
      reason: /^of none of origin, rare in training, there is no test row/,
    },
  ],
  inapplicable: [
    { called: "groups of equal size", ...on({ many: [9, 90], few: [50, 90] }, { many: 500, few: 450 }), reason: /no group is rare/ },
  ],
  planted: { effect: (random) => drawn(random, 0.1), null: (random) => drawn(random, 0.05), found: 0.95, falseAlarms: 0.05 },
});

describe("the error of a rare group", () => {
  it("is that of pandas, with the limits of statsmodels, over several columns at once", async () => {
    const { groups: expected } = JSON.parse(readFileSync(new URL("../../../../vectors/controls/rare.json", import.meta.url), "utf8")) as {
      groups: readonly { column: string; group: string; value: number; low: number; high: number }[];
    };
    const { answers, groups } = vectorNeeds;
    const { measures } = await rareGroupError.measure({ answers, groups, training: groups });
    const found = measures.filter(({ name }) => name === "excess-error");
    expect(found.length).toBe(expected.length);
    for (const { column: name, group, value, low, high } of expected) {
      const own = found.find(({ of }) => of?.column === name && of.group === group);
      expect([own?.value, own?.low, own?.high]).toEqual([value, low, high].map((each) => expect.closeTo(each, 8)));
    }
  });

  it("takes the test split's own cuts of a number, since the training split's lie elsewhere", async () => {
    const random = seededRandom(2);
    const ages = (n: number) => ({ kind: "number", values: Float64Array.from({ length: n }, () => 20 + 60 * random.uniform()) }) as const;
    const answers = drawnAnswers(random, 400, 0.9);
    const measured = await rareGroupError.measure({
      answers,
      training: [groupingOf("age", ages(900))],
      groups: [groupingOf("age", ages(400))],
    });
    expect(rareGroupError.judge(measured, { gap: 0.05 }, new Date(0)).verdict).toBe("inapplicable");
  });
});
