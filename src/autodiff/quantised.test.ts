import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { gradient } from "./gradient.ts";

const path = (name: string) => join(import.meta.dirname, `../../vectors/zoo/${name}.onnx`);

const rows = 16;

async function slopesOf(name: string, options: { readonly quantised?: "straight-through" } = {}) {
  await using g = await gradient(path(name), { loss: "margin", batch: rows, threads: 1, ...options });
  const [port] = g.inputs;
  const random = seededRandom(7, "rows");
  const count = (port?.dims ?? []).reduce((a, b) => a * b, 1);
  // Pictures of 0 to 16, other numbers about zero.
  const x = Float32Array.from({ length: count }, () => (port?.name === "image" ? 16 * random.uniform() : random.normal()));
  const { gradients, logits } = await g.run(x, Array.from({ length: rows }, (_, row) => row % g.classes)); // biome-ignore format: one call
  return { slopes: gradients[port?.name ?? ""] ?? new Float32Array(), logits };
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, each, at) => sum + each * (y[at] ?? Number.NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe("quantised models, where rounding is declared to be let through", () => {
  // Both files are of one network with the same weights, before and after it was quantised.
  it.each([
    ["quantised-dynamic-plain", "torchscript-plain"],
    ["quantised-dynamic-temporal", "torchscript-temporal"],
    ["quantised-qdq", "torchscript-dense"],
    ["quantised-qoperator", "torchscript-hourglass"],
    ["quantised-residual", "torch-residual"],
  ])("the gradient of %s points where that of %s does", async (quantised, plain) => {
    const [after, before] = [await slopesOf(quantised, { quantised: "straight-through" }), await slopesOf(plain)];
    expect(cosine(after.slopes, before.slopes)).toBeGreaterThan(0.9);
  });

  it.each(["quantised-dynamic-plain", "quantised-qdq", "quantised-qoperator"])(
    "%s has none otherwise, and the way out is named",
    async (name) => {
      await expect(gradient(path(name), { loss: "margin" })).rejects.toMatchObject({
        code: "GRADIENT_MISSING",
        remedy: expect.stringContaining("straight-through"),
      });
    },
  );
});
