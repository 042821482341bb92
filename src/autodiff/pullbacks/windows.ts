import { intsOf, type Node, textOf } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";

/** How windows lie over the spatial axes of an image; one number an axis. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before the image. */
  readonly before: readonly number[];
  /** How far the last window reaches beyond the image: negative where it ends before the image does. */
  readonly after: readonly number[];
  /** Zeros after the image, as the node says: the last window of a pool may reach further. */
  readonly padded: readonly number[];
}

/** The node's windows over an image of these spatial sizes, of which `counts` fit. `extra` is what a ConvTranspose adds at the end. */
export function windowsOf(
  node: Node,
  kernel: readonly number[],
  sizes: readonly number[],
  counts: readonly number[],
  extra: readonly number[] = [],
): Windows {
  const strides = intsOf(node, "strides") ?? kernel.map(() => 1);
  const dilations = intsOf(node, "dilations") ?? kernel.map(() => 1);
  const reach = sizes.map((_, at) => (at_(counts, at) - 1) * at_(strides, at) + (at_(kernel, at) - 1) * at_(dilations, at) + 1);
  const totals = sizes.map((size, at) => Math.max(0, at_(reach, at) + (extra[at] ?? 0) - size));
  const before = sizes.map((_, at) => paddingBefore(node, at, totals[at] ?? 0));
  const after = sizes.map((size, at) => at_(reach, at) - at_(before, at) - size);
  const padded = after.map((width, at) => (isAutomatic(node) ? Math.max(width, 0) : (intsOf(node, "pads")?.[at + sizes.length] ?? 0)));
  return { kernel, strides, dilations, before, after, padded };
}

const at_ = (list: readonly number[], at: number) => list[at] ?? 0;

const isAutomatic = (node: Node) => textOf(node, "auto_pad", "NOTSET").startsWith("SAME") || node.attributes.has("output_shape");

/** Where padding follows from the sizes, an odd zero stands after the image for SAME_UPPER, before it otherwise. */
function paddingBefore(node: Node, axis: number, total: number): number {
  const auto = textOf(node, "auto_pad", "NOTSET");
  if (isAutomatic(node)) return auto === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
  return auto === "VALID" ? 0 : (intsOf(node, "pads")?.[axis] ?? 0);
}

const clipped = (list: readonly number[]) => list.map((value) => Math.max(value, 0));

/** Attributes of Conv and ConvTranspose. */
const lying = ({ strides, dilations, before, after }: Windows, group: number) => ({
  strides,
  dilations,
  pads: [...before, ...clipped(after)],
  group,
});

/** An image seen through windows. */
export const convolved = (build: Builder, image: Value, weight: Value, windows: Windows, group: number): Value =>
  build.add("Conv", [image, weight], lying(windows, group));

/** What `convolved` is the transposed of: numbers for each window are spread over the image. */
export const spreadOut = (build: Builder, image: Value, weight: Value, windows: Windows, group: number): Value =>
  build.add("ConvTranspose", [image, weight], {
    ...lying(windows, group),
    output_padding: clipped(windows.after.map((width) => -width)),
  });

/** Whether windows neither overlap nor leave anything out between them. */
export const areTiles = ({ kernel, strides, dilations, before, after }: Windows): boolean =>
  kernel.every((size, at) => size === strides[at] && (size === 1 || dilations[at] === 1) && before[at] === 0 && at_(after, at) <= 0);

/** Each number repeated over its tile, of these lengths over the spatial axes. */
export function tiles(build: Builder, value: Value, lengths: readonly number[]): Value {
  const { dims, element } = build.known(value);
  if (lengths.every((length) => length === 1)) return value;
  if (element === "float32") {
    const scales = build.constant(Float32Array.of(1, 1, ...lengths), [dims.length]);
    return build.add("Resize", [value, null, scales], { coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" });
  }
  const m = mathsOf(build);
  const [batch = 1, channels = 1, ...spatial] = dims;
  const apart = m.reshape(value, [batch, channels, ...spatial.flatMap((size) => [size, 1])]);
  const wide = m.expand(apart, [batch, channels, ...spatial.flatMap((size, at) => [size, at_(lengths, at)])]);
  return m.reshape(wide, [batch, channels, ...spatial.map((size, at) => size * at_(lengths, at))]);
}

/** The spatial axes cut to these sizes. */
export function cropped(build: Builder, value: Value, sizes: readonly number[]): Value {
  const { dims } = build.known(value);
  if (sizes.every((size, at) => size === dims[at + 2])) return value;
  return build.add("Slice", [value, build.ints(...sizes.map(() => 0)), build.ints(...sizes), build.ints(...sizes.map((_, at) => at + 2))]);
}

/** Channels of which onnxruntime's blocked layout takes a multiple; the widest blocks that processors have. */
const block = 16;

/** An image times a number. With channels enough it is a convolution of 1 x 1, each channel by itself: the product with a number would leave the blocked layout, at the cost of two copies. */
export function scaled(build: Builder, image: Value, by: number): Value {
  const { dims, element } = build.known(image);
  const [, channels = 1] = dims;
  if (element !== "float32" || dims.length !== 4 || channels % block !== 0) return mathsOf(build).mul(image, by);
  return build.add("Conv", [image, build.constant(new Float32Array(channels).fill(by), [channels, 1, 1, 1])], { group: channels });
}
