import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { liftProgram } from "../lift/index.ts";
import { readModel } from "../read.ts";
import { readProgram } from "../read-program.ts";
import { attempted, hold } from "./testing/against.ts";
import { feedsFor } from "./testing/programs.ts";

const folder = join(import.meta.dirname, "../../../vectors/zoo");
const names = readdirSync(folder).filter((name) => name.endsWith(".onnx"));

async function heldModel(name: string) {
  const program = liftProgram(await readProgram(await readModel(join(folder, name), { root: folder })));
  return hold(program, feedsFor(program));
}

/** What is another than right, and why. */
const others: Readonly<Record<string, RegExp>> = {
  "float16-shuffle.onnx": /unseen an input does not cross/,
  "hand-bfloat16.onnx": /unseen an input does not cross/,
  "hand-every-number.onnx": /unseen an input does not cross/,
  "hand-opset-28-changed.onnx": /^MODEL_OPSET_UNSUPPORTED/,
  "hand-sequence-beside.onnx": /unknown MODEL_SHAPE_UNKNOWN .*SequenceAt/,
  "skl-gaussian-process.onnx": /^MODEL_OPERATOR_UNKNOWN .*Solve/,
  "skl-tfidf.onnx": /unknown MODEL_SHAPE_UNKNOWN .*Tokenizer/,
  "skl-word-counts.onnx": /unknown MODEL_SHAPE_UNKNOWN .*Tokenizer/,
  "tf-unknown-operator.onnx": /^MODEL_OPERATOR_UNKNOWN .*Erfc/,
  "torch-half.onnx": /unseen an input does not cross/,
};

test("in every exporter's models, each value has the type and shape that onnxruntime gives it, folded ones its values, and answers stay", async () => {
  const found: Record<string, string> = {};
  let seen = 0;
  for (const name of names) {
    const held = await attempted(() => heldModel(name));
    if (typeof held !== "string" && held.kind === "right") seen += held.seen;
    else found[name] = typeof held === "string" ? held : `${held.kind} ${"why" in held ? held.why : held.wrong.join("; ")}`;
  }
  expect(Object.keys(found).sort()).toEqual(Object.keys(others).sort());
  for (const [name, why] of Object.entries(others)) expect(found[name]).toMatch(why);
  expect(seen).toBeGreaterThan(2000);
}, 120_000);
