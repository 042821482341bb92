import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttributeProto_AttributeType as AttributeType, TensorProto_DataType as Type } from "onnx-buf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemsOf } from "../base/index.ts";
import { readModel } from "./index.ts";
import { addition, floats, nested, pair, pairElsewhere } from "./made.fixture.ts";

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "sextant-onnx-")));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function problemsIn(content: Uint8Array | string, options: { maxBytes?: number } = {}) {
  const path = join(root, "model.onnx");
  await writeFile(path, content);
  return readModel(path, { root, ...options }).then(
    () => [],
    (error: unknown) => {
      const problems = problemsOf(error);
      if (problems.length === 0) throw error;
      return problems.map(({ code, message, place }) => [code, place.at ?? "", message]);
    },
  );
}

test("a small sum is read: versions, nodes, tensors", async () => {
  const path = join(root, "sum.onnx");
  await writeFile(path, addition({}, { producerName: "by hand", producerVersion: "1" }));
  const model = await readModel(path, { root });
  expect(model).toMatchObject({ file: "sum.onnx", irVersion: 8, producer: "by hand 1", externalFiles: [] });
  expect(model.opsets.get("")).toBe(17);
  expect(model.graph.nodes).toMatchObject([{ op: "Add", name: "sum", inputs: ["x", "w"], outputs: ["y"] }]);
  expect(model.graph.initializers).toMatchObject([{ name: "w", dims: [2], rawBytes: 8 }]);
});

const whole = addition();
const twice = new Uint8Array([...whole, ...whole]);
const node = (more: object) => ({ node: [{ opType: "Add", name: "sum", input: ["x", "w"], output: ["y"], ...more }] });

