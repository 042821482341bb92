import { describe, expect, it } from "vitest";
import { constant, int } from "../onnx/index.ts";
import { differentiate } from "./differentiate.ts";
import { answers, float32, programOf } from "./testing/programs.ts";

const x = { x: ["float32", [3]] as const };
const at = (...values: number[]) => ({ x: float32([values.length], values) });

describe("differentiating a graph", () => {
  it("adds up what arrives on several ways: x^3 + exp(x), twice through the same value", async () => {
    const program = programOf(x, {}, [
      ["Mul", ["x", "x"], ["square"]],
      ["Mul", ["square", "x"], ["cube"]],
      ["Exp", ["x"], ["power"]],
      ["Add", ["cube", "power"], ["y"]],
    ]);
    const given = await answers(differentiate(program, { of: "y", wrt: ["x"] }), at(-1, 0, 2));
    for (const [place, value] of [-1, 0, 2].entries())
      expect(given["gradient/x"]?.[place]).toBeCloseTo(3 * value ** 2 + Math.exp(value), 4);
  });

  it("visits only what lies between: nodes without gradient beside the way do not matter", async () => {
    const program = programOf({ ...x, other: ["float32", [3]] }, {}, [
      ["Round", ["other"], ["steps"]],
      ["Add", ["x", "steps"], ["y"]],
    ]);
    const made = differentiate(program, { of: "y", wrt: ["x"] });
    expect(await answers(made, { ...at(1, 2, 3), other: float32([3], [0, 1, 2]) })).toMatchObject({ "gradient/x": [1, 1, 1] });
  });

  it("differentiates by weights and by values in between", async () => {
    const program = programOf({ x: ["float32", [1, 2]] }, { w: float32([2, 1], [3, 4]) }, [
      ["MatMul", ["x", "w"], ["z"]],
      ["Mul", ["z", "z"], ["y"]],
    ]);
    const given = await answers(differentiate(program, { of: "y", wrt: ["w", "z"] }), { x: float32([1, 2], [1, 2]) });
    expect(given).toMatchObject({ y: [121], "gradient/w": [22, 44], "gradient/z": [22] });
  });

  it("weighs the numbers of what is differentiated by a seed that is given", async () => {
    const program = programOf(x, {}, [["Mul", ["x", "x"], ["y"]]]);
    const given = await answers(differentiate(program, { of: "y", wrt: ["x"], seed: "s" }), {
      ...at(1, 2, 3),
      s: float32([3], [1, 0, -1]),
    });
    expect(given["gradient/x"]).toEqual([2, 0, -6]);
  });

  it.each<[what: string, nodes: Parameters<typeof programOf>[2], code: string, node: string]>([
    ["a step on the way", [["Round", ["x"], ["y"]]], "GRADIENT_MISSING", "Round"],
    ["a step on one of two ways", [["Floor", ["x"], ["z"]], ["Sub", ["x", "z"], ["y"]]], "GRADIENT_MISSING", "Floor"], // biome-ignore format: a row
    ["a class that is chosen", [["ArgMax", ["x"], ["z"], { keepdims: int(1) }], ["Cast", ["z"], ["y"], { to: int(1) }]], "GRADIENT_BLOCKED", "ArgMax"], // biome-ignore format: a row
    ["a comparison", [["Greater", ["x", "c"], ["z"]], ["Where", ["z", "c", "d"], ["y"]]], "GRADIENT_BLOCKED", "Greater"], // biome-ignore format: a row
    ["whole numbers", [["Cast", ["x"], ["z"], { to: int(7) }], ["Cast", ["z"], ["y"], { to: int(1) }]], "GRADIENT_BLOCKED", "Cast"], // biome-ignore format: a row
    ["its shape alone", [["Shape", ["x"], ["z"]], ["Cast", ["z"], ["u"], { to: int(1) }], ["Add", ["u", "c"], ["y"]]], "GRADIENT_BLOCKED", ""], // biome-ignore format: a row
  ])("names %s instead of giving zeros", (_, nodes, code, node) => {
    const program = programOf(x, { c: float32([1], [0.5]), d: float32([1], [2]) }, nodes);
    const problem = {
      code,
      ...(node === "" ? {} : { place: { file: "small.onnx", at: `node “the ${node}”` } }),
      remedy: expect.stringMatching(/./),
    };
    expect(() => differentiate(program, { of: "y", wrt: ["x"] })).toThrow(expect.objectContaining(problem));
  });

  it("stops where an index is made, and goes on by the other way", async () => {
    const program = programOf(x, {}, [
      ["ArgMax", ["x"], ["best"], { keepdims: int(1) }],
      ["Gather", ["x", "best"], ["y"]],
    ]);
    expect(await answers(differentiate(program, { of: "y", wrt: ["x"] }), at(1, 5, 2))).toMatchObject({ "gradient/x": [0, 1, 0] });
  });

  it("names what is no value of real numbers, and an input that does not matter", () => {
    const program = programOf({ ...x, i: ["int64", [1]], other: ["float32", [1]] }, {}, [
      ["Gather", ["x", "i"], ["z"]],
      ["Exp", ["z"], ["y"]],
    ]);
    for (const [wrt, code] of [["nothing", "GRADIENT_INPUT"], ["i", "GRADIENT_INPUT"], ["other", "GRADIENT_BLOCKED"]] as const) // biome-ignore format: a table
      expect(() => differentiate(program, { of: "y", wrt: [wrt] })).toThrow(expect.objectContaining({ code }));
  });

  it("takes a step for the identity where that is declared, by operator or by node", async () => {
    const program = programOf(x, {}, [["Round", ["x"], ["z"]], ["Mul", ["z", "z"], ["y"]]]); // biome-ignore format: one value
    for (const straightThrough of [["Round"], ["the Round"]]) {
      const given = await answers(differentiate(program, { of: "y", wrt: ["x"], straightThrough }), at(0.6, 2.2, -1.1));
      expect(given["gradient/x"]).toEqual([2, 4, -2]);
    }
  });

  it("lets quantised values through where that is declared, up to the range that they hold", async () => {
    const program = programOf(
      { x: ["float32", [2, 3]] },
      { scale: float32([3], [0.5, 0.5, 1]), zero: constant("int8", [3], Int8Array.of(0, 10, 0)) },
      [
        ["QuantizeLinear", ["x", "scale", "zero"], ["q"], { axis: int(1) }],
        ["DequantizeLinear", ["q", "scale", "zero"], ["r"], { axis: int(1) }],
        ["Mul", ["r", "r"], ["y"]],
      ],
    );
    const given = { x: float32([2, 3], [1, 1, 1, 64, 59, -128]) };
    const made = differentiate(program, { of: "y", wrt: ["x"], quantised: "straight-through" });
    // 127 halves reach 63.5; from zero point 10, 117 halves reach 58.5.
    expect((await answers(made, given))["gradient/x"]).toEqual([2, 2, 2, 0, 0, -256]);
    expect(() => differentiate(program, { of: "y", wrt: ["x"] })).toThrow(expect.objectContaining({ code: "GRADIENT_MISSING" }));
  });

  it("knows an infinite gradient from none", async () => {
    const program = programOf({ x: ["float32", [2]] }, {}, [["Sqrt", ["x"], ["y"]]]);
    expect((await answers(differentiate(program, { of: "y", wrt: ["x"] }), at(0, 4)))["gradient/x"]).toEqual([
      Number.POSITIVE_INFINITY,
      0.25,
    ]);
  });

  it("lets pixels at the bounds of a Clip move", async () => {
    const program = programOf(x, { low: float32([], [0]), high: float32([], [1]) }, [["Clip", ["x", "low", "high"], ["y"]]]);
    expect((await answers(differentiate(program, { of: "y", wrt: ["x"] }), at(0, 1, 1.5)))["gradient/x"]).toEqual([1, 1, 0]);
  });

  it("knows the bounds of ReLU6 after a convolution to the last digit", async () => {
    const one = float32([1, 1, 1, 1], [1]);
    const program = programOf({ x: ["float32", [1, 1, 1, 6]] }, { one, low: float32([], [0]), high: float32([], [6]) }, [
      ["Conv", ["x", "one"], ["z"]],
      ["Clip", ["z", "low", "high"], ["y"]],
    ]);
    const given = { x: float32([1, 1, 1, 6], [-1, 1e-30, 3, Math.fround(6 - 2 ** -21), 6, 1e30]) };
    expect((await answers(differentiate(program, { of: "y", wrt: ["x"] }), given))["gradient/x"]).toEqual([0, 1, 1, 1, 0, 0]);
  });

  it("shares the gradient of an extreme that several reach", async () => {
    const program = programOf(x, {}, [["ReduceMax", ["x"], ["y"]]]);
    expect((await answers(differentiate(program, { of: "y", wrt: ["x"] }), at(2, 1, 2)))["gradient/x"]).toEqual([0.5, 0, 0.5]);
  });

  it("names an operator of another domain by it", () => {
    const program = programOf({ x: ["float32", [1, 3]] }, {}, [["Normalizer", ["x"], ["y"], {}, "ai.onnx.ml"]]);
    expect(() => differentiate(program, { of: "y", wrt: ["x"] })).toThrow(/ai\.onnx\.ml\.Normalizer/);
  });
});
