import { describe, expect, it } from "vitest";
import { graph, int, int64s, node } from "../attributes.ts";
import type { Graph, Node } from "../program.ts";
import { specialise } from "./specialise.ts";
import { hold } from "./testing/against.ts";
import { bool, float32, graphOf, port, programOf } from "./testing/programs.ts";

const ops = ({ nodes }: Graph) => nodes.map(({ op }) => op);
const x = float32([1, -2, 3]);

describe("If", () => {
  const branches = {
    then_branch: graph(graphOf([node("Neg", ["x"], ["inner"])], { outputs: [port("inner")] })),
    else_branch: graph(graphOf([node("Abs", ["x"], ["inner"])], { outputs: [port("inner")] })),
  };
  const choice = (name: string, inputs = [port("x", "float32", ["n"])]) =>
    programOf([node("If", [name], ["y"], branches, { name: "choice" })], {
      constants: { yes: bool(true), no: bool(false) },
      inputs,
      outputs: [port("y")],
    });

  it("whose condition is known becomes its branch", async () => {
    expect(ops(specialise(choice("yes"), { x: [3] }).graph)).toEqual(["Neg", "Identity"]);
    expect(ops(specialise(choice("no"), { x: [3] }).graph)).toEqual(["Abs", "Identity"]);
    for (const name of ["yes", "no"]) expect(await hold(choice(name), { x })).toMatchObject({ kind: "right", seen: 1 });
  });

  it("whose condition a run gives stays, with what both branches give", async () => {
    const open = choice("c", [port("x", "float32", ["n"]), port("c", "bool", [])]);
    const special = specialise(open, { x: [3] });
    expect(special.known.get("y")).toEqual({ element: "float32", dims: [3] });
    expect(await hold(open, { x, c: bool(true) })).toMatchObject({ kind: "right", seen: 1 });
  });

  it("whose branches give different shapes has no known shape, and is a problem where an output needs it", () => {
    const flat = graph(graphOf([node("ReduceSum", ["x"], ["inner"])], { outputs: [port("inner")] }));
    const uneven = programOf([node("If", ["c"], ["y"], { ...branches, else_branch: flat })], {
      inputs: [port("x", "float32", [3]), port("c", "bool", [])],
      outputs: [port("y")],
    });
    expect(() => specialise(uneven, {})).toThrow(/its branches give \[3\] and \[1\]/);
  });

  it("whose branches give constants alone stays, also when they were folded", async () => {
    const shaped = (axis: number) =>
      graph(
        graphOf([node("Shape", ["x"], ["all"]), node("Gather", ["all", "at"], ["inner"])], {
          constants: { at: int64s([axis], []) },
          outputs: [port("inner", "int64")],
        }),
      );
    const open = programOf([node("If", ["c"], ["y"], { then_branch: shaped(0), else_branch: shaped(1) })], {
      inputs: [port("x", "float32", [3, 1]), port("c", "bool", [])],
      outputs: [port("y", "int64")],
    });
    expect(await hold(open, { x: float32([1, -2, 3], [3, 1]), c: bool(false) })).toMatchObject({ kind: "right", seen: 1 });
  });

  it("twice with the same names inside becomes one graph in which every name is made once", async () => {
    const twice = programOf([node("If", ["yes"], ["a"], branches), node("If", ["no"], ["y"], branches)], {
      constants: { yes: bool(true), no: bool(false) },
      inputs: [port("x", "float32", [3])],
      outputs: [port("a"), port("y")],
    });
    const made = specialise(twice, {}).graph.nodes.flatMap(({ outputs }) => outputs);
    expect(new Set(made).size).toBe(made.length);
    expect(await hold(twice, { x })).toMatchObject({ kind: "right", seen: 2 });
  });
});

/** Doubles its state and gives it in every turn; goes on while `goesOn` says so. */
const doubling = (goesOn: readonly Node[]) =>
  graph(
    graphOf([node("Add", ["s", "s"], ["next"], {}, { name: "double" }), node("Identity", ["next"], ["scan"]), ...goesOn], {
      constants: { three: int64s([3], []) },
      inputs: [port("i", "int64", []), port("c", "bool", []), port("s", "float32", [3])],
      outputs: [port("on", "bool"), port("next"), port("scan")],
    }),
  );

