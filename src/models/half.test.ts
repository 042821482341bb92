import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorProto_DataType as Type } from "onnx-buf";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { parseModel, rewrite, widened } from "../onnx/index.ts";

interface Vector {
  readonly float32: readonly string[];
  readonly throughFloat16: readonly string[];
}

const { float32, throughFloat16 } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../vectors/onnx/float16.json"), "utf8"),
) as Vector;

const numbers = (bits: readonly string[]) => new Float32Array(Uint32Array.from(bits, (text) => Number.parseInt(text, 16)).buffer);

/** y = x, both of float16. */
function identity(): Uint8Array {
  const value = (name: string) => ({ name, type: { value: { case: "tensorType" as const, value: { elemType: Type.FLOAT16 } } } });
  const node = [{ opType: "Identity", input: ["x"], output: ["y"] }];
  const graph = { name: "g", node, input: [value("x")], output: [value("y")] };
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: "", version: 17n }], graph }));
}

test("half precision is made of float32, and float32 of it, as numpy does: ties, subnormals, infinities and NaN too", async () => {
  const session = await InferenceSession.create(rewrite(parseModel(identity(), "identity"), { floats: ["x", "y"] }));
  const given = numbers(float32);
  const { [widened("y")]: y } = await session.run({ [widened("x")]: new Tensor(given, [given.length]) });
  expect(y?.data).toEqual(numbers(throughFloat16));
  await session.release();
});
