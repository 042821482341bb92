import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import { weakest } from "../../shared/segments/search.ts";
import { drawnErrors } from "../../testing/drawn-columns.ts";
import { testControl } from "../../testing/test-control.ts";
import { weakSegments } from "./control.ts";

type ErrorOf = Parameters<typeof drawnErrors>[2];

const on = (n: number, errorOf: ErrorOf, random: Random = seededRandom(3), options = {}) => ({
  ...drawnErrors(random, n, errorOf, options),
  artefact: "people/test",
  random,
  depth: 2,
  beam: 200,
});
const everywhere: ErrorOf = () => 0.15;
/** One group of one column. */
const inOne =
  (by: number): ErrorOf =>
  ([first]) =>
    first === 1 ? 0.15 + by : 0.15;
/** Where two columns meet, and nowhere else. */
const whereTwoMeet =
  (by: number): ErrorOf =>
  ([, second, third]) =>
    second === 0 && third === 2 ? 0.15 + by : 0.15;

testControl(weakSegments, {
  met: [
    {
      called: "errors that know no segment",
      ...on(20_000, everywhere),
      reason: /^of [\d,]+ segments of at least 100 rows, (none stood out|the \d+ that looked weakest .* hold up on the other)/,
    },
    { called: "a weak segment within a limit that policy widened", ...on(20_000, inOne(0.15)), policy: { excess: 0.3 } },
    { called: "no error at all", ...on(2000, () => 0), reason: /none stood out/ },
  ],
  unmet: [
    {
      called: "a weak group",
      ...on(8000, inOne(0.25)),
      reason:
        /^where c0 b, errors are more frequent than elsewhere by 2\d\.\d points \(joint 95 % interval \d\d\.\d to \d\d\.\d; limit 10\.0 points\)/,
    },
    { called: "a weak intersection of two groups", ...on(8000, whereTwoMeet(0.4)), reason: /^where c1 a and c2 c, errors/ },
  ],
  undecided: [
    { called: "a weak group whose excess lies at the limit", ...on(8000, inOne(0.1)), reason: /too few rows to tell/ },
    { called: "a hundred rows", ...on(100, inOne(0.4)), reason: /no column cuts 50 rows, half of the test split/ },
    { called: "columns that cut nothing", ...on(1000, everywhere, seededRandom(1), { groups: 1 }), reason: /no column cuts/ },
  ],
  planted: {
    effect: (random) => on(4000, whereTwoMeet(0.5), random),
    null: (random) => on(4000, inOne(0.1), random),
    found: 0.99,
    falseAlarms: 0.05,
  },
});

describe("weak segments", () => {
  const named = ({ place }: { place?: string }) => place ?? "";

  it("lists a false segment no more often than it says, over 200 seeds, where none is weaker than any other", async () => {
    let lists = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { findings = [] } = await weakSegments.measure(on(3000, everywhere, seededRandom(seed, "none")));
      if (findings.length > 0) lists++;
    }
    expect(clopperPearson(lists, 200, 0.99)?.low, `${lists} of 200`).toBeLessThanOrEqual(0.05);
  });

  it("beside a true one the share of false ones among those listed stays as low", async () => {
    let share = 0;
    for (let seed = 0; seed < 200; seed++) {
      // A segment is false where it holds no more of the weak group than chance puts there.
      const { findings = [] } = await weakSegments.measure(on(3000, inOne(0.3), seededRandom(seed, "one")));
      const wrong = findings.filter((finding) => !named(finding).includes("c0 b"));
      share += findings.length === 0 ? 0 : wrong.length / findings.length / 200;
    }
    expect(share).toBeLessThanOrEqual(0.05);
  });

  it("names the segment, its errors and how sure that is, in a finding; and repeats no person's row", async () => {
    const { findings = [] } = await weakSegments.measure(on(8000, inOne(0.25)));
    expect(findings[0]).toMatchObject({
      artefact: "people/test",
      column: "c0",
      place: "c0 b",
      reason: expect.stringMatching(/^c0 b: \d\d\.\d % of [\d,]+ answers are wrong, \d\d\.\d % elsewhere$/),
    });
    expect(findings[0]?.probability).toBeGreaterThan(0.99);
    expect(findings.every(({ row }) => row === undefined)).toBe(true);
  });

  it("counts each segment as brute force over all pairs of columns does", () => {
    const { answers, columns } = drawnErrors(seededRandom(5), 1500, whereTwoMeet(0.5), { columns: 3, groups: 3 });
    const isWrong = Uint8Array.from(answers.truth, (truth, row) => (truth === answers.answers[row] ? 0 : 1));
    const rows = Int32Array.from(answers.truth.keys());
    const { segments, searched } = weakest(columns, rows, isWrong, { depth: 2, beam: 200, least: 1, most: 10 });
    // Three columns of three groups, and three pairs of columns of nine.
    expect(searched).toBe(9 + 27);
    for (const { conditions, n, wrong } of segments) {
      const inside = [...rows].filter((row) => conditions.every(({ column, group }) => columns[column]?.members[row] === group));
      expect(n).toBe(inside.length);
      expect(wrong).toBe(inside.filter((row) => isWrong[row] === 1).length);
    }
    expect(segments[0]?.conditions).toEqual([
      { column: 1, group: 0 },
      { column: 2, group: 2 },
    ]);
  });

  it("combines three columns where it is given the time", async () => {
    const three: ErrorOf = ([a, b, c]) => (a === 0 && b === 0 && c === 0 ? 0.8 : 0.1);
    const needs = { ...on(12_000, three, seededRandom(2), { groups: 2 }), depth: 3 };
    const { measures } = await weakSegments.measure(needs);
    expect(Object.keys(measures[0]?.of ?? {})).toEqual(["c0", "c1", "c2"]);
  });

  it("is the same for the same seed", async () => {
    expect(await weakSegments.measure(on(3000, inOne(0.2)))).toEqual(await weakSegments.measure(on(3000, inOne(0.2))));
  });
});
