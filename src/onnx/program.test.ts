import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import { AttributeProto_AttributeType as AttributeType, type TensorProtoSchema, TensorProto_DataType as Type } from "onnx-buf";
import { expect, onTestFinished, test } from "vitest";
import { constant, float, floats, graph, int, ints, node, tensor, text, texts } from "./attributes.ts";
import { numbersIn, typeOf } from "./element.ts";
import { liftProgram } from "./lift/index.ts";
import { addition, pair, pairElsewhere } from "./made.fixture.ts";
import type { Attribute, Constant, Element, Graph, Node, PortType, Program } from "./program.ts";
import { parseModel, readModel } from "./read.ts";
import { readProgram } from "./read-program.ts";
import { writeProgram } from "./write-program.ts";

const again = async (program: Program) => readProgram(parseModel(writeProgram(program), program.file));

const numeric = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
] as const;

const dims = fc.array(fc.nat(3), { maxLength: 3 });
const stored: fc.Arbitrary<Constant> = fc.oneof(
  fc
    .record({ element: fc.constantFrom(...numeric), dims, seed: fc.uint8Array({ minLength: 27 * 8, maxLength: 27 * 8 }) })
    .map(({ element, dims, seed }) => {
      const count = dims.reduce((product, dim) => product * dim, 1);
      const width = numbersIn(element, new Uint8Array(8)).BYTES_PER_ELEMENT;
      return constant(element, dims, numbersIn(element, seed.slice(0, count * width)));
    }),
  fc.array(fc.string({ unit: "grapheme" })).map((values) => constant("string", [values.length], values)),
  fc.uint8Array({ minLength: 3, maxLength: 3 }).map((values): Constant => ({ element: "opaque", type: Type.INT4, dims: [5], values })),
);

const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const number = fc.float();
const plain: fc.Arbitrary<Attribute> = fc.oneof(
  whole.map(int),
  fc.array(whole).map(ints),
  number.map(float),
  fc.array(number).map(floats),
  fc.string({ unit: "grapheme" }).map(text),
  fc.array(fc.string({ unit: "grapheme" })).map(texts),
  stored.map(tensor),
  fc.array(stored).map((value): Attribute => ({ kind: "tensors", value })),
);

const port = (name: string, shape: PortType["dims"], element: Exclude<Element, "opaque"> = "float32"): PortType => ({
  name,
  element,
  dims: shape,
  proto: undefined,
});

