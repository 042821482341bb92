import { Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { constant, float, graph, int, int64s, ints, node, tensor } from "../attributes.ts";
import type { Constant, Graph, Node } from "../program.ts";
import { answersOf, differenceOf, port, programOf } from "./answers.fixture.ts";
import { liftProgram } from "./lift.ts";
import { tidy } from "./tidy.ts";

const free = (name: string) => ({ name, element: null, dims: null, proto: undefined });

const inner = (
  inputs: readonly string[],
  nodes: readonly Node[],
  outputs: readonly string[],
  constants: Readonly<Record<string, Constant>> = {},
): Graph => ({
  name: "inner",
  nodes,
  constants: new Map(Object.entries(constants)),
  inputs: inputs.map(free),
  outputs: outputs.map(free),
});

const truth = constant("bool", [], Uint8Array.of(1));
const ones = (count: number) => constant("float32", [count], new Float32Array(count).fill(1));

const same = async (program: Parameters<typeof liftProgram>[0], given?: Parameters<typeof answersOf>[1]) =>
  expect(differenceOf(await answersOf(liftProgram(program), given), await answersOf(program, given))).toBeNull();

test("branches are lifted, with what they take from around them", async () => {
  const then = inner([], [node("Clip", ["x"], ["t"], { min: float(0), max: float(1) })], ["t"]);
  const otherwise = inner([], [node("Softmax", ["x"], ["e"])], ["e"]);
  const nodes = [
    node("ReduceSum", ["x"], ["sum"], { keepdims: int(0) }),
    node("Greater", ["sum", "zero"], ["c"]),
    node("If", ["c"], ["y"], { then_branch: graph(then), else_branch: graph(otherwise) }),
  ];
  const program = programOf(9, nodes, { x: [2, 2, 2] }, { zero: constant("float32", [], Float32Array.of(0)) });
  await same(program);
  await same(program, { x: new Tensor("float32", Float32Array.of(-1, -2, -3, 1, 0, -5, 2, 2), [2, 2, 2]) });
});

test("a loop's body is lifted", async () => {
  const body = inner(
    ["i", "c", "s"],
    [
      node("Unsqueeze", ["s"], ["u"], { axes: ints([0]) }),
      node("ReduceSum", ["u"], ["r"], { axes: ints([0]), keepdims: int(0) }),
      node("Add", ["r", "one"], ["s2"]),
      node("Identity", ["c"], ["c2"]),
    ],
    ["c2", "s2", "r"],
    { one: ones(3) },
  );
  const typed = { ...body, inputs: [port("i", { element: "int64", dims: [] }), port("c", { element: "bool", dims: [] }), port("s", [3])] };
  const loop = node("Loop", ["n", "go", "x"], ["y", "all"], { body: graph(typed) });
  await same(programOf(11, [loop], { x: [3] }, { n: int64s([4], []), go: truth }));
});

test("a scan over the sequences of a batch is one scan in another", async () => {
  const body = inner(["s", "v"], [node("Add", ["s", "v"], ["s2"]), node("Mul", ["s2", "v"], ["out"])], ["s2", "out"]);
  for (const directions of [{}, { directions: ints([1]) }]) {
    const scan = node("Scan", ["", "s0", "x"], ["last", "all"], { body: graph(body), num_scan_inputs: int(1), ...directions });
    await same(programOf(8, [scan], { s0: [2, 3], x: [2, 4, 3] }));
  }
});

test("copies, inference dropouts and what nothing reads are gone; Constant nodes are stored", () => {
  const nodes = [
    node("Constant", [], ["two"], { value: tensor(constant("float32", [], Float32Array.of(2))) }),
    node("Constant", [], ["idle"], { value: tensor(ones(2)) }),
    node("Identity", ["x"], ["a"]),
    node("Dropout", ["a"], ["b", ""]),
    node("Neg", ["idle"], ["unread"]),
    node("Mul", ["b", "two"], ["c"]),
    node("Identity", ["c"], ["y"]),
  ];
  const { nodes: left, constants } = tidy(programOf(26, nodes, { x: [2] }).graph);
  expect(left.map(({ op, inputs }) => [op, ...inputs])).toEqual([
    ["Mul", "x", "two"],
    ["Identity", "c"],
  ]);
  expect([...constants.keys()]).toEqual(["two"]);
});

test("a branch that gives back a copy of what is around it still gives it", async () => {
  const branch = (name: string) => graph(inner([], [node("Identity", ["x"], [name])], [name]));
  const nodes = [
    node("Identity", ["x"], ["copy"]),
    node("If", ["go"], ["p"], { then_branch: branch("t"), else_branch: branch("e") }),
    node("If", ["go"], ["q"], { then_branch: graph(inner([], [node("Identity", ["copy"], ["g"])], ["g"])), else_branch: branch("f") }),
    node("Add", ["p", "q"], ["y"]),
  ];
  await same(programOf(13, nodes, { x: [3] }, { go: truth }));
});

test("a dropout that trains stays", () => {
  const dropout = node("Dropout", ["x", "", "train"], ["y"]);
  expect(tidy(programOf(26, [dropout], { x: [2] }, { train: truth }).graph).nodes).toHaveLength(1);
});

test("a node that the canonical opset cannot say names itself", () => {
  const batch = node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y", "mean"], {}, { name: "norm" });
  const program = programOf(9, [batch], { x: [1, 2, 3] }, { s: ones(2), b: ones(2), m: ones(2), v: ones(2) });
  expect(() => liftProgram(program)).toThrow(
    expect.objectContaining({ code: "MODEL_LIFT_IMPOSSIBLE", place: expect.objectContaining({ at: "node “norm”" }) }),
  );
});
