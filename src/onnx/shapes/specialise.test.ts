import { describe, expect, it } from "vitest";
import { Problem } from "../../base/index.ts";
import { graph, int, int64s, node, tensor } from "../attributes.ts";
import type { Attribute, Constant, Node } from "../program.ts";
import { specialise } from "./specialise.ts";
import { bool, float32, graphOf, port, programOf } from "./testing/programs.ts";

function problemOf(run: () => unknown): { readonly code: string; readonly message: string; readonly at: string | undefined } {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, message: error.message, at: error.place.at };
    throw error;
  }
  throw new Error("it is no problem");
}

const lone = (op: string, constants: Readonly<Record<string, Constant>>, attributes: Readonly<Record<string, Attribute>> = {}) =>
  programOf([node(op, ["x", ...Object.keys(constants)], ["y"], attributes)], {
    constants,
    inputs: [port("x", "float32", ["rows", 2])],
    outputs: [port("y")],
  });

describe("inputs", () => {
  const relu = lone("Relu", {});

  it("take the shapes that are given where the file leaves them open, and outputs follow", () => {
    const { graph: made, known } = specialise(relu, { x: [5, 2] });
    expect(known.get("y")).toEqual({ element: "float32", dims: [5, 2] });
    expect([...made.inputs, ...made.outputs].map(({ dims }) => dims)).toEqual([
      [5, 2],
      [5, 2],
    ]);
  });

  it.each([
    ["an open dimension without a shape", {}, "MODEL_SHAPE_UNKNOWN", /leaves its shape open/],
    ["a shape at odds with the file", { x: [5, 3] }, "MODEL_SHAPE_MISMATCH", /says \[rows,2\], and \[5,3\] is given/],
    ["a shape of another rank", { x: [5] }, "MODEL_SHAPE_MISMATCH", /and \[5\] is given/],
    ["a size that is none", { x: [-1, 2] }, "MODEL_SHAPE_MISMATCH", /and \[-1,2\] is given/],
    ["a shape for no input", { x: [5, 2], z: [1] }, "MODEL_SHAPE_MISMATCH", /does not have/],
  ])("with %s are a problem", (_, shapes, code, what) => {
    const problem = problemOf(() => specialise(relu, shapes as Readonly<Record<string, number[]>>));
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(what);
  });
});

describe("a node", () => {
  it("that does not fit is named with its operator and shapes", () => {
    const problem = problemOf(() => specialise(lone("MatMul", { w: float32([1, 2, 3], [3, 1]) }), { x: [4, 2] }));
    expect(problem.code).toBe("MODEL_SHAPE_MISMATCH");
    expect(problem.message).toContain("MatMul of float32[4,2], float32[3,1]");
    expect(problem.at).toBe("node “y” (MatMul)");
  });

  it.each(["Custom", "constructor", "__proto__"])("of the operator %s, of which nothing is known, is a problem", (op) => {
    expect(problemOf(() => specialise(lone(op, {}), { x: [4, 2] }))).toMatchObject({ code: "MODEL_SHAPE_UNKNOWN" });
  });

  it("whose shape only a run gives does not stop what needs not know it", () => {
    const nodes = [node("NonZero", ["x"], ["open"]), node("Cast", ["open"], ["far"], { to: int(1) }), node("Relu", ["x"], ["y"])];
    const parts = { inputs: [port("x", "float32", [3])], outputs: [port("y")] };
    expect([...specialise(programOf(nodes, parts), {}).known.keys()]).toEqual(["x", "y"]);
    const problem = problemOf(() => specialise(programOf(nodes, { ...parts, outputs: [port("far")] }), {}));
    expect(problem).toMatchObject({ code: "MODEL_SHAPE_UNKNOWN", at: "node “open” (NonZero)" });
  });

  it("with terminal escapes in its name is told without them", () => {
    const evil = programOf([node("Add", ["x", "x"], ["y"], {}, { name: "\u001b[31mred" }), node("Custom\u0007", ["y"], ["z"])], {
      inputs: [port("x", "float32", [3])],
      outputs: [port("z")],
    });
    expect(problemOf(() => specialise(evil, {})).message).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]+$/u);
  });
});

describe("what follows from shapes alone is folded, and what nothing needs is left out", () => {
  const flattened = programOf(
    [
      node("Shape", ["x"], ["shape"]),
      node("Gather", ["shape", "zero"], ["rows"], { axis: int(0) }),
      node("Unsqueeze", ["rows", "axes"], ["first"]),
      node("Concat", ["first", "rest"], ["target"], { axis: int(0) }),
      node("Reshape", ["x", "target"], ["y"]),
      node("Exp", ["x"], ["unused"]),
    ],
    {
      constants: { zero: int64s([0], []), axes: int64s([0]), rest: int64s([-1]) },
      inputs: [port("x", "float32", ["n", "c", "h"])],
      outputs: [port("y")],
    },
  );

  it("as exporters write a flattening", () => {
    const { graph: made, known } = specialise(flattened, { x: [2, 3, 4] });
    expect(made.nodes.map(({ op }) => op)).toEqual(["Reshape"]);
    expect([...made.constants.keys()]).toEqual(["target"]);
    expect(made.constants.get("target")?.values).toEqual(BigInt64Array.of(2n, -1n));
    expect(known.get("y")?.dims).toEqual([2, 12]);
  });

  it("as Keras counts its categories: never fewer and never more than so many", () => {
    const int32 = (value: number): Constant => ({ element: "int32", type: 6, dims: [], values: Int32Array.of(value) });
    const program = programOf(
      [
        node("ReduceMax", ["x"], ["most"], { keepdims: int(0) }),
        node("Max", ["least", "most"], ["low"]),
        node("Min", ["least", "low"], ["count"]),
        node("Unsqueeze", ["count", "axes"], ["dims"]),
        node("Cast", ["dims"], ["shape"], { to: int(7) }),
        node("ConstantOfShape", ["shape"], ["y"]),
      ],
      { constants: { least: int32(3), axes: int64s([0]) }, inputs: [port("x", "int32", [9])], outputs: [port("y")] },
    );
    expect(specialise(program, {}).known.get("y")).toMatchObject({ element: "float32", dims: [3] });
  });
});

