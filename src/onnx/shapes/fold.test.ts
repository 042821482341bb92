import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, int, int64s, node } from "../attributes.ts";
import type { Constant } from "../program.ts";
import { holdNodes, lone } from "./testing/nodes.ts";
import { bool, float32, port, programOf } from "./testing/programs.ts";

const all = (count: number) => ({ kind: "right", seen: count, folded: count });

const sampled = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] => fc.sample(arbitrary, { numRuns: count, seed: 7 });

describe("folding gives what onnxruntime computes", () => {
  it("of slices with any start, end and step", async () => {
    const bound = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, -(2n ** 31n)));
    const step = fc.integer({ min: -3, max: 3 }).filter((by) => by !== 0);
    const data = float32([...Array(30).keys()], [5, 6]);
    const slices = sampled(fc.tuple(bound, bound, step, bound, bound, step), 100).map(([a, b, c, d, e, f]) =>
      lone("Slice", [data, int64s([a, d]), int64s([b, e]), int64s([0, -1]), int64s([c, f])]),
    );
    expect(await holdNodes(slices)).toEqual(all(100));
  });

  it("of whole numbers that leave the range of their type, and of divisions by negative ones", async () => {
    const number = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -9, max: 9 }));
    const divisor = number.filter((value) => value !== 0 && value !== -1);
    const int32 = (value: number) => constant("int32", [], Int32Array.of(value));
    const made = sampled(fc.tuple(number, divisor), 60).flatMap(([a, b]) => [
      ...["Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Equal", "Less", "GreaterOrEqual"].map((op) => lone(op, [int32(a), int32(b)])),
      lone("Mod", [int32(a), int32(b)], { fmod: int(1) }),
      ...["Add", "Sub", "Mul", "Div", "Mod", "Max"].map((op) => lone(op, [int64s([a]), int64s([b])])),
    ]);
    expect(await holdNodes(made)).toEqual(all(60 * 17));
  });

  it("of numbers in float32, rounded once", async () => {
    const number = fc.oneof(fc.float({ noNaN: true }), fc.float({ min: -9, max: 9, noNaN: true }));
    const binary = ["Add", "Sub", "Mul", "Div", "Greater", "LessOrEqual"];
    const unary = ["Neg", "Abs", "Sign", "Floor", "Ceil", "Round"];
    const made = sampled(fc.tuple(number, number), 60).flatMap(([a, b]) => [
      ...binary.map((op) => lone(op, [float32([a], []), float32([b], [])])),
      ...unary.map((op) => lone(op, [float32([a])])),
      lone("Sqrt", [float32([Math.abs(a)])]),
    ]);
    expect(await holdNodes(made)).toEqual(all(60 * 13));
  });

  it("of values that move: transposed, broadcast, tiled, gathered, scattered, joined", async () => {
    const data = int64s([...Array(24).keys()], [2, 3, 4]);
    const row = float32([1, 2, 3], [3, 1]);
    const made = [
      ...[
        [0, 2, 1],
        [2, 0, 1],
        [1, 2, 0],
        [2, 1, 0],
      ].map((perm) => lone("Transpose", [data], { perm: { kind: "ints", value: perm.map(BigInt) } })),
      lone("Transpose", [data]),
      lone("Expand", [row, int64s([2, 1, 4])]),
      lone("Tile", [data, int64s([1, 2, 3])]),
      ...[0, 1, 2, -1].map((axis) => lone("Gather", [data, int64s([1, -1, 0, 1], [2, 2])], { axis: int(axis) })),
      ...[0, -2].map((axis) => lone("GatherElements", [data, int64s([0, 1, -1, 1, 0, 0], [1, 2, 3])], { axis: int(axis) })),
      lone("GatherND", [data, int64s([1, -1, 0, 2], [2, 2])]),
      lone("ScatterND", [data, int64s([1, 0], [1, 2]), int64s([90, 91, 92, 93], [1, 4])]),
      lone("ScatterElements", [data, int64s([2, 0, 1, 1], [1, 1, 4]), int64s([90, 91, 92, 93], [1, 1, 4])], { axis: int(2) }),
      ...[0, 1, -1].map((axis) => lone("Concat", [data, data, data], { axis: int(axis) })),
      ...[0, 1, 2].map((axis) => lone("Compress", [data, constant("bool", [2], Uint8Array.of(0, 1))], { axis: int(axis) })),
      lone("Where", [bool(true), row, float32([7])]),
      lone("OneHot", [int64s([0, -1, 2, 9], [2, 2]), int64s([3], []), float32([-1, 5])], { axis: int(1) }),
      ...[0, 1, 2].flatMap((axis) => [
        lone("ArgMax", [int64s([3, 1, 3, 3, 3, 0, 1, 1], [2, 2, 2])], { axis: int(axis), select_last_index: int(1) }),
        lone("ReduceSum", [data, int64s([axis])], { keepdims: int(0) }),
        lone("ReduceMax", [
          data,
          int64s([axis, -1 - ((axis + 1) % 3)].map((at) => (at < 0 ? at + 3 : at)).filter((at, index, list) => list.indexOf(at) === index)),
        ]),
        lone("CumSum", [data, int64s([axis], [])]),
      ]),
      lone("ReduceProd", [int64s([1, 2, 3, 4])]),
      lone("NonZero", [constant("bool", [2, 3], Uint8Array.of(0, 1, 1, 0, 0, 1))]),
    ];
    expect(await holdNodes(made)).toEqual(all(made.length));
  });
});

describe("what is not exact is left to onnxruntime", () => {
  it.each(["Exp", "Log", "Tanh", "Sigmoid"])("%s", async (op) => {
    expect(await holdNodes([lone(op, [float32([0.5])])])).toEqual({ kind: "right", seen: 1, folded: 0 });
  });

  it("a division of whole numbers by zero, and a number too large for the type that it is cast to", async () => {
    const { specialise } = await import("./specialise.ts");
    const made = (op: string, inputs: Readonly<Record<string, Constant>>, attributes = {}) =>
      specialise(programOf([node(op, Object.keys(inputs), ["y"], attributes)], { constants: inputs, outputs: [port("y")] }), {}).known.get(
        "y",
      );
    expect(made("Div", { a: int64s([1]), b: int64s([0]) })).toEqual({ element: "int64", dims: [1] });
    expect(made("Cast", { a: float32([1e20]) }, { to: int(7) })).toEqual({ element: "int64", dims: [1] });
    expect(made("Cast", { a: float32([Number.NaN]) }, { to: int(6) })).toEqual({ element: "int32", dims: [1] });
  });
});
