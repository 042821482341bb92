import { intOf } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";
import { merged, separated } from "./heads.ts";
import type { Lowering } from "./lowering.ts";

/** Pairs of numbers turned by angles that grow with the place (Su et al. 2021). */
export const rotary: Readonly<Record<string, Lowering>> = {
  RotaryEmbedding: (given) => {
    const [x = "", cosines = "", sines = "", at = ""] = given.node.inputs;
    return rotated(given, x, [cosines, sines], at);
  },
  "com.microsoft.RotaryEmbedding": (given) => {
    const { node, build } = given;
    const [x = "", at = "", cosines = "", sines = ""] = node.inputs;
    const isPlain = !node.attributes.has("scale") && build.known(at).dims.length === 2;
    return isPlain ? rotated(given, x, [cosines, sines], at) : null;
  },
};

function rotated({ node, build }: Parameters<Lowering>[0], x: Value, tables: readonly [Value, Value], at: Value): readonly Value[] | null {
  const m = mathsOf(build);
  const isFlat = m.dims(x).length === 3;
  const heads = intOf(node, "num_heads", 0);
  if (isFlat && heads === 0) return null;
  const apart = isFlat ? separated(build, x, heads) : x; // [rows, heads, places, width]
  const width = m.dims(apart)[3] ?? 0;
  const turned = intOf(node, "rotary_embedding_dim", 0) || width;
  const [cosine, sine] = tables.map((table) => {
    const rows = at === "" ? table : build.add("Gather", [table, at], { axis: 0 });
    return build.add("Unsqueeze", [rows, build.ints(1)]);
  }) as [Value, Value];
  const parts = turned === width ? [apart] : build.addMany("Split", [apart, build.ints(turned, width - turned)], 2, { axis: 3 });
  const isInterleaved = intOf(node, "interleaved", 0) !== 0;
  const [a, b] = pairs(build, parts[0] ?? "", isInterleaved);
  const real = m.sub(m.mul(cosine, a), m.mul(sine, b));
  const imaginary = m.add(m.mul(sine, a), m.mul(cosine, b));
  const whole = build.add("Concat", [joined(build, real, imaginary, isInterleaved), ...parts.slice(1)], { axis: 3 });
  return [isFlat ? merged(build, whole) : whole];
}

/** The first and the second of each pair: neighbours, or one in each half. */
function pairs(build: Builder, value: Value, isInterleaved: boolean): readonly [Value, Value] {
  const m = mathsOf(build);
  const [rows = 1, heads = 1, places = 1, width = 1] = m.dims(value);
  const split = (of: Value, axis: number, length: number) => build.addMany("Split", [of, build.ints(length, length)], 2, { axis });
  if (!isInterleaved) return split(value, 3, width / 2) as [Value, Value];
  const [a = "", b = ""] = split(m.reshape(value, [rows, heads, places, width / 2, 2]), 4, 1);
  return [m.reshape(a, [rows, heads, places, width / 2]), m.reshape(b, [rows, heads, places, width / 2])];
}

function joined(build: Builder, a: Value, b: Value, isInterleaved: boolean): Value {
  const m = mathsOf(build);
  if (!isInterleaved) return build.add("Concat", [a, b], { axis: 3 });
  const [rows = 1, heads = 1, places = 1, half = 1] = m.dims(a);
  const apart = [a, b].map((value) => m.reshape(value, [rows, heads, places, half, 1]));
  return m.reshape(build.add("Concat", apart, { axis: 4 }), [rows, heads, places, 2 * half]);
}
