import { constant, float } from "../../../onnx/index.ts";
import type { Attributes } from "../../pullback.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Given, Sampler } from "../sampler.ts";

interface Shape {
  readonly attributes?: Attributes;
  /** Heads of queries for each of keys. */
  readonly times?: number;
  readonly flat?: boolean;
  readonly mask?: "float" | "bool";
  readonly past?: boolean;
}

/** Each query may attend to the first key at least. */
function booleans(s: Sampler, queries: number, keys: number): Given {
  const values = Uint8Array.from({ length: queries * keys }, (_, at) => (at % keys === 0 || s.random.uniform() < 0.6 ? 1 : 0));
  return { value: constant("bool", [queries, keys], values), wanted: false };
}

const attention =
  ({ attributes = {}, times = 1, flat = false, mask, past = false }: Shape = {}): CaseMaker =>
  (s) => {
    const [rows, heads, queries, keys, width, out] = [
      s.whole(1, 2),
      s.whole(1, 2),
      s.whole(1, 4),
      s.whole(4, 5),
      s.whole(1, 3),
      s.whole(1, 3),
    ];
    const apart = (count: number, places: number, size: number) =>
      s.real(flat ? [rows, places, count * size] : [rows, count, places, size], { low: -1, high: 1 });
    const earlier = past ? s.whole(1, 2) : 0;
    const kinds = { float: () => s.real([queries, keys + earlier]), bool: () => booleans(s, queries, keys + earlier) };
    const before = (size: number) => s.real([rows, heads, earlier, size], { low: -1, high: 1 });
    return {
      op: "Attention",
      attributes: { ...attributes, ...(flat && { q_num_heads: heads * times, kv_num_heads: heads }) },
      inputs: [
        apart(heads * times, queries, width),
        apart(heads, keys, width),
        apart(heads, keys, out),
        mask === undefined ? null : kinds[mask](),
        ...(past ? [before(width), before(out)] : []),
      ],
      outputs: past ? 3 : 1,
    };
  };

const rotary =
  (attributes: Attributes, flat: boolean, table: boolean): CaseMaker =>
  (s) => {
    const [rows, heads, places, half] = [s.whole(1, 2), s.whole(1, 2), s.whole(1, 3), 2];
    const isPart = attributes.rotary_embedding_dim !== undefined;
    const width = isPart ? 2 * half + 2 : 2 * half;
    const at = s.ints(
      Array.from({ length: rows * places }, () => s.whole(0, 4)),
      [rows, places],
    );
    const angles = table ? [s.real([5, half]), s.real([5, half]), at] : [s.real([rows, places, half]), s.real([rows, places, half])];
    const x = s.real(flat ? [rows, places, heads * width] : [rows, heads, places, width]);
    return { op: "RotaryEmbedding", attributes: { ...attributes, ...(flat && { num_heads: heads }) }, inputs: [x, ...angles] };
  };

const microsoft = "com.microsoft";

export const attentionCases: Readonly<Record<string, readonly CaseMaker[]>> = {
  Attention: [
    attention(),
    attention({ flat: true, times: 2 }),
    attention({ mask: "float", attributes: { scale: float(0.7) } }),
    attention({ mask: "bool", flat: true }),
    attention({ attributes: { is_causal: 1 } }),
    attention({ attributes: { softcap: float(0.8) }, past: true }),
    (s) => {
      const [rows, heads, places, width] = [s.whole(1, 3), s.whole(1, 2), s.whole(2, 4), s.whole(1, 3)];
      const apart = () => s.real([rows, heads, places, width], { low: -1, high: 1 });
      const there = s.ints(Array.from({ length: rows }, () => s.whole(1, places)));
      return { op: "Attention", inputs: [apart(), apart(), apart(), null, null, null, there] };
    },
    attention({ times: 3, past: true, mask: "float" }),
  ],
  RotaryEmbedding: [
    rotary({}, false, false),
    rotary({ interleaved: 1 }, true, false),
    rotary({}, true, true),
    rotary({ rotary_embedding_dim: 4, interleaved: 1 }, true, true),
  ],
  [`${microsoft}.RotaryEmbedding`]: [0, 1].map(
    (interleaved): CaseMaker =>
      (s) => {
        const [rows, heads, places, half] = [s.whole(1, 2), s.whole(1, 2), s.whole(1, 3), s.whole(1, 2)];
        const at = s.ints(Array.from({ length: rows * places }, () => s.whole(0, 4)), [rows, places]); // biome-ignore format: one value
        const angles = Array.from({ length: 5 * half }, () => 3 * s.random.uniform());
        const tables = [s.fixed([5, half], angles.map(Math.cos)), s.fixed([5, half], angles.map(Math.sin))];
        const x = s.real([rows, heads, places, 2 * half]);
        return { op: "RotaryEmbedding", domain: microsoft, attributes: { interleaved }, inputs: [x, at, ...tables] };
      },
  ),
  [`${microsoft}.MultiHeadAttention`]: [0, 1].map(
    (unidirectional): CaseMaker =>
      (s) => {
        const [rows, places, keys, heads, width] = [s.whole(1, 2), s.whole(1, 3), s.whole(1, 4), s.whole(1, 2), s.whole(1, 3)];
        const length = unidirectional === 1 ? places : keys;
        const part = (count: number) => s.real([rows, count, heads * width]);
        const bias = unidirectional === 1 ? [s.real([3 * heads * width])] : [null, null, s.real([rows, heads, places, length])];
        return {
          op: "MultiHeadAttention",
          domain: microsoft,
          attributes: { num_heads: heads, unidirectional },
          inputs: [part(places), part(length), part(length), ...bias],
        };
      },
  ),
  [`${microsoft}.Attention`]: [0, 1].map(
    (unidirectional): CaseMaker =>
      (s) => {
        const [rows, places, input, heads, width] = [s.whole(1, 2), s.whole(2, 4), s.whole(1, 3), s.whole(1, 2), s.whole(1, 3)];
        const shown = Int32Array.from({ length: rows * places }, (_, at) => (at % places === 0 || s.random.uniform() < 0.6 ? 1 : 0));
        const mask: Given[] = unidirectional === 1 ? [] : [{ value: constant("int32", [rows, places], shown), wanted: false }];
        const inputs = [s.real([rows, places, input]), s.real([input, 3 * heads * width]), s.real([3 * heads * width]), ...mask];
        return { op: "Attention", domain: microsoft, attributes: { num_heads: heads, unidirectional }, inputs };
      },
  ),
};
