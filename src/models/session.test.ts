import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseModel } from "../onnx/index.ts";
import { openSession } from "./session.ts";
import { exportersFolder } from "./zoo.fixture.ts";

const model = (name: string) => parseModel(new Uint8Array(readFileSync(join(exportersFolder, `${name}.onnx`))), name);

test("an operator of an opset that onnxruntime has no code for is named, with what to do", async () => {
  await expect(openSession(model("hand-opset-6"), {}, { threads: 1 })).rejects.toMatchObject({
    code: "MODEL_LOAD_FAILED",
    remedy: expect.stringMatching(/no Add as of opset 6 .* newer opset \(7 or later\)/),
  });
});

test("a model whose locale the machine lacks is loaded all the same, by the locale that every machine has", async () => {
  const session = await openSession(model("skl-tfidf"), {}, { threads: 1 });
  expect(session.inputNames).toEqual(["text"]);
  await session.release();
});