const faults: readonly (readonly [title: string, content: Uint8Array | string, code: string, at: string, says: RegExp])[] = [
  ["an empty file", "", "MODEL_UNREADABLE", "", /is empty/],
  ["a text", "# a model card\n", "MODEL_UNREADABLE", "", /no whole ONNX file/],
  ["a file cut short", whole.slice(0, -9), "MODEL_UNREADABLE", "", /longer than what holds it/],
  ["a file without a graph", addition({}, { graph: undefined as never }).slice(0, 2), "MODEL_UNREADABLE", "", /no graph/],
  ["two models glued together, of which readers would see different ones", twice, "MODEL_UNREADABLE", "", /written twice/],
  ["a name that is not UTF-8", whole.map((byte) => (byte === 0x79 ? 0xff : byte)), "MODEL_UNREADABLE", "", /./],
  ["a newer IR version", addition({}, { irVersion: 15n }), "MODEL_OPSET_UNSUPPORTED", "", /IR version 15; the newest .* is 13/],
  [
    "two opsets of one domain",
    addition(
      {},
      {
        opsetImport: [
          { domain: "", version: 17n },
          { domain: "ai.onnx", version: 9n },
        ],
      },
    ),
    "MODEL_UNREADABLE",
    "",
    /two versions of one domain/,
  ],
  [
    "a newer opset",
    addition({}, { opsetImport: [{ domain: "", version: 29n }] }),
    "MODEL_OPSET_UNSUPPORTED",
    "",
    /opset 29 of ai\.onnx; the newest .* is 26/,
  ],
  [
    "an operator that a newer opset changed",
    addition(node({ opType: "Mod" }), { opsetImport: [{ domain: "", version: 28n }] }),
    "MODEL_OPSET_UNSUPPORTED",
    "node “sum” (Mod)",
    /operator “Mod” of ai\.onnx is new or another since opset 28, and so in this file; the newest .* is 26/,
  ],
  [
    "a newer opset of a function",
    addition({}, { functions: [{ name: "f", domain: "d", opsetImport: [{ domain: "", version: 28n }] }] }),
    "MODEL_OPSET_UNSUPPORTED",
    "",
    /opset 28 of ai\.onnx/,
  ],
  ["an operator of nobody", addition(node({ opType: "Adder" })), "MODEL_OPERATOR_UNKNOWN", "node “sum” (Adder)", /not known/],
  [
    "an operator called as a property of every object",
    addition(node({ opType: "constructor" })),
    "MODEL_OPERATOR_UNKNOWN",
    "node “sum” (constructor)",
    /not known/,
  ],
  [
    "an operator of an unknown domain",
    addition(node({ domain: "evil.example" })),
    "MODEL_OPERATOR_UNKNOWN",
    "node “sum” (Add)",
    /of evil\.example/,
  ],
  [
    "an operator of a later opset",
    addition(node({ opType: "Gelu" })),
    "MODEL_OPERATOR_UNKNOWN",
    "node “sum” (Gelu)",
    /exists since opset 20/,
  ],
  [
    "a withdrawn operator",
    addition(node({ opType: "Upsample" })),
    "MODEL_OPERATOR_UNKNOWN",
    "node “sum” (Upsample)",
    /withdrawn in opset 10/,
  ],
  [
    "an operator whose domain has no version",
    addition(node({ opType: "Scaler", domain: "ai.onnx.ml" })),
    "MODEL_OPERATOR_UNKNOWN",
    "node “sum” (Scaler)",
    /no version/,
  ],
  [
    "an unknown operator inside a subgraph",
    addition(node({ opType: "If", attribute: [hidden("Spy")] })),
    "MODEL_OPERATOR_UNKNOWN",
    "node “spy” (Spy)",
    /not known/,
  ],
  ["an input made by nothing", addition(node({ input: ["x", "v"] })), "MODEL_INVALID", "node “sum” (Add)", /“v” is made by nothing/],
  ["an output made by nothing", addition({ output: [floats("z")] }), "MODEL_INVALID", "tensor “z”", /made by nothing/],
  ["a value made twice", addition(node({ output: ["x"] })), "MODEL_INVALID", "node “sum” (Add)", /made twice/],
  ["two tensors of one name", addition({ initializer: [pair(), pair()] }), "MODEL_INVALID", "tensor “w”", /same name/],
  ["two inputs of one name", addition({ input: [floats("x"), floats("x")] }), "MODEL_INVALID", "tensor “x”", /same name/],
  ["no output", addition({ output: [] }), "MODEL_INVALID", "graph", /no output/],
  [
    "a tensor shorter than its shape",
    addition({ initializer: [pair({ dims: [3n] })] }),
    "MODEL_INVALID",
    "tensor “w”",
    /needs 12 bytes; 8 are there/,
  ],
  [
    "a tensor with too few values",
    addition({ initializer: [pair({ rawData: new Uint8Array(), floatData: [1] })] }),
    "MODEL_INVALID",
    "tensor “w”",
    /needs 2 values; 1/,
  ],
  [
    "a tensor of absurd size",
    addition({ initializer: [pair({ dims: [1n << 40n, 1n << 40n] })] }),
    "MODEL_INVALID",
    "tensor “w”",
    /not possible/,
  ],
  ["a negative dimension", addition({ initializer: [pair({ dims: [-2n] })] }), "MODEL_INVALID", "tensor “w”", /not possible/],
  ["a tensor of unknown type", addition({ initializer: [pair({ dataType: 99 })] }), "MODEL_INVALID", "tensor “w”", /type 99/],
  ["texts as raw bytes", addition({ initializer: [pair({ dataType: Type.STRING })] }), "MODEL_INVALID", "tensor “w”", /texts/],
  ["sixty subgraphs inside each other", addition(node({ opType: "If", attribute: [nested(60)] })), "MODEL_TOO_COMPLEX", "", /nests/],
  [
    "values in an absolute path",
    addition({ initializer: [pairElsewhere({ location: "/etc/passwd" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /outside/,
  ],
  [
    "values in a folder above",
    addition({ initializer: [pairElsewhere({ location: "../secret.bin" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /outside/,
  ],
  [
    "values in a folder above, the Windows way",
    addition({ initializer: [pairElsewhere({ location: "a\\..\\..\\secret.bin" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /outside/,
  ],
  [
    "values on another drive",
    addition({ initializer: [pairElsewhere({ location: "C:secret.bin" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /outside/,
  ],
  ["values in no file at all", addition({ initializer: [pairElsewhere({})] }), "MODEL_EXTERNAL_DATA", "tensor “w”", /outside/],
  [
    "values in a missing file",
    addition({ initializer: [pairElsewhere({ location: "gone.bin" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /not there/,
  ],
  [
    "values behind a link that leads out",
    addition({ initializer: [pairElsewhere({ location: "link.bin" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /link that leads outside/,
  ],
  [
    "values behind a linked folder",
    addition({ initializer: [pairElsewhere({ location: "folder/hosts" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /link that leads outside/,
  ],
  [
    "values past the file's end",
    addition({ initializer: [pairElsewhere({ location: "w.bin", offset: "4" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /byte 12 of “w\.bin”, which has 8/,
  ],
  [
    "values at an offset that is no number",
    addition({ initializer: [pairElsewhere({ location: "w.bin", offset: "-4" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /does not fit/,
  ],
  [
    "values of another length than the shape's",
    addition({ initializer: [pairElsewhere({ location: "w.bin", length: "4" })] }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /does not fit/,
  ],
  [
    "a constant's values elsewhere",
    addition({ ...node({ input: ["x", "c"] }), initializer: [], ...constantElsewhere() }),
    "MODEL_EXTERNAL_DATA",
    "tensor “w”",
    /outside/,
  ],
];

function hidden(opType: string) {
  return {
    name: "then_branch",
    type: AttributeType.GRAPH,
    g: { node: [{ opType, name: "spy", input: ["x"], output: ["s"] }], output: [floats("s")] },
  };
}

function constantElsewhere() {
  const value = { name: "value", type: AttributeType.TENSOR, t: pairElsewhere({ location: "/etc/passwd" }) };
  return {
    node: [
      { opType: "Constant", output: ["c"], attribute: [value] },
      { opType: "Add", name: "sum", input: ["x", "c"], output: ["y"] },
    ],
  };
}

test.for(faults)("%s is refused with its place", async ([, content, code, at, says]) => {
  await writeFile(join(root, "w.bin"), new Uint8Array(8));
  await mkdir(join(root, "inner"), { recursive: true });
  await symlink("/etc/hosts", join(root, "link.bin")).catch(() => undefined);
  await symlink("/etc", join(root, "folder")).catch(() => undefined);
  expect(await problemsIn(content)).toContainEqual([code, at, expect.stringMatching(says)]);
});

test("a file larger than the limit is refused unread", async () => {
  expect(await problemsIn(whole, { maxBytes: 50 })).toEqual([["MODEL_TOO_LARGE", "", expect.stringMatching(/at most 50/)]]);
});

test("several mistakes are told together", async () => {
  const codes = (await problemsIn(addition({ ...node({ opType: "Adder", input: ["x", "v"] }), initializer: [pair({ dims: [3n] })] }))).map(
    ([code]) => code,
  );
  expect(codes.sort()).toEqual(["MODEL_INVALID", "MODEL_INVALID", "MODEL_OPERATOR_UNKNOWN"]);
});

test("terminal escapes in a name are shown, not sent", async () => {
  const [problem] = await problemsIn(addition(node({ name: "\u001b[2J", opType: "\u001b[31mX" })));
  expect(problem?.join()).toContain("\\u{1b}[2J");
  expect(problem?.join()).not.toContain("\u001b");
});

test("data beside the model, in its own folder, is accepted", async () => {
  await writeFile(join(root, "inner", "w.bin"), new Uint8Array(12)).catch(() => undefined);
  await writeFile(join(root, "w.bin"), new Uint8Array(8));
  expect(await problemsIn(addition({ initializer: [pairElsewhere({ location: "w.bin", offset: "0", length: "8" })] }))).toEqual([]);
});

test("a function of the file's own may be used under its name", async () => {
  const functions = [
    {
      name: "Twice",
      domain: "mine",
      input: ["a"],
      output: ["b"],
      node: [{ opType: "Add", input: ["a", "a"], output: ["b"] }],
      opsetImport: [{ domain: "", version: 17n }],
    },
  ];
  expect(await problemsIn(addition({ node: [{ opType: "Twice", domain: "mine", input: ["x"], output: ["y"] }] }, { functions }))).toEqual(
    [],
  );
});

test.each([
  ["missing.onnx", "ARTEFACT_MISSING"],
  ["inner", "MODEL_UNREADABLE"],
  ["out.onnx", "ARTEFACT_ESCAPES"],
])("%s is refused as %s", async (name, code) => {
  await mkdir(join(root, "inner"), { recursive: true });
  await symlink("/etc/hosts", join(root, "out.onnx")).catch(() => undefined);
  await expect(readModel(join(root, name), { root })).rejects.toMatchObject({ code, place: { file: name } });
});