describe("Loop", () => {
  const always = [node("Identity", ["c"], ["on"])];
  const loop = (turns: string, first: string, goesOn = always, inputs = [port("x", "float32", [3])]) =>
    programOf([node("Loop", [turns, first, "x"], ["y", "all"], { body: doubling(goesOn) }, { name: "loop" })], {
      constants: { turns: int64s([5], []), many: int64s([1000], []), none: int64s([0], []), yes: bool(true) },
      inputs,
      outputs: [port("y"), port("all")],
    });

  it.each(["yes", ""])("of a few turns is unrolled, with the first condition %j", async (first) => {
    const special = specialise(loop("turns", first), {});
    expect(ops(special.graph)).not.toContain("Loop");
    expect(special.known.get("all")).toEqual({ element: "float32", dims: [5, 3] });
    expect(await hold(loop("turns", first), { x })).toMatchObject({ kind: "right", seen: 2 });
  });

  it("that ends by a condition on its own count is unrolled to there, also without a number of turns", async () => {
    const few = [node("Less", ["i", "three"], ["on"])];
    for (const turns of ["turns", ""]) {
      expect(specialise(loop(turns, "yes", few), {}).known.get("all")?.dims).toEqual([4, 3]);
      expect(await hold(loop(turns, "yes", few), { x })).toMatchObject({ kind: "right", seen: 2 });
    }
  });

  it("of many turns stays a loop, and of none gives what it was given", async () => {
    const special = specialise(loop("many", "yes"), {});
    expect(ops(special.graph)).toEqual(["Loop"]);
    expect(special.known.get("all")?.dims).toEqual([1000, 3]);
    expect(await hold(loop("many", "yes"), { x })).toMatchObject({ kind: "right", seen: 2 });
    expect(await hold(loop("none", "yes"), { x })).toMatchObject({ kind: "right", seen: 2 });
  });

  it("that the data ends is known by its body, but not how much it gives", () => {
    const total = [node("ReduceSum", ["next"], ["sum"], { keepdims: int(0) }), node("Less", ["sum", "x0"], ["on"])];
    const inputs = [port("x", "float32", [3]), port("x0", "float32", [])];
    expect(() => specialise(loop("turns", "yes", total, inputs), {})).toThrow(/how often it goes round/);
    const lone = loop("turns", "yes", total, inputs);
    const { outputs } = lone.graph;
    const special = specialise({ ...lone, graph: { ...lone.graph, outputs: outputs.slice(0, 1) } }, {});
    expect(ops(special.graph)).toEqual(["Loop"]);
    expect(special.known.get("y")).toEqual({ element: "float32", dims: [3] });
  });

  it("whose state grows with each turn is unrolled where it is short, and unknown where it is not", async () => {
    const body = graph(
      graphOf([node("Concat", ["s", "s"], ["next"], { axis: int(0) }), node("Identity", ["c"], ["on"])], {
        inputs: [port("i", "int64", []), port("c", "bool", []), port("s", "float32", null)],
        outputs: [port("on", "bool"), port("next")],
      }),
    );
    const growing = (turns: number) =>
      programOf([node("Loop", ["n", "yes", "x"], ["y"], { body })], {
        constants: { n: int64s([turns], []), yes: bool(true) },
        inputs: [port("x", "float32", [3])],
        outputs: [port("y")],
      });
    expect(await hold(growing(4), { x })).toMatchObject({ kind: "right", seen: 1 });
    expect(() => specialise(growing(70), {})).toThrow(/its state 0 grows from \[3\] to \[6\]/);
    expect(() => specialise(growing(60), {})).toThrow(/bytes/);
  });
});

describe("Scan", () => {
  const body = graph(
    graphOf([node("Add", ["s", "row"], ["sum"], {}, { name: "add" }), node("Neg", ["sum"], ["given"])], {
      inputs: [port("s"), port("row")],
      outputs: [port("sum"), port("given")],
    }),
  );
  const scan = (length: number, attributes = {}) =>
    programOf([node("Scan", ["s", "x"], ["last", "all"], { body, num_scan_inputs: int(1), ...attributes }, { name: "scan" })], {
      constants: { s: float32([0, 0]) },
      inputs: [port("x", "float32", [length, 2])],
      outputs: [port("last"), port("all")],
    });
  const rows = (length: number) => float32([...Array(2 * length).keys()], [length, 2]);
  const backward = { scan_input_directions: { kind: "ints", value: [1n] }, scan_output_directions: { kind: "ints", value: [1n] } } as const;

  it.each([
    ["forward", {}],
    ["backward", backward],
    ["along the last axis of its output", { scan_output_axes: { kind: "ints", value: [-1n] } }],
  ])("of a few turns is unrolled, %s", async (_, attributes) => {
    expect(ops(specialise(scan(4, attributes), {}).graph)).not.toContain("Scan");
    expect(await hold(scan(4, attributes), { x: rows(4) })).toMatchObject({ kind: "right", seen: 2 });
  });

  it("of many turns stays a scan", async () => {
    expect(ops(specialise(scan(90), {}).graph)).toEqual(["Scan"]);
    expect(await hold(scan(90, backward), { x: rows(90) })).toMatchObject({ kind: "right", seen: 2 });
  });
});
