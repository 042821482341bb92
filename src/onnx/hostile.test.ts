import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { problemsOf } from "../base/index.ts";
import { addition } from "./made.fixture.ts";
import { parseModel } from "./read.ts";
import { rewrite } from "./rewrite.ts";

const folder = join(import.meta.dirname, "../../vectors/models");
const names = readdirSync(folder).filter((name) => name.endsWith(".onnx"));
const models = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));

/** Reads and rewrites; anything but a Problem is a fault of ours. */
function survives(bytes: Uint8Array) {
  try {
    const model = parseModel(bytes, "m.onnx");
    const outputs = model.graph.outputs.map(({ name }) => name);
    rewrite(model, { textInputs: model.graph.inputs.map(({ name }) => name), textOutput: { name: outputs[0] ?? "", texts: ["a"] } });
  } catch (error) {
    if (problemsOf(error).length === 0) throw error;
  }
}

test("random bytes are read or refused, never more", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), survives), { numRuns: 2000 });
});

const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom("set", "cut", "insert", "repeat") });

function changed(bytes: Uint8Array, changes: readonly { at: number; byte: number; kind: string }[]): Uint8Array {
  return changes.reduce((current, { at, byte, kind }) => {
    if (current.length === 0) return current;
    const place = at % current.length;
    if (kind === "set") return current.with(place, byte);
    if (kind === "cut") return current.slice(0, place);
    const middle = kind === "insert" ? [byte] : current.subarray(place, place + byte);
    return new Uint8Array([...current.subarray(0, place), ...middle, ...current.subarray(place)]);
  }, bytes);
}

test("real models with random changes are read or refused, never more", () => {
  const which = fc.nat(models.length);
  fc.assert(
    fc.property(which, fc.array(change, { minLength: 1, maxLength: 4 }), (model, changes) =>
      survives(changed(models[model] ?? addition(), changes)),
    ),
    { numRuns: 3000 },
  );
});

test("a file of four million empty nodes is refused before anything is built", () => {
  const nodes = new Uint8Array(8_000_000).map((_, at) => (at % 2 === 0 ? 0x0a : 0));
  const length = [
    0x80 | (nodes.length & 0x7f),
    0x80 | ((nodes.length >> 7) & 0x7f),
    0x80 | ((nodes.length >> 14) & 0x7f),
    nodes.length >> 21,
  ];
  const bytes = new Uint8Array([0x08, 8, 0x3a, ...length].length + nodes.length);
  bytes.set([0x08, 8, 0x3a, ...length]);
  bytes.set(nodes, 7);
  expect(() => parseModel(bytes, "m.onnx")).toThrow(expect.objectContaining({ code: "MODEL_TOO_COMPLEX" }));
});
