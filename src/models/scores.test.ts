import fc from "fast-check";
import { expect, test } from "vitest";
import { batchOf, readScores } from "./scores.ts";

const batch = (count: number) => batchOf("scores", 100, count);

function read(scores: readonly number[], k: number, count: number, kind: "probabilities" | "logits") {
  const into = new Float64Array(count * k);
  readScores(Float64Array.from(scores), into, k, kind, batch(count));
  return [...into];
}

test("probabilities are taken as they are, and rounding past 0 and 1 is cut off", () => {
  expect(read([0.25, 0.75, 1.0002, -0.0002], 2, 2, "probabilities")).toEqual([0.25, 0.75, 1, 0]);
});

test("one probability for two classes is the second's", () => {
  expect(read([0.75, 0], 2, 2, "probabilities")).toEqual([0.25, 0.75, 1, 0]);
});

test("logits become what the softmax is by hand", () => {
  const [a, b, c] = read([0, Math.log(2), Math.log(5)], 3, 1, "logits");
  expect([a, b, c]).toEqual([expect.closeTo(1 / 8, 12), expect.closeTo(2 / 8, 12), expect.closeTo(5 / 8, 12)]);
});

test("one logit is the logistic function's argument", () => {
  expect(read([Math.log(3)], 2, 1, "logits")).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
});

test("whatever the finite logits, probabilities sum to one and keep their order", () => {
  const logits = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(logits, (values) => {
      const made = read(values, values.length, 1, "logits");
      expect(made.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      const best = values.indexOf(Math.max(...values));
      expect(made[best]).toBe(Math.max(...made));
    }),
  );
});

test("two logits that differ by d are one logit of d", () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (d) => {
      expect(read([0, d], 2, 1, "logits")[1]).toBeCloseTo(read([d], 2, 1, "logits")[1] ?? Number.NaN, 12);
    }),
  );
});

test.each<readonly [string, readonly number[], number, number, "probabilities" | "logits", RegExp, string]>([
  ["scores that sum to more than one", [0.5, 0.5, 0.9, 0.9], 2, 2, "probabilities", /sum to 1\.8, not to 1/, "row 101"],
  ["a negative score", [-3, 4], 2, 1, "probabilities", /-3 in output “scores” of the model is no probability/, "row 100"],
  ["a score above one for two classes", [7], 2, 1, "probabilities", /7 in output “scores” of the model is no probability/, "row 100"],
  ["a score that is no number", [0.5, 0.5, Number.NaN, 0.5], 2, 2, "probabilities", /answers NaN/, "row 101"],
  ["a logit that is no number", [1, Number.NaN], 2, 1, "logits", /answers NaN/, "row 100"],
  ["an infinite logit", [1, Number.POSITIVE_INFINITY], 2, 1, "logits", /answers Infinity/, "row 100"],
  ["one logit that is no number", [Number.NaN], 2, 1, "logits", /answers NaN/, "row 100"],
  ["more scores than classes", [0.2, 0.3, 0.5], 2, 1, "probabilities", /gives 3 scores per row; 2 classes are named/, "row 100"],
])("%s: refused with its row", (_, scores, k, count, kind, says, at) => {
  const reading = () => read(scores, k, count, kind);
  expect(reading).toThrow(says);
  expect(reading).toThrow(expect.objectContaining({ code: "MODEL_ANSWERS_INVALID", place: { at } }));
});

test("scores that are no probabilities are said to be logits, most likely", () => {
  expect(() => read([-3, 4], 2, 1, "probabilities")).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/kind: logits/) }));
});
