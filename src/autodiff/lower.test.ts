import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float, floats, int, ints, type Specialised, text } from "../onnx/index.ts";
import { lower } from "./lower.ts";
import { answers, float32, programOf } from "./testing/programs.ts";

type Nodes = Parameters<typeof programOf>[2];
const ml = "ai.onnx.ml";

const coefficients = [0.5, -1, 2, 0.25, 1, -0.75];

const classifier = (transform: string, scores: number, classes: number): Nodes => [
  ["LinearClassifier", ["x"], ["label", "y"], { coefficients: floats(coefficients.slice(0, 3 * scores)), intercepts: floats([0.1, -0.2].slice(0, scores)), classlabels_ints: ints([...Array(classes).keys()]), post_transform: text(transform) }, ml], // biome-ignore format: a row
];

const operators: Readonly<Record<string, Nodes>> = {
  "Scaler by column": [["Scaler", ["x"], ["y"], { offset: floats([1, 2, 3]), scale: floats([0.5, 2, -1]) }, ml]],
  "Scaler by one number": [["Scaler", ["x"], ["y"], { offset: floats([1]), scale: floats([0.5]) }, ml]],
  "Normalizer L1": [["Normalizer", ["x"], ["y"], { norm: text("L1") }, ml]],
  "Normalizer L2": [["Normalizer", ["x"], ["y"], { norm: text("L2") }, ml]],
  "Normalizer MAX": [["Normalizer", ["x"], ["y"], { norm: text("MAX") }, ml]],
  LinearRegressor: [
    ["LinearRegressor", ["x"], ["y"], { coefficients: floats(coefficients), intercepts: floats([1, 2]), targets: int(2) }, ml],
  ],
  "LinearClassifier of two scores": classifier("NONE", 2, 2),
  "LinearClassifier with sigmoids": classifier("LOGISTIC", 2, 2),
  "LinearClassifier with softmax": classifier("SOFTMAX", 2, 2),
  "LinearClassifier of one score": classifier("NONE", 1, 2),
  "LinearClassifier of one score with a sigmoid": classifier("LOGISTIC", 1, 2),
  FeatureVectorizer: [["FeatureVectorizer", ["x", "x"], ["y"], { inputdimensions: ints([3, 3]) }, ml]],
  Imputer: [["Imputer", ["x"], ["y"], { imputed_value_floats: floats([1, 2, 3]), replaced_value_float: float(0) }, ml]],
  "Imputer of NaN": [["Imputer", ["x"], ["y"], { imputed_value_floats: floats([5]), replaced_value_float: float(Number.NaN) }, ml]],
  "a sigmoid written by hand": [["Neg", ["x"], ["n"]], ["Exp", ["n"], ["e"]], ["Add", ["e", "one"], ["s"]], ["Div", ["one", "s"], ["y"]]], // biome-ignore format: a row
  "a GELU written by hand": [["Div", ["x", "root"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["e", "one"], ["s"]], ["Mul", ["x", "s"], ["p"]], ["Mul", ["p", "half"], ["y"]]], // biome-ignore format: a row
  "a GELU in another order": [["Mul", ["inverse", "x"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["one", "e"], ["s"]], ["Mul", ["half", "s"], ["p"]], ["Mul", ["p", "x"], ["y"]]], // biome-ignore format: a row
  "a GELU halved first": [["Div", ["x", "root"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["e", "one"], ["s"]], ["Mul", ["x", "half"], ["h"]], ["Mul", ["s", "h"], ["y"]]], // biome-ignore format: a row
  "a sigmoid by its reciprocal": [["Exp", ["x"], ["e"]], ["Add", ["one", "e"], ["s"]], ["Reciprocal", ["s"], ["y"]]], // biome-ignore format: a row
};

const constants = {
  one: float32([1], [1]),
  half: float32([], [0.5]),
  root: float32([], [Math.SQRT2]),
  inverse: float32([], [Math.SQRT1_2]),
  two: float32([], [2]),
};

const opsOf = ({ graph }: Specialised) => graph.nodes.map(({ op }) => op);

// Squares of smaller numbers leave the range of float32.
const value = fc.oneof(
  fc.float({ min: -20, max: 20, noNaN: true }).filter((each) => Math.abs(each) > 1e-6),
  fc.constant(0),
);
const row = fc.array(value, { minLength: 12, maxLength: 12 });

describe("operators written as ordinary ones", () => {
  it.each(Object.entries(operators))("%s answers the same", async (name, nodes) => {
    const program = programOf({ x: ["float32", [4, 3]] }, constants, nodes);
    const lowered = lower(program);
    expect(opsOf(lowered)).not.toContain(nodes.at(-1)?.[0]);
    if (name.includes("GELU")) expect(opsOf(lowered)).toContain("Gelu");
    await fc.assert(
      fc.asyncProperty(row, async (values) => {
        const given = { x: float32([4, 3], name.includes("NaN") ? values.map((each) => (each === 0 ? Number.NaN : each)) : values) };
        const [before, after] = [(await answers(program, given)).y ?? [], (await answers(lowered, given)).y ?? []];
        expect(after.length).toBe(before.length);
        for (const [at, each] of before.entries())
          expect(Math.abs((after[at] ?? Number.NaN) - each)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(each)));
      }),
      { numRuns: 10 },
    );
  });

  it("leaves what has no such form, such as another transform", () => {
    const program = programOf({ x: ["float32", [4, 3]] }, {}, classifier("PROBIT", 2, 2));
    expect(opsOf(lower(program))).toEqual(["LinearClassifier"]);
  });

  // biome-ignore format: a table
  it.each([
    ["another divisor", [["Div", ["x", "two"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["e", "one"], ["s"]], ["Mul", ["x", "s"], ["p"]], ["Mul", ["p", "half"], ["y"]]]],
    ["another factor", [["Div", ["x", "root"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["e", "one"], ["s"]], ["Mul", ["x", "s"], ["p"]], ["Mul", ["p", "two"], ["y"]]]],
    ["another summand", [["Div", ["x", "root"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["e", "two"], ["s"]], ["Mul", ["x", "s"], ["p"]], ["Mul", ["p", "half"], ["y"]]]],
    ["another value outside", [["Neg", ["x"], ["n"]], ["Div", ["x", "root"], ["u"]], ["Erf", ["u"], ["e"]], ["Add", ["e", "one"], ["s"]], ["Mul", ["n", "s"], ["p"]], ["Mul", ["p", "half"], ["y"]]]],
  ] satisfies readonly (readonly [string, Nodes])[])("leaves what is like a GELU, but for %s", (_, nodes) => {
    expect(opsOf(lower(programOf({ x: ["float32", [4, 3]] }, constants, nodes)))).toEqual(nodes.map(([op]) => op));
  });
});
