import { describe, expect, it } from "vitest";
import { Draft } from "./draft.ts";
import { mathsOf } from "./maths.ts";
import { answers, float32, programOf } from "./testing/programs.ts";

const small = () => programOf({ x: ["float32", [2, 3]], d0: ["float32", [3]] }, {}, [["Exp", ["x"], ["y"]]]);

describe("a graph that grows", () => {
  it("has the same node once, those of the program included, and the same constant once", () => {
    const draft = new Draft(small());
    expect(draft.add("Exp", ["x"])).toBe("y");
    expect(draft.add("Sin", ["x"])).toBe(draft.add("Sin", ["x"]));
    expect(draft.ints(1, 2)).toBe(draft.ints(1, 2));
    expect(draft.ints(1, 2)).not.toBe(draft.ints(2, 1));
    expect(draft.add("Softmax", ["x"], { axis: 0 })).not.toBe(draft.add("Softmax", ["x"], { axis: 1 }));
  });

  it("leaves out what changes nothing, and only that", () => {
    const draft = new Draft(small());
    const m = mathsOf(draft);
    for (const same of [
      m.mul("x", 1),
      m.mul(1, "x"),
      m.add("x", 0),
      m.sub("x", 0),
      m.div("x", 1),
      m.neg(m.neg("x")),
      m.reshape("x", [2, 3]),
    ])
      expect(same).toBe("x");
    expect([m.sumLike("x", "x"), m.expand("x", [2, 3]), m.transpose("x", [0, 1]), m.cast("x", "y")]).toEqual(Array(4).fill("x"));
    for (const other of [m.sub(0, "x"), m.div(1, "x"), m.mul("x", 0), m.transpose("x", [1, 0])]) expect(other).not.toBe("x");
    expect(m.mul("d0", draft.constant(new Float32Array(6).fill(1), [2, 3]))).not.toBe("d0");
  });

  it("computes with numbers, and not with what broadcasts them", () => {
    const draft = new Draft(small());
    const m = mathsOf(draft);
    const [two, three] = [draft.scalar(2, "x"), draft.scalar(3, "x")];
    expect(m.mul(two, three)).toBe(draft.scalar(6, "x"));
    expect(m.neg(two)).toBe(draft.scalar(-2, "x"));
  });

  it("names nothing as the program names something", () => {
    const draft = new Draft(small());
    expect(draft.add("Sin", ["x"])).not.toBe("d0");
    expect(() => draft.input("y", draft.known("x"))).toThrow("has a value y");
  });

  it("ends with the outputs that are asked for, under their names, and without what they do not need", async () => {
    const draft = new Draft(small());
    draft.add("Cos", ["x"]);
    const twice = mathsOf(draft).add("y", "y");
    const program = draft.finish(new Map([["twice", twice], ["again", twice], ["itself", "x"], ["y", "y"]])); // biome-ignore format: one value
    expect(program.graph.nodes.map(({ op }) => op).sort()).toEqual(["Add", "Exp", "Identity", "Identity"]);
    const given = await answers(program, { x: float32([2, 3], [0, 0, 0, 0, 0, 1]), d0: float32([3], [0, 0, 0]) });
    expect(given.twice).toEqual(given.again);
    expect(given.twice?.[5]).toBeCloseTo(2 * Math.E, 5);
    expect(given.itself).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("tells a node that cannot be, with its shapes, when it is added", () => {
    const draft = new Draft(small());
    expect(() => draft.add("MatMul", ["x", "x"])).toThrow(/MatMul of float32\[2,3\], float32\[2,3\]/);
  });
});
