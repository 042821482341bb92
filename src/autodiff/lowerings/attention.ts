import { floatOf, intOf, type Node } from "../../onnx/index.ts";
import { type Maths, mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";
import { merged, separated } from "./heads.ts";
import type { Lowering } from "./lowering.ts";

/** What attends to what, by heads: [rows, heads, places, width]. */
interface Question {
  readonly build: Builder;
  readonly q: Value;
  readonly k: Value;
  readonly v: Value;
  readonly scale: number;
  readonly softcap: number;
  /** Added to the scores. */
  readonly biases: readonly Value[];
  /** True where a place may be attended: all of them must hold. */
  readonly allowed: readonly Value[];
}

interface Seen {
  readonly y: Value;
  readonly scores: Value;
  readonly capped: Value;
  readonly biased: Value;
  readonly shares: Value;
}

/** softmax(cap(scale q k^T) + bias) v. A place that may attend to none gets zeros. */
function attended({ build, q, k, v, scale, softcap, biases, allowed }: Question): Seen {
  const m = mathsOf(build);
  const scores = build.add("MatMul", [m.mul(q, scale), m.transpose(k, [0, 1, 3, 2])]);
  const capped = softcap > 0 ? m.mul(m.of("Tanh", m.div(scores, softcap)), softcap) : scores;
  const biased = biases.reduce((sum, bias) => m.add(sum, bias), capped);
  const [first, ...rest] = allowed;
  const mask = first === undefined ? null : rest.reduce((both, each) => m.of2("And", both, each), first);
  const softmax = build.add("Softmax", [mask === null ? biased : m.where(mask, biased, lowest)], { axis: -1 });
  const shares = mask === null ? softmax : m.where(mask, softmax, 0);
  const shown = mask === null ? biased : m.where(mask, biased, Number.NEGATIVE_INFINITY);
  return { y: build.add("MatMul", [shares, v]), scores, capped, biased: shown, shares };
}

/** Far below any score, and finite: its exponential is zero. */
const lowest = -1e30;

/** Operators of attention as products and a softmax. */
export const attention: Readonly<Record<string, Lowering>> = {
  Attention: ({ node, build }) => {
    const m = mathsOf(build);
    const [q0 = "", k0 = "", v0 = "", mask = "", pastKey = "", pastValue = ""] = node.inputs;
    const isFlat = m.dims(q0).length === 3;
    const heads = intOf(node, "q_num_heads", m.dims(q0)[1] ?? 1);
    const keyHeads = intOf(node, "kv_num_heads", m.dims(k0)[1] ?? 1);
    const apart = (value: Value, count: number) => (isFlat ? separated(build, value, count) : value);
    const q = apart(q0, heads);
    const whole = (past: Value, now: Value) => (past === "" ? now : build.add("Concat", [past, now], { axis: 2 }));
    const [keys, values] = [whole(pastKey, apart(k0, keyHeads)), whole(pastValue, apart(v0, keyHeads))];
    const mode = intOf(node, "qk_matmul_output_mode", 0);
    if (isUnsettled(node) || (mask !== "" && m.dims(mask).at(-1) !== m.dims(keys)[2])) return null;
    const isBoolean = mask !== "" && build.known(mask).element === "bool";
    const seen = attended({
      build,
      q,
      k: repeatedHeads(m, keys, heads / keyHeads),
      v: repeatedHeads(m, values, heads / keyHeads),
      scale: floatOf(node, "scale", 1 / Math.sqrt(m.dims(q)[3] ?? 1)),
      softcap: floatOf(node, "softcap", 0),
      biases: mask === "" || isBoolean ? [] : [mask],
      allowed: [...(isBoolean ? [mask] : []), ...reach(node, build, q, keys)],
    });
    const matched = [seen.scores, seen.capped, seen.biased, seen.shares][mode] ?? null;
    return [isFlat ? merged(build, seen.y) : seen.y, keys, values, matched];
  },
  "com.microsoft.MultiHeadAttention": ({ node, build }) => {
    const m = mathsOf(build);
    const [q = "", k = "", v = "", bias = "", padding = "", added = "", ...past] = node.inputs;
    if (k === "" || v === "" || padding !== "" || past.some(Boolean)) return null;
    if ([q, k, v].some((value) => m.dims(value).length !== 3)) return null;
    const widths = [q, k, v].map((value) => m.dims(value)[2] ?? 0);
    const biases = bias === "" ? [] : build.addMany("Split", [bias, build.ints(...widths)], 3, { axis: 0 });
    const [q1 = "", k1 = "", v1 = ""] = [q, k, v].map((value, at) => (biases[at] === undefined ? value : m.add(value, biases[at])));
    return ofMicrosoft({ node, build }, q1, k1, v1, added, []);
  },
  "com.microsoft.Attention": ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", weights = "", bias = "", mask = "", past = "", added = "", ...more] = node.inputs;
    const [rows = 1, places = 1] = m.dims(x);
    const isPlain = mask === "" || m.dims(mask).join() === `${rows},${places}`;
    if (past !== "" || more.some(Boolean) || node.attributes.has("do_rotary") || !isPlain) return null;
    const width = m.dims(weights)[1] ?? 0;
    const sizes = node.attributes.get("qkv_hidden_sizes");
    const widths = sizes?.kind === "ints" ? sizes.value.map(Number) : [width / 3, width / 3, width / 3];
    const product = build.add("MatMul", [x, weights]);
    const whole = bias === "" ? product : m.add(product, bias);
    const [q = "", k = "", v = ""] = build.addMany("Split", [whole, build.ints(...widths)], 3, { axis: 2 });
    const shown = mask === "" ? [] : [m.reshape(m.compare("Greater", m.cast(mask, x), 0), [rows, 1, 1, places])];
    return ofMicrosoft({ node, build }, q, k, v, added, shown);
  },
};