/** A chain of nodes that each read the one before, with whatever attributes and stored tensors. */
const someGraph = (attribute: fc.Arbitrary<Attribute>): fc.Arbitrary<Graph> =>
  fc
    .record({
      attributes: fc.array(fc.array(attribute, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      constants: fc.array(stored, { maxLength: 3 }),
      shape: fc.option(fc.array(fc.oneof(fc.nat(9), fc.constantFrom("N", null)), { maxLength: 3 })),
    })
    .map(({ attributes, constants, shape }) => ({
      name: "graph",
      nodes: attributes.map((list, at) =>
        node(
          "Identity",
          [at === 0 ? "x" : `v${at - 1}`],
          [`v${at}`],
          Object.fromEntries(list.map((value, place) => [`a${place}`, value])),
          { name: `n${at}` },
        ),
      ),
      constants: new Map(constants.map((value, at) => [`c${at}`, value])),
      inputs: [port("x", shape)],
      outputs: [port(`v${attributes.length - 1}`, shape, "int64")],
    }));

const inBranch = (inner: Graph): Attribute => graph({ ...inner, name: "a0", inputs: [], constants: new Map() });

test("a program that is written and read again is the same", async () => {
  const attribute = fc.oneof(plain, someGraph(plain).map(inBranch));
  await fc.assert(
    fc.asyncProperty(someGraph(attribute), async (graph) => {
      const program: Program = {
        file: "m.onnx",
        irVersion: 13,
        opsets: new Map([
          ["", 17],
          ["ai.onnx.ml", 3],
        ]),
        graph,
      };
      expect(shown(await again(program))).toEqual(shown(program));
    }),
    { numRuns: 200 },
  );
});

/** Without the types as they are written, which a made program does not have, and names of inner graphs, which are their attributes'. */
const shown = (program: Program) => ({ ...program, graph: shownGraph(program.graph) });
function shownGraph({ nodes, constants, inputs, outputs }: Graph): unknown {
  const ports = (list: readonly PortType[]) => list.map(({ name, element, dims }) => ({ name, element, dims }));
  const shownNode = (each: Node) => ({
    ...each,
    attributes: [...each.attributes].map(([name, { kind, value }]) => [name, kind, kind === "graph" ? shownGraph(value) : value]),
  });
  return { nodes: nodes.map(shownNode), constants: [...constants], inputs: ports(inputs), outputs: ports(outputs) };
}

const typed: readonly (readonly [Exclude<Element, "opaque">, MessageInitShape<typeof TensorProtoSchema>, readonly unknown[]])[] = [
  ["float32", { floatData: [1.5, -2] }, [1.5, -2]],
  ["float64", { doubleData: [1.5, -2] }, [1.5, -2]],
  ["int32", { int32Data: [7, -2] }, [7, -2]],
  ["int8", { int32Data: [7, -2] }, [7, -2]],
  ["uint8", { int32Data: [7, 250] }, [7, 250]],
  ["bool", { int32Data: [1, 0] }, [1, 0]],
  ["float16", { int32Data: [0x3c00, 0xc000] }, [0x3c00, 0xc000]],
  ["int64", { int64Data: [7n, -2n] }, [7n, -2n]],
  ["uint64", { uint64Data: [7n, 2n ** 64n - 1n] }, [7n, 2n ** 64n - 1n]],
  ["uint32", { uint64Data: [7n, 2n ** 32n - 1n] }, [7, 2 ** 32 - 1]],
  ["string", { stringData: [Uint8Array.of(97), new Uint8Array()] }, ["a", ""]],
];

test.for(typed)("%s in the field of its type is read", async ([element, data, values]) => {
  const w = { name: "w", dataType: typeOf(element), dims: [2n], ...data };
  const program = await readProgram(parseModel(addition({ initializer: [w] }), "m.onnx"));
  expect(Array.from((program.graph.constants.get("w")?.values ?? []) as ArrayLike<unknown>)).toEqual(values);
});

test("aligned values are a view of the file's bytes; others are copied", async () => {
  const model = parseModel(addition(), "m.onnx");
  const views = [0, 1, 2, 3].map(async (shift) => {
    const moved = new Uint8Array(model.bytes.length + shift).subarray(shift);
    moved.set(model.bytes);
    const { graph: read } = await readProgram(parseModel(moved, "m.onnx"));
    const values = read.constants.get("w")?.values;
    return ArrayBuffer.isView(values) && values.buffer === moved.buffer;
  });
  expect((await Promise.all(views)).filter(Boolean)).toHaveLength(1);
});

test("a sparse tensor is dense, by places or by coordinates", async () => {
  const values = { name: "w", dataType: Type.FLOAT, dims: [2n], floatData: [5, 6] };
  const sparse = (indices: MessageInitShape<typeof TensorProtoSchema>) => ({
    dims: [2n, 3n],
    values,
    indices: { dataType: Type.INT64, ...indices },
  });
  const places = sparse({ dims: [2n], int64Data: [1n, 5n] });
  const coordinates = sparse({ dims: [2n, 2n], int64Data: [0n, 1n, 1n, 2n] });
  for (const sparseInitializer of [[places], [coordinates]]) {
    const { graph: read } = await readProgram(parseModel(addition({ initializer: [], sparseInitializer }), "m.onnx"));
    expect(read.constants.get("w")).toMatchObject({ dims: [2, 3], values: Float32Array.of(0, 5, 0, 0, 0, 6) });
  }
  const outside = addition({ initializer: [], sparseInitializer: [sparse({ dims: [2n], int64Data: [1n, 6n] })] });
  await expect(readProgram(parseModel(outside, "m.onnx"))).rejects.toMatchObject({ code: "MODEL_UNREADABLE" });
});

test("values in a file beside the model are read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "w.bin"), new Uint8Array(Float32Array.of(9, 3, 4).buffer));
  writeFileSync(join(folder, "m.onnx"), addition({ initializer: [pairElsewhere({ location: "w.bin", offset: "4", length: "8" })] }));
  const model = await readModel(join(folder, "m.onnx"), { root: folder });
  expect((await readProgram(model)).graph.constants.get("w")?.values).toEqual(Float32Array.of(3, 4));
  await expect(readProgram(parseModel(model.bytes, "m.onnx"))).rejects.toMatchObject({ code: "MODEL_EXTERNAL_DATA" });
});

test("an input with a stored default is that constant, and no input", async () => {
  const value = { name: "w", type: { value: { case: "tensorType" as const, value: { elemType: Type.FLOAT } } } };
  const { graph: read } = await readProgram(parseModel(addition({ input: [{ name: "x" }, value] }), "m.onnx"));
  expect(read.inputs.map(({ name }) => name)).toEqual(["x"]);
});

test("nodes that stand before the makers of their inputs come after them; a circle is refused", async () => {
  const add = (a: string, y: string) => ({ opType: "Add", input: [a, "w"], output: [y] });
  const { graph: read } = await readProgram(parseModel(addition({ node: [add("b", "y"), add("a", "b"), add("x", "a")] }), "m.onnx"));
  expect(read.nodes.map(({ outputs }) => outputs[0])).toEqual(["a", "b", "y"]);
  const circle = parseModel(addition({ node: [add("y", "b"), add("b", "y")] }), "m.onnx");
  await expect(readProgram(circle)).rejects.toMatchObject({ code: "MODEL_UNREADABLE", message: expect.stringContaining("circle") });
});

const own = "own";
const called = (opType: string, input: string[], output: string[], attribute: object[] = []) => ({
  opType,
  domain: own,
  input,
  output,
  attribute,
});
const withFunctions = (node: object[], functions: object[], version = 17n) =>
  parseModel(
    addition(
      { node },
      {
        opsetImport: [
          { domain: "", version },
          { domain: own, version: 1n },
        ],
        functions: functions.map((made) => ({ domain: own, opsetImport: [{ domain: "", version }], ...made })),
      },
    ),
    "m.onnx",
  );
const reference = { name: "alpha", refAttrName: "slope", type: AttributeType.FLOAT };
const leaky = {
  name: "Leaky",
  input: ["a"],
  output: ["b"],
  attribute: [],
  node: [
    { opType: "Neg", input: ["a"], output: ["mid"] },
    { opType: "LeakyRelu", input: ["mid"], output: ["b"], attribute: [reference] },
  ],
};

test("functions of the file are inlined at each call, with names and attributes of their own", async () => {
  const slope = { name: "slope", type: AttributeType.FLOAT, f: 0.5 };
  const calls = [called("Leaky", ["x"], ["p"], [slope]), called("Leaky", ["p"], ["y"])];
  const defaults = { attributeProto: [{ name: "slope", type: AttributeType.FLOAT, f: 0.25 }] };
  const { graph: read } = await readProgram(withFunctions(calls, [{ ...leaky, ...defaults }]));
  expect(read.nodes.map(({ op, inputs, outputs, attributes }) => [op, inputs[0], outputs[0], attributes.get("alpha")?.value])).toEqual([
    ["Neg", "x", "p/mid", undefined],
    ["LeakyRelu", "p/mid", "p", 0.5],
    ["Neg", "p", "y/mid", undefined],
    ["LeakyRelu", "y/mid", "y", 0.25],
  ]);
});

test("an attribute that the call leaves out is left out inside, too", async () => {
  const { graph: read } = await readProgram(withFunctions([called("Leaky", ["x"], ["y"])], [{ ...leaky, attribute: ["slope"] }]));
  expect(read.nodes.map(({ attributes }) => attributes.size)).toEqual([0, 0]);
});

test("a function that gives back its input is a copy", async () => {
  const same = { name: "Same", input: ["a"], output: ["a"], node: [] };
  const { graph: read } = await readProgram(withFunctions([called("Same", ["x"], ["y"])], [same]));
  expect(read.nodes).toMatchObject([{ op: "Identity", inputs: ["x"], outputs: ["y"] }]);
});

test("a function that calls itself, or calls that multiply without end, are refused", async () => {
  const itself = { name: "F", input: ["a"], output: ["b"], node: [called("F", ["a"], ["b"])] };
  await expect(readProgram(withFunctions([called("F", ["x"], ["y"])], [itself]))).rejects.toMatchObject({ code: "MODEL_UNREADABLE" });
  const doubling = Array.from({ length: 40 }, (_, at) => ({
    name: `F${at}`,
    input: ["a"],
    output: ["b"],
    node:
      at === 39
        ? [{ opType: "Neg", input: ["a"], output: ["b"] }]
        : [called(`F${at + 1}`, ["a"], ["m"]), called(`F${at + 1}`, ["m"], ["b"])],
  }));
  await expect(readProgram(withFunctions([called("F0", ["x"], ["y"])], doubling))).rejects.toMatchObject({ code: "MODEL_TOO_COMPLEX" });
});

test("a function of another opset than its model is lifted from its own", async () => {
  const axes = { name: "axes", type: AttributeType.INTS, ints: [0n] };
  const unsqueezing = {
    name: "F",
    input: ["a"],
    output: ["b"],
    opsetImport: [{ domain: "", version: 11n }],
    node: [{ opType: "Unsqueeze", input: ["a"], output: ["b"], attribute: [axes] }],
  };
  const program = await readProgram(withFunctions([called("F", ["x"], ["y"])], [unsqueezing]));
  expect(() => writeProgram(program)).toThrow("lift the program first");
  const [lifted] = liftProgram(program).graph.nodes;
  expect(lifted).toMatchObject({ op: "Unsqueeze", inputs: ["x", expect.any(String)] });
  expect(lifted?.opset).toBeUndefined();
});

test("more than two gibibytes of stored values are refused before they are read", async () => {
  const sparse = { dims: [2n ** 30n], values: pair(), indices: { dataType: Type.INT64, dims: [2n], int64Data: [0n, 1n] } };
  const model = parseModel(addition({ initializer: [], sparseInitializer: [sparse] }), "m.onnx");
  await expect(readProgram(model)).rejects.toMatchObject({ code: "MODEL_TOO_LARGE" });
});

test("a program of more than two gibibytes is refused before anything is copied", () => {
  const large = constant("uint8", [2 ** 30], new Uint8Array(2 ** 30));
  const constants = new Map(["a", "b", "c"].map((name) => [name, large]));
  const program: Program = {
    file: "m.onnx",
    irVersion: 13,
    opsets: new Map(),
    graph: { name: "g", nodes: [], constants, inputs: [], outputs: [] },
  };
  expect(() => writeProgram(program)).toThrow(expect.objectContaining({ code: "MODEL_TOO_LARGE" }));
});
