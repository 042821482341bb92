import { describe, expect, it } from "vitest";
import type { Random } from "../../../base/index.ts";
import { expectGroupRates, expectPairs, extremes, fairlearnBy, unsigned, vectorNeeds } from "../../testing/fairness-vector.ts";
import { drawn, people, rates } from "../../testing/people.ts";
import { testControl } from "../../testing/test-control.ts";
import { equalOpportunity } from "./control.ts";

const sex = (by: Parameters<typeof rates>[0]) => people(rates(by));

/** Two groups of 4,000 positives each, whose true-positive rates truly differ by `gap`. */
const planted = (gap: number) => (random: Random) => {
  return sex({ women: [drawn(0.8 - gap, 4000, random), 4000], men: [drawn(0.8, 4000, random), 4000] });
};

testControl(equalOpportunity, {
  met: [
    {
      called: "large groups with nearly equal rates",
      ...sex({ women: [8100, 10_000], men: [8120, 10_000] }),
      reason: /further apart than 1\.3 points/,
    },
    { called: "a gap within a limit that policy widened", ...sex({ women: [700, 1000], men: [812, 1000] }), policy: { gap: 0.2 } },
  ],
  unmet: [
    {
      called: "a large gap",
      ...sex({ women: [700, 1000], men: [812, 1000] }),
      reason: /^women's true-positive rate lies 11\.2 points below men's \(sex; 95 % interval 7\.\d to 15\.0; limit 5\.0 points\)$/,
    },
    {
      called: "the gap of one column among several",
      ...people([
        ...rates({ women: [8000, 10_000], men: [8000, 10_000] }),
        ...rates({ a: [9000, 10_000], b: [6000, 10_000] }, { column: "race" }),
      ]),
      reason: /^b's .* below a's \(race; joint 95 % interval over \d+ pairs/,
    },
    {
      called: "a proven gap beside a group of which nothing is known",
      ...sex({ women: [700, 1000], men: [812, 1000], other: [0, 0] }),
      reason: /women/,
    },
  ],
  undecided: [
    { called: "ten people in each group", ...sex({ women: [7, 10], men: [8, 10] }), reason: /women's .* 10\.0 points/ },
    {
      called: "a group without positives",
      ...sex({ women: [0, 0], men: [8, 10] }),
      reason: /women of sex has no rows with the favourable label/,
    },
    { called: "one group alone", ...sex({ men: [800, 1000] }), reason: /one group only/ },
    { called: "no positives at all", ...sex({ women: [0, 0], men: [0, 0] }), reason: /no rows with the favourable label/ },
    {
      called: "a tiny group beside large ones does not hide",
      ...sex({ a: [8000, 10_000], b: [7990, 10_000], tiny: [3, 4] }),
      reason: /tiny/,
    },
    {
      called: "a tiny group whose estimate is the higher, but may truly lie far below",
      ...sex({ a: [8000, 10_000], b: [7990, 10_000], tiny: [20, 20] }),
      reason: /tiny/,
    },
    {
      called: "a single person who is missed proves nothing about a group",
      ...sex({ women: [950, 1000], men: [950, 1000], other: [0, 1] }),
      reason: /other/,
    },
    { called: "a gap near to the limit", ...sex({ women: [7600, 10_000], men: [8100, 10_000] }) },
  ],
  planted: { effect: planted(0.1), null: planted(0.05), found: 0.99, falseAlarms: 0.05 },
});

describe("equal opportunity", () => {
  const judged = async (needs: Parameters<typeof equalOpportunity.measure>[0]) => {
    const measured = await equalOpportunity.measure(needs);
    return { measured, verdict: equalOpportunity.judge(measured, { gap: 0.05 }, new Date(0)) };
  };

  it("counts as fairlearn does, with the joint intervals of statsmodels", async () => {
    const { measured } = await judged(vectorNeeds);
    expectGroupRates(measured, "true-positive-rate");
    expectPairs(measured, "equal-opportunity", unsigned, 6);
    const [ours, theirs] = [extremes(measured, Math.max), fairlearnBy("equalOpportunityDifference")];
    for (const column of Object.keys(theirs)) expect(ours[column]).toBeCloseTo(theirs[column] ?? Number.NaN, 12);
  });

  it("says how many rows would decide, and that many do if the rates stay", async () => {
    const { verdict } = await judged(sex({ women: [70, 100], men: [80, 100] }));
    const [, rows = ""] = /about ([\d,]+) rows with the favourable label of women \(now 100\)/.exec(verdict.remedy ?? "") ?? [];
    const n = Number(rows.replace(",", ""));
    expect(n).toBeGreaterThan(500);
    expect((await judged(sex({ women: [0.7 * n, n], men: [0.8 * n, n] }))).verdict.verdict).toBe("unmet");
    expect((await judged(sex({ women: [0.63 * n, 0.9 * n], men: [0.72 * n, 0.9 * n] }))).verdict.verdict).toBe("undecided");
  });

  it("asks for the rows of the pair that would be proven first, else of the one that needs most", async () => {
    const beyond = await judged(sex({ a: [600, 1000], b: [660, 1000], tiny: [3, 5] }));
    expect(beyond.verdict.remedy).toMatch(/of a \(now 1,000\) and [\d,]+ of b \(now 1,000\) would prove the difference between a and b\.$/);
    const near = await judged(sex({ a: [800, 1000], b: [805, 1000], c: [790, 1000] }));
    expect(near.verdict.remedy).toMatch(/would tell on which side of the limit c and b lie; the other pairs need fewer\.$/);
  });

  it("says so when no realistic number of rows would decide", async () => {
    const { verdict } = await judged(sex({ women: [750, 1000], men: [800, 1000] }));
    expect(verdict).toMatchObject({ verdict: "undecided", remedy: expect.stringContaining("no realistic number of rows") });
  });

  it("asks for missing values to be filled in, not for more people of whom nothing is known", async () => {
    const alone = await judged(sex({ women: [8100, 10_000], men: [8120, 10_000], "(missing)": [3, 4] }));
    expect(alone.verdict).toMatchObject({
      verdict: "undecided",
      remedy: "Fill in the missing values of sex in the test rows: each may belong to any group.",
    });
    const beside = await judged(sex({ women: [70, 100], men: [80, 100], "(missing)": [3, 4] }));
    expect(beside.verdict.remedy).toMatch(
      /^Fill in the missing values of sex .* rows with the favourable label of women .* and [\d,]+ of men/,
    );
    const empty = await judged(sex({ women: [8100, 10_000], men: [8120, 10_000], "(missing)": [0, 0] }));
    expect(empty.verdict.remedy).toMatch(/^Fill in/);
  });

  it("widens the intervals with every column, so that a further column is no second try", async () => {
    const alone = await judged(sex({ women: [700, 1000], men: [812, 1000] }));
    const beside = await judged(
      people([...rates({ women: [700, 1000], men: [812, 1000] }), ...rates({ a: [1, 2], b: [1, 2], c: [1, 2] }, { column: "race" })]),
    );
    const width = ({ measures }: (typeof alone)["measured"]) => {
      const pair = measures.find(({ of }) => of?.lower === "women" && of.upper === "men");
      return (pair?.high ?? 0) - (pair?.low ?? 0);
    };
    expect(width(beside.measured)).toBeGreaterThan(width(alone.measured) * 1.3);
  });

  it("shows the pairs that decided, worst first, with the limit", async () => {
    const { verdict } = await judged(sex({ a: [500, 1000], b: [800, 1000], c: [820, 1000] }));
    expect(verdict.decisive?.map(({ measure, limit }) => [measure.of?.lower, measure.of?.upper, limit])).toEqual([
      ["a", "c", 0.05],
      ["a", "b", 0.05],
      ["b", "c", 0.05],
    ]);
  });

  it("keeps the pairs that decide when there are very many, and says how many were compared", async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`g${at}`, [at === 7 ? 400 : 800 + (at % 5), 1000] as const]));
    const { measured, verdict } = await judged(sex(many));
    expect(measured.measures.filter(({ of }) => of?.lower !== undefined).length).toBeLessThanOrEqual(100);
    expect(verdict.reason).toMatch(/^g7's .*over 1,770 pairs.*at least \d+ more pairs lie beyond/);
  });

  it("does not compare hundreds of groups pair by pair, and says so", async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`g${at}`, [8, 10] as const]));
    const { verdict } = await judged(sex(many));
    expect(verdict).toMatchObject({ verdict: "undecided", reason: expect.stringContaining("sex has 150 groups, too many") });
  });

  it("names groups so that no terminal or reader is misled", async () => {
    const { verdict } = await judged(sex({ "\u001b[2Jwomen\u202e": [700, 1000], men: [812, 1000] }));
    expect(verdict.reason).toMatch(/^\\u\{1b\}\[2Jwomen\\u\{202e\}'s/);
  });
});
