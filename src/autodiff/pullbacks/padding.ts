import { textOf } from "../../onnx/index.ts";
import { wholeNumbers } from "../numbers.ts";
import type { Value } from "../pullback.ts";
import { gathered } from "./indexing.ts";
import { type Row, row } from "./rows.ts";
import { positive } from "./shaping.ts";

/** Where the number at each place of a padded axis comes from; `at` counts from the first original, before the padding negative. */
const origins: Readonly<Record<string, (at: number, length: number) => number>> = {
  edge: (at, length) => Math.min(Math.max(at, 0), length - 1),
  wrap: (at, length) => ((at % length) + length) % length,
  reflect: (at, length) => {
    const period = Math.max(2 * length - 2, 1);
    const inside = ((at % period) + period) % period;
    return Math.min(inside, period - inside);
  },
};

export const padding = {
  Pad: row((given) => {
    const { m, dy, x, node, pulled } = given;
    const widths = widthsOf(given);
    const origin = origins[textOf(node, "mode", "constant")];
    if (origin !== undefined) return [folded(given, widths, origin)];
    const inner = pulled.build.add("Pad", [
      dy,
      pulled.build.ints(...widths.map(([before]) => -before), ...widths.map(([, after]) => -after)),
    ]);
    const value = node.inputs[2] ?? "";
    const all = m.dims(x).map((_, at) => at);
    const around = () => m.reshape(m.sub(m.sum(dy, ...all), m.sum(inner, ...all)), m.dims(value));
    return [inner, null, value !== "" && pulled.wants[2] === true ? around() : null];
  }),
};

/** How much is added before and after each axis; negative where it is cut. */
function widthsOf({ m, x, b, node, pulled }: Row): readonly (readonly [number, number])[] {
  const listed = (name: string) => {
    const given = name === "" ? undefined : pulled.build.known(name).constant;
    return given === undefined ? undefined : wholeNumbers(given);
  };
  const rank = m.dims(x).length;
  const pads = listed(b) ?? [];
  const axes = (listed(node.inputs[3] ?? "") ?? m.dims(x).map((_, at) => at)).map((axis) => positive(axis, rank));
  return m.dims(x).map((_, axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [pads[at] ?? 0, pads[at + axes.length] ?? 0];
  });
}

/** What was copied into the padding is added where it came from, axis by axis, the last first. */
function folded(
  { m, dy, x, pulled }: Row,
  widths: readonly (readonly [number, number])[],
  origin: (at: number, length: number) => number,
): Value {
  const shape = m.dims(x);
  let gradient = dy;
  for (const [axis, [before, after]] of widths.entries()) {
    if (before === 0 && after === 0) continue;
    const length = shape[axis] ?? 0;
    const from = Array.from({ length: length + before + after }, (_, at) => origin(at - before, length));
    const dims = m.dims(gradient).map((dim, at) => (at === axis ? length : dim));
    gradient = gathered(pulled.build, gradient, pulled.build.ints(...from), axis, m.zeros(dims, dy));
  }
  return gradient;
}
