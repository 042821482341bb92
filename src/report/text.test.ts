import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogue } from "../catalogue/index.ts";
import { widthOf } from "./terminal.ts";
import { anyName, hostileNames } from "./testing/hostile.ts";
import { sampleAssessment } from "./testing/sample.ts";
import { renderText } from "./text.ts";
import { renderThreats } from "./threats-text.ts";

const linesOf = (text: string) => text.split("\n");
const widest = (text: string) => Math.max(...linesOf(stripVTControlCharacters(text)).map(widthOf));

describe("the report in a terminal", () => {
  test("shows threats by stages, glyph and claims measured where not all are", () => {
    const matrix = linesOf(renderText(sampleAssessment(), { colour: false })).slice(2, 16);
    expect(matrix).toEqual([
      "                       Planning   Data    Design   Development   Deployment   Operation",
      "Algorithm bias                            ○ 0/3       ✕ 3/7",
      "Code vulnerability                                    ○ 0/5",
      "Unbalanced data                   ✕ 2/4               ○ 0/3",
      "Data poisoning                    ○ 0/4               ○ 0/3          –",
      "Evasion                             ?                 ○ 0/3        ○ 0/2",
      "Membership inference              ○ 0/3               ○ 1/3",
      "Model extraction                                      ○ 0/2          –",
      "Model inversion                     ✓                 ○ 0/3",
      "Dataset compromise                                    ○ 0/5        ○ 0/4",
      "Weak algorithm                            ○ 2/6       ! 1/9        ○ 0/4",
      "Unexplainability                                      ○ 0/4",
      "Adversarial attack                                    ○ 0/3",
      "Contaminated data                                     ○ 2/7        ○ 0/3        ○ 0/4",
    ]);
  });

  test("counts all 27 places and names all 19 requirements", () => {
    const text = renderText(sampleAssessment(), { colour: false });
    expect(text).toContain("✕ unmet 2   ! errored 1   ? undecided 1   ○ unassessed 20   ✓ met 1   – inapplicable 2   of 27");
    for (const { id } of catalogue.requirements) expect(text).toMatch(new RegExp(`\\b${id}\\b`));
  });

  test("names what to do next under its owner, the worst first, and says how many steps it leaves out", () => {
    const text = renderText(sampleAssessment(), { colour: false, steps: 2 });
    const [, next = ""] = text.split("Next\n");
    expect(linesOf(next).slice(0, 4)).toEqual([
      "  data scientist   ✕ algorithm-bias/equal-opportunity",
      "  Ada Byron          boosted on applicants: Female lies 9.1 points below Male (6.2 to 12.0; limit",
      "                     5.0)",
      "                     → Give each group a threshold of its own, or accept the gap with a reason.",
    ]);
    expect(next).toMatch(/and \d+ more steps in the report/);
  });

  test("says when policy lowered a level, and why", () => {
    expect(renderText(sampleAssessment(), { colour: false })).toContain(
      "unexplainability/development is recommended only, by policy: a person decides, the model advises",
    );
  });

  test("says so when nothing is open", () => {
    expect(renderText({ ...sampleAssessment(), next: [] }, { colour: false })).toContain("Nothing that was measured is open.");
  });

  test("without colour holds no escape, with colour holds the same words", () => {
    const plain = renderText(sampleAssessment(), { colour: false });
    const painted = renderText(sampleAssessment(), { colour: true });
    expect(stripVTControlCharacters(plain)).toBe(plain);
    expect(painted).not.toBe(plain);
    expect(stripVTControlCharacters(painted)).toBe(plain);
  });

  test("keeps to its columns and lets no control character through, whatever the names", () => {
    const name = fc.oneof(anyName, fc.constantFrom(...hostileNames));
    fc.assert(
      fc.property(name, fc.integer({ min: 40, max: 160 }), (hostile, columns) => {
        const text = renderText(sampleAssessment({ system: hostile, models: [hostile], dataset: hostile, person: hostile }), {
          colour: false,
          columns,
        });
        expect(widest(text)).toBeLessThanOrEqual(columns);
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 60 },
    );
  });

  test("shows threats and stages of a user's own in rows and columns of their own", () => {
    const sample = sampleAssessment();
    const [first] = sample.cells;
    if (first === undefined) throw new Error("the sample has cells");
    const stages = ["procurement", "retirement", "a-stage-with-a-very-long-name"];
    const more = stages.map((stage) => ({ ...first, threat: "prompt-injection", stage }));
    const text = renderText({ ...sample, cells: [...sample.cells, ...more] }, { colour: false });
    expect(text).toContain("Prompt injection");
    expect(text).toContain("Retirement");
    expect(widest(text)).toBeLessThanOrEqual(100);
  });
});

describe("the threats in a terminal", () => {
  test("stand in the same matrix, with the reasons below, those for not applying first", () => {
    const text = renderThreats(sampleAssessment().cells, { colour: false });
    expect(text).toContain("Data poisoning                      ●                   ●            –");
    expect(text).toContain("● applies 25 · – does not apply 2 · of 27 places");
    expect(text.indexOf("Does not apply")).toBeLessThan(text.indexOf("Applies"));
    expect(text).toContain("  Nobody outside the organisation can query a model.\n    model-extraction/deployment\n");
    expect(widest(text)).toBeLessThanOrEqual(100);
  });
});