describe("a file that asks for too much is a problem at once", () => {
  const huge = int64s([400_000, 400_000]);
  const large = (nodes: readonly Node[], constants: Readonly<Record<string, Constant>>) =>
    problemOf(() => specialise(programOf(nodes, { constants, outputs: [port("y")] }), {}));

  it.each([
    ["ConstantOfShape", node("ConstantOfShape", ["huge"], ["y"])],
    ["Expand", node("Expand", ["one", "huge"], ["y"])],
    ["Tile", node("Tile", ["row", "huge"], ["y"])],
    ["Range", node("Range", ["from", "to", "by"], ["y"])],
    ["OneHot", node("OneHot", ["indices", "to", "pair"], ["y"])],
    ["RandomNormal", node("RandomNormal", [], ["y"], { shape: { kind: "ints", value: [400_000n, 400_000n] } })],
  ])("by %s", (_, made) => {
    const constants = {
      huge,
      one: float32([1]),
      row: float32([1], [1, 1]),
      from: int64s([0], []),
      to: int64s([10n ** 12n], []),
      by: int64s([1], []),
      indices: int64s([1]),
      pair: float32([0, 1]),
    };
    expect(large([made], constants)).toMatchObject({ code: "MODEL_VALUE_TOO_LARGE", at: expect.stringContaining("“y”") });
  });

  it("also by sizes whose product is beyond all numbers, and by dimensions without end", () => {
    const most = new Array<bigint>(60).fill(2n ** 62n);
    expect(large([node("ConstantOfShape", ["s"], ["y"])], { s: int64s(most) }).code).toBe("MODEL_VALUE_TOO_LARGE");
    expect(large([node("ConstantOfShape", ["s"], ["y"])], { s: int64s(new Array(100_000).fill(1)) }).message).toMatch(/100000 dimensions/);
    const axes = int64s([...Array(100_000).keys()]);
    expect(large([node("Unsqueeze", ["x", "axes"], ["y"])], { x: float32([1], []), axes }).code).toBe("MODEL_SHAPE_MISMATCH");
  });

  it("by the limit that is asked for", () => {
    const program = programOf([node("Relu", ["x"], ["y"])], { inputs: [port("x", "float32", [100])], outputs: [port("y")] });
    expect(() => specialise(program, {}, { mostBytes: 399 })).toThrow(/takes 400 bytes; at most 399/);
    expect(specialise(program, {}, { mostBytes: 400 }).known.get("y")?.dims).toEqual([100]);
  });

  it("and loops inside loops are unrolled so far and no farther", () => {
    const nested = (depth: number): readonly Node[] => {
      if (depth === 0) return [node("Neg", ["s0"], ["s"])];
      const body = graphOf([...nested(depth - 1), node("Identity", [depth === 1 ? "s" : `s${depth - 1}.out`], [`next${depth}`])], {
        inputs: [port(`i${depth}`, "int64", []), port(`c${depth}`, "bool", []), port(`s${depth - 1}`, "float32", [2])],
        outputs: [port(`c${depth}`, "bool"), port(`next${depth}`)],
      });
      return [node("Loop", ["turns", "", depth === 6 ? "x" : `s${depth}`], [depth === 6 ? "y" : `s${depth}.out`], { body: graph(body) })];
    };
    const program = programOf(nested(6), {
      constants: { turns: int64s([60], []) },
      inputs: [port("x", "float32", [2])],
      outputs: [port("y")],
    });
    const special = specialise(program, {});
    expect(special.known.get("y")?.dims).toEqual([2]);
    expect(special.graph.nodes.length).toBeLessThan(30_000);
  });

  it("and what is folded together stays within bounds", () => {
    const value = tensor(float32([1]));
    const nodes = [...Array(140).keys()].map((at) => node("ConstantOfShape", ["s"], [`v${at}`], { value }));
    const outputs = nodes.map(({ outputs: [name = ""] }) => port(name));
    const special = specialise(programOf(nodes, { constants: { s: int64s([2 ** 20]), yes: bool(true) }, outputs }), {});
    const folded = [...special.graph.constants.values()].reduce((sum, { values }) => sum + values.length * 4, 0);
    expect(folded).toBeLessThanOrEqual(2 ** 29);
    expect(special.graph.nodes.length).toBeGreaterThan(0);
  });
});
