import { intOf } from "../../onnx/index.ts";
import { NoGradient } from "../missing.ts";
import { repeated } from "../numbers.ts";
import type { Value } from "../pullback.ts";
import { type Row, row } from "./rows.ts";
import { positive } from "./shaping.ts";

/** Operators that bring numbers to a mean and a deviation. */
export const normalisation = {
  BatchNormalization: row((given) => {
    const { m, x, dy, node, float } = given;
    if (intOf(node, "training_mode", 0) !== 0) throw new NoGradient("it is in training mode, where rows change each other");
    const [, scale = "", shift = "", mean = "", variance = ""] = node.inputs;
    const column = (value: Value) => m.reshape(value, [m.dims(value)[0] ?? 1, ...m.dims(x).slice(2).map(() => 1)]); // biome-ignore format: one formula
    const inverse = m.div(1, m.of("Sqrt", m.add(variance, float("epsilon", 1e-5))));
    const factor = m.mul(scale, inverse);
    const summed = (value: Value, like: Value) => m.reshape(m.sumLike(value, column(like)), m.dims(like));
    const weighed = () => m.mul(dy, m.mul(m.sub(x, column(mean)), column(inverse)));
    return pick(given, [
      () => m.mul(dy, column(factor)),
      () => summed(weighed(), scale),
      () => summed(dy, shift),
      () => m.neg(m.mul(summed(dy, mean), factor)),
      () => m.mul(summed(weighed(), variance), m.mul(m.mul(factor, inverse), -0.5)),
    ]);
  }),
  LayerNormalization: row((given) => {
    const { m, dy, node, b: scale } = given;
    if (given.pulled.dys[1] || given.pulled.dys[2]) throw new NoGradient("its mean and deviation are used, for which none is written");
    const axes = lastAxes(given);
    const { hat, inverse } = standardised(given);
    const g = m.mul(dy, scale);
    return pick(given, [
      () => m.mul(inverse(), m.sub(m.sub(g, meanOver(given, g, axes)), m.mul(hat, meanOver(given, m.mul(g, hat), axes)))),
      () => m.sumLike(m.mul(dy, hat), scale),
      () => m.sumLike(dy, node.inputs[2] ?? ""),
    ]);
  }),
  RMSNormalization: row((given) => {
    const { m, x, dy, b: scale, float } = given;
    const axes = lastAxes(given);
    const inverse = m.div(1, m.of("Sqrt", m.add(meanOver(given, m.mul(x, x), axes), float("epsilon", 1e-5))));
    const hat = m.mul(x, inverse);
    const g = m.mul(dy, scale);
    return pick(given, [
      () => m.mul(inverse, m.sub(g, m.mul(hat, meanOver(given, m.mul(g, hat), axes)))),
      () => m.sumLike(m.mul(dy, hat), scale),
    ]);
  }),
};

/** Those that are wanted. */
const pick = ({ pulled }: Row, rules: readonly (() => Value)[]) => rules.map((rule, at) => (pulled.wants[at] === true ? rule() : null));

/** The axes over which is normalised: from `axis` to the last. */
function lastAxes({ m, x, int }: Row): readonly number[] {
  const rank = m.dims(x).length;
  const first = positive(int("axis", -1), rank);
  return m.dims(x).flatMap((_, at) => (at >= first ? [at] : []));
}

const meanOver = ({ pulled }: Row, value: Value, axes: readonly number[]) =>
  pulled.build.add("ReduceMean", [value, pulled.build.ints(...axes)], { keepdims: 1 });

/** The input at mean 0 and deviation 1, by onnxruntime's own code, and one over the deviation. */
function standardised(given: Row): { hat: Value; inverse: () => Value } {
  const { m, x, b: scale, node, float, int, pulled } = given;
  const ones = repeated(pulled.build.known(scale).constant) === 1 ? scale : m.expand(pulled.build.scalar(1, scale), m.dims(scale));
  const attributes = Object.fromEntries(node.attributes);
  if (pulled.build.known(x).element === "float32" && int("stash_type", 1) === 1) {
    const [hat = "", , inverse = ""] = pulled.build.addMany("LayerNormalization", [x, ones], 3, attributes);
    return { hat, inverse: () => inverse };
  }
  const centred = m.sub(x, meanOver(given, x, lastAxes(given)));
  const variance = meanOver(given, m.mul(centred, centred), lastAxes(given));
  const inverse = m.div(1, m.of("Sqrt", m.add(variance, float("epsilon", 1e-5))));
  return { hat: m.mul(centred, inverse), inverse: () => inverse };
}
