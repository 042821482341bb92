import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../../base/index.ts";
import { readyRule } from "./evaluate.ts";
import { parseRule } from "./parse.ts";
import { columnsOfRule, type Expression } from "./rule.ts";

const names = ["a", "b", "hours-per-week", "job"];
const shape = {
  grainOf: () => 0,
  indexOf: (column: string) => names.indexOf(column),
  codeOf: (_: string, text: string) => ["none", "clerk"].indexOf(text),
};
const holds = (rule: string, row: readonly number[]) => readyRule(parseRule(rule), shape).broken(row) === 0;

describe("a rule", () => {
  test.each<[string, readonly number[], boolean]>([
    ["a <= b", [1, 2], true],
    ["a <= b", [2, 2], true],
    ["a <= b", [3, 2], false],
    ["a < b", [2, 2], false],
    ["a != b", [2, 2], false],
    ["a != b", [2, 2.1], true],
    ["a + b == 3", [1, 2], true],
    ["a + b == 3", [0.1, 2.9], true],
    ["a + b == 3", [1, 2.01], false],
    ["0.1 + 0.2 == 0.3", [], true],
    ["a - b == 0", [1e6, 1e6 * (1 + 1e-10)], true],
    ["a - b == 0", [1e6, 1e6 * (1 + 1e-7)], false],
    ["a == b", [1e7, 1e7 + 1], false],
    ["a / b <= 0.5", [1, 2], true],
    ["a / b <= 0.5", [1, 0], false],
    ["a / b <= 0.5 or b == 0", [1, 0], true],
    ["`hours-per-week` >= 2 * (a + b)", [1, 2, 6], true],
    ["a - b - 1 == 0", [3, 2], true],
    ["a / b / 2 == 3", [12, 2], true],
    ["-a ^ 2 == -9", [3], true],
    ["2 ^ 3 ^ 2 == 512", [], true],
    ["2 ^ -1 == .5", [], true],
    ["job == 'none' or a > 0", [0, 0, 0, 0], true],
    ["job == 'none' or a > 0", [0, 0, 0, 1], false],
    ['job != "clerk"', [0, 0, 0, 1], false],
    ["job == 'unheard of'", [0, 0, 0, 1], false],
  ])("%s of %j: %s", (rule, row, expected) => {
    expect(holds(rule, row)).toBe(expected);
  });

  test("is kept to where numbers differ by no more than float32 has rounded them by", () => {
    const rounded = { ...shape, grainOf: () => 0.01 };
    const broken = (rule: string, row: readonly number[]) => readyRule(parseRule(rule), rounded).broken(row);
    expect(broken("a + b == 3", [1, 2.019])).toBe(0);
    expect(broken("a + b == 3", [1, 2.021])).toBeGreaterThan(0);
    expect(broken("a * b == 3", [3, 1.01])).toBe(0);
    expect(broken("a < b", [1, 1])).toBeGreaterThan(0);
  });

  test("names the columns of which it takes numbers and those of which it takes the text", () => {
    expect(columnsOfRule(parseRule("a + a * `hours-per-week` <= 3 or job == 'none'"))).toEqual({
      numbers: ["a", "hours-per-week"],
      texts: ["job"],
    });
  });

  test.each<[string, RegExp]>([
    ["a = b", /comparison at character 3.*“=”/],
    ["a", /comparison .* at character 2, and there is the end/],
    ["a <= b <= 3", /end of the rule at character 8/],
    ["a <= b and b <= 3", /end of the rule at character 8/],
    ["a <= (b + 1", /`\)` at character 12/],
    ["a <= 'none'", /a number or a column at character 6/],
    ["a <= 1e999", /a number or a column/],
    ["or <= 1", /a number or a column at character 1/],
    ["a <= $b", /“\$” at character 6/],
    ["a <= `b", /without a second one/],
    [`a <= ${"(".repeat(40)}1${")".repeat(40)}`, /nested/],
    [`a <= ${"-".repeat(900)}1`, /nested/],
    [`a <= ${"2^".repeat(400)}1`, /nested/],
    ["a".repeat(1001), /1000 characters/],
  ])("that makes no sense is refused where it stops: %s", (rule, message) => {
    const refused = () => parseRule(rule, { file: "sextant.yaml", line: 3, column: 9 });
    expect(refused).toThrow(message);
    expect(refused).toThrow(Problem);
  });

  test("of whatever text is read or refused, and nothing else happens", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      "`x y`",
      "'t'",
      "1",
      "2.5e3",
      "+",
      "-",
      "*",
      "/",
      "^",
      "(",
      ")",
      "<=",
      "==",
      "=",
      "or",
      "and",
      " ",
      "💥",
      "`",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 60 }),
          fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(" ")),
        ),
        (text) => {
          try {
            expect(parseRule(text).any.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("reckons as JavaScript does over the same sum written out with parentheses", () => {
    const leaf = fc.oneof(
      fc.integer({ min: 0, max: 9 }).map((value): Expression => ({ kind: "number", value })),
      fc.constantFrom("a", "b").map((name): Expression => ({ kind: "column", name })),
    );
    const { sum } = fc.letrec<{ sum: Expression }>((tie) => ({
      sum: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({ kind: fc.constant("negated" as const), of: tie("sum") }),
        fc.record({
          kind: fc.constant("binary" as const),
          operator: fc.constantFrom("+" as const, "-" as const, "*" as const),
          left: tie("sum"),
          right: tie("sum"),
        }),
      ),
    }));
    const written = (each: Expression): string =>
      each.kind === "number"
        ? String(each.value)
        : each.kind === "column"
          ? each.name
          : each.kind === "negated"
            ? `(-${written(each.of)})`
            : `(${written(each.left)} ${each.operator} ${written(each.right)})`;
    const value = (each: Expression, row: readonly number[]): number => {
      if (each.kind === "number") return each.value;
      if (each.kind === "column") return row[names.indexOf(each.name)] ?? Number.NaN;
      if (each.kind === "negated") return -value(each.of, row);
      const [left, right] = [value(each.left, row), value(each.right, row)];
      return each.operator === "+" ? left + right : each.operator === "-" ? left - right : left * right;
    };
    const small = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(sum, small, small, (each, a, b) => {
        const text = written(each);
        fc.pre(text.length < 900);
        expect(holds(`${text} == ${value(each, [a, b])}`, [a, b])).toBe(true);
        expect(holds(`${text} == ${value(each, [a, b]) + 1}`, [a, b])).toBe(false);
      }),
    );
  });
});