function ofMicrosoft(
  { node, build }: Parameters<Lowering>[0],
  q: Value,
  k: Value,
  v: Value,
  added: Value,
  allowed: readonly Value[],
): readonly (Value | null)[] {
  const m = mathsOf(build);
  const heads = intOf(node, "num_heads", 1);
  const [queries, keys, values] = [separated(build, q, heads), separated(build, k, heads), separated(build, v, heads)];
  const width = m.dims(queries)[3] ?? 1;
  const given = floatOf(node, "scale", 0);
  const scale = given === 0 ? 1 / Math.sqrt(width) : given;
  const causal =
    intOf(node, "unidirectional", 0) === 0 ? [] : [m.compare("LessOrEqual", places(build, m, keys, 3), places(build, m, queries, 2))];
  const biases = added === "" ? [] : [added];
  const { y } = attended({ build, q: queries, k: keys, v: values, scale, softcap: 0, biases, allowed: [...allowed, ...causal] });
  return [merged(build, y), null, null];
}

/** The numbers of the places along an axis of [rows, heads, queries, keys], counted from 0. */
function places(build: Builder, m: Maths, of: Value, axis: 2 | 3): Value {
  const count = m.dims(of)[2] ?? 0;
  return build.constant(BigInt64Array.from({ length: count }, (_, at) => BigInt(at)), axis === 2 ? [1, 1, count, 1] : [1, 1, 1, count]); // biome-ignore format: one call
}

/** Which keys a query reaches: none beyond itself where that is asked for, and those that are there. */
function reach(node: Node, build: Builder, q: Value, keys: Value): readonly Value[] {
  const m = mathsOf(build);
  const there = node.inputs[6] ?? "";
  const key = places(build, m, keys, 3);
  return [
    ...(there === "" ? [] : [m.compare("Less", key, m.reshape(there, [m.dims(there)[0] ?? 1, 1, 1, 1]))]),
    ...(intOf(node, "is_causal", 0) === 0 ? [] : [m.compare("LessOrEqual", key, places(build, m, q, 2))]),
  ];
}

/** Where versions of onnxruntime differ in what they mask, or a window is asked for, which they do not know. */
function isUnsettled(node: Node): boolean {
  const isShifted = intOf(node, "is_causal", 0) !== 0 && [node.inputs[4], node.inputs[6]].some(Boolean);
  return isShifted || ["left_window_size", "right_window_size"].some((name) => intOf(node, name, -1) >= 0);
}

/** Each head of keys serves several of queries, side by side. */
function repeatedHeads(m: Maths, value: Value, times: number): Value {
  if (times === 1) return value;
  const [rows = 1, heads = 1, ...rest] = m.dims(value);
  return m.reshape(m.expand(m.reshape(value, [rows, heads, 1, ...rest]), [rows, heads, times, ...rest]), [rows, heads * times, ...rest]);
}
