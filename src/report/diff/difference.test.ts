import fc from "fast-check";
import { lexer } from "marked";
import { describe, expect, it } from "vitest";
import type { Assessment, Result } from "../../assess/index.ts";
import { foreignAssessment } from "../testing/foreign.ts";
import { sampleAssessment } from "../testing/sample.ts";
import { differenceOf } from "./difference.ts";
import { renderDifference, renderDifferenceMarkdown } from "./render.ts";

const sample = sampleAssessment();
const [first] = sample.results;
const withMeasures = (measures: Result["measures"]): Assessment => ({ ...sample, results: [{ ...first!, measures }] });
const measure = (value: number, low?: number, high?: number): Result["measures"][number] => ({
  name: "accuracy",
  value,
  unit: "share",
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
});

describe("the difference of two assessments", () => {
  it("is none between an assessment and itself", () => {
    const { systems: _, finishedAt: __, exit: ___, schema: ____, worsened, ...lists } = differenceOf(sample, sample);
    expect(worsened).toBe(false);
    expect(Object.values(lists).flat()).toEqual([]);
    expect(renderDifference(differenceOf(sample, sample), { colour: false, columns: 80 })).toContain("Nothing differs.");
  });

  it.each([
    [[0.8, 0.7, 0.9], [0.6, 0.5, 0.69], true],
    [[0.6, 0.5, 0.69], [0.8, 0.7, 0.9], true],
    [[0.8, 0.7, 0.9], [0.6, 0.5, 0.7], false],
    [[0.8, 0.7, undefined], [0.6, undefined, 0.69], true],
    [[0.8, 0.7, undefined], [0.9, 0.85, undefined], false],
    [[0.8], [0.6, 0.5, 0.69], null],
    [[0.8], [0.6], null],
  ] as const)("says of a measure that moved from %j to %j that its intervals lie apart: %s", (before, after, apart) => {
    const [moved] = differenceOf(
      withMeasures([measure(...(before as [number]))]),
      withMeasures([measure(...(after as [number]))]),
    ).measures;
    expect(moved?.apart).toBe(apart);
  });

  it("pairs measures by what they are of, not by their place", () => {
    const of = (group: string, value: number) => ({ ...measure(value), of: { group } });
    const { measures } = differenceOf(withMeasures([of("a", 1), of("b", 2)]), withMeasures([of("b", 2), of("a", 3), of("c", 9)]));
    expect(measures.map(({ before, after }) => [before.of, before.value, after.value])).toEqual([[{ group: "a" }, 1, 3]]);
  });

  it("tells of artefacts, limits, levels, cells, requirements and conditions that are others", () => {
    const [artefact, ...others] = sample.artefacts;
    const after: Assessment = {
      ...sample,
      seed: 8,
      artefacts: [{ ...artefact!, digest: `sha256:${"e".repeat(64)}` }, ...others.slice(1), { ...artefact!, id: "new" }],
      results: sample.results.map((result) => ({ ...result, policy: result.policy.map((each) => ({ ...each, value: 0.5 })) })),
      cells: sample.cells.map((cell, at) => (at === 0 ? { ...cell, status: "met", level: "recommended" } : cell)),
      requirements: sample.requirements.map((each, at) => (at === 0 ? { ...each, status: "errored" } : each)),
    };
    const { artefacts, policy, cells, requirements, conditions } = differenceOf(sample, after);
    expect(artefacts.map(({ id, before, after: now }) => [id, before === null, now === null])).toEqual([
      [artefact!.id, false, false],
      ["new", true, false],
      [others[0]!.id, false, true],
    ]);
    const [cell] = sample.cells;
    expect(policy.at(-1)).toEqual({ id: `${cell!.threat}/${cell!.stage} level`, before: "required", after: "recommended" });
    expect(policy.length).toBeGreaterThan(1);
    expect(cells).toEqual([{ id: `${cell!.threat}/${cell!.stage}`, before: cell!.status, after: "met" }]);
    expect(requirements).toEqual([{ id: sample.requirements[0]!.id, before: sample.requirements[0]!.status, after: "errored" }]);
    expect(conditions).toEqual([{ name: "seed", before: "7", after: "8" }]);
  });

  it("is worse when one verdict is, required or not", () => {
    const turned = (verdict: Result["verdict"]): Assessment => ({ ...sample, results: [{ ...first!, verdict }] });
    expect(differenceOf(turned("met"), turned("undecided")).worsened).toBe(true);
    expect(differenceOf(turned("unmet"), turned("undecided")).worsened).toBe(false);
  });

  it("fits its terminal and a comment on GitHub, whatever the two hold", () => {
    fc.assert(
      fc.property(foreignAssessment, foreignAssessment, (before, after) => {
        const difference = differenceOf(before, after);
        const text = renderDifferenceMarkdown(difference);
        expect(text.length).toBeLessThanOrEqual(65_536);
        expect(lexer(text).filter(({ type }) => !["heading", "list", "paragraph", "space"].includes(type))).toEqual([]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(renderDifference(difference, { colour: false, columns: 80 })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
      }),
      { numRuns: 20 },
    );
  });
});
