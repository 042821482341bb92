import { expect, it } from "vitest";
import { constant, int64s, ints, node, openSession, type Program, specialise, writeProgram } from "../onnx/index.ts";
import { reluBehindPool } from "./commute.ts";

const pool = { kernel_shape: ints([2, 2]), strides: ints([2, 2]), pads: ints([1, 0, 0, 1]) };

/** x -> Relu -> MaxPool, and what else is asked for. */
function program(more: readonly ReturnType<typeof node>[], outputs: readonly string[]): Program {
  const port = (name: string) => ({ name, element: "float32" as const, dims: null, proto: undefined });
  const nodes = [node("Relu", ["x"], ["r"]), node("MaxPool", ["r"], ["y"], pool), ...more];
  const constants = new Map([["shape", int64s([-1])]]);
  return {
    file: "made.onnx",
    irVersion: 10,
    opsets: new Map([["", 21]]),
    graph: { name: "g", nodes, constants, inputs: [{ ...port("x"), dims: [1, 2, 5, 5] }], outputs: outputs.map(port) },
  };
}

async function run(given: Program): Promise<Readonly<Record<string, readonly number[]>>> {
  const session = await openSession(writeProgram(given), { threads: 1 });
  const x = constant(
    "float32",
    [1, 2, 5, 5],
    Float32Array.from({ length: 50 }, (_, at) => Math.sin(at * at)),
  );
  const answers = await session.run({ x });
  await session.release();
  return Object.fromEntries(Object.entries(answers).map(([name, { values }]) => [name, [...(values as Float32Array)]]));
}

it("a Relu that only a MaxPool sees stands behind it, and what comes out is the same", async () => {
  const given = specialise(program([], ["y"]), { x: [1, 2, 5, 5] });
  const swapped = reluBehindPool(given);
  expect(swapped.graph.nodes.map(({ op }) => op)).toEqual(["MaxPool", "Relu"]);
  expect(await run(swapped)).toEqual(await run(given));
});

it.each([
  ["another node sees it too", program([node("Neg", ["r"], ["n"])], ["y", "n"])],
  ["it is an output", program([], ["y", "r"])],
])("it stays where it is when %s", (_, given) => {
  const before = specialise(given, { x: [1, 2, 5, 5] });
  expect(reluBehindPool(before)).toBe(before);
});
