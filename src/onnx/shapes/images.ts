import { intOf, intsOf, textOf } from "../attributes.ts";
import { axisOf, type Call, dim, input, known, mismatch, numbers, ofRank, type Rule, rank, unknown } from "./call.ts";
import { shapeOf } from "./layout.ts";

/** How large one axis becomes: by a factor, computed in float32 as onnxruntime does. */
const scaled = (size: number, factor: number, part: number) =>
  Math.floor(Math.fround(Math.fround(Math.fround(factor) * Math.fround(part)) * size));

/** The share of each axis that is resized: all of it, unless `roi` cuts. */
function partsOf(call: Call, axes: readonly number[]): readonly number[] {
  if (textOf(call.node, "coordinate_transformation_mode", "half_pixel") !== "tf_crop_and_resize") return axes.map(() => 1);
  const roi = numbers(call, 1) ?? [];
  return axes.map((_, at) => Math.fround((roi[at + axes.length] ?? 1) - (roi[at] ?? 0)));
}

/** The sizes as asked, or the nearest to them that keep the picture's proportions. */
function fitted(call: Call, axes: readonly number[], dims: readonly number[], sizes: readonly number[]): readonly number[] {
  const policy = textOf(call.node, "keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return sizes;
  const factors = axes.map((axis, at) => Math.fround((sizes[at] ?? 0) / (dims[axis] ?? 1)));
  const factor = policy === "not_larger" ? Math.min(...factors) : Math.max(...factors);
  return axes.map((axis) => Math.round(Math.fround(factor * (dims[axis] ?? 0))));
}

const resize: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axes = (intsOf(call.node, "axes") ?? dims.keys().toArray()).map((axis) => axisOf(call, axis, dims.length));
  const isGiven = (at: number) => call.inputs[at] !== undefined && call.inputs[at].dims[0] !== 0;
  const [scales, sizes] = [isGiven(2) ? numbers(call, 2) : undefined, isGiven(3) ? shapeOf(call, 3) : undefined];
  const given = sizes ?? scales ?? mismatch(call, "neither scales nor sizes are given");
  if (given.length !== axes.length) mismatch(call, `${given.length} numbers do not go with ${axes.length} axes`);
  const parts = partsOf(call, axes);
  const made = sizes ? fitted(call, axes, dims, sizes) : axes.map((axis, at) => scaled(dims[axis] ?? 0, given[at] ?? 1, parts[at] ?? 1));
  if (made.some((size) => !(size >= 0))) mismatch(call, `the sizes [${made}] are not possible`);
  const whole = [...dims];
  for (const [at, axis] of axes.entries()) whole[axis] = made[at] ?? 0;
  return [known(element, whole)];
};

const gridSample: Rule = (call) => {
  const [image, grid] = [input(call, 0), input(call, 1)];
  if (rank(image) < 3 || rank(grid) !== rank(image) || grid.dims.at(-1) !== rank(image) - 2)
    mismatch(call, "the grid does not fit the input");
  if (dim(grid, 0) !== dim(image, 0)) mismatch(call, "the grid is of another batch");
  return [known(image.element, [dim(image, 0), dim(image, 1), ...grid.dims.slice(1, -1)])];
};

const affineGrid: Rule = (call) => {
  const size = shapeOf(call, 1);
  if (size.length !== 4 && size.length !== 5) mismatch(call, "the size is of 4 or 5 numbers");
  return [known(input(call, 0).element, [size[0] ?? 0, ...size.slice(2), size.length - 2])];
};

const maxRoiPool: Rule = (call) => {
  const image = ofRank(call, 0, 4);
  const pooled = intsOf(call.node, "pooled_shape") ?? mismatch(call, "pooled_shape is missing");
  return [known(image.element, [dim(ofRank(call, 1, 2), 0), dim(image, 1), ...pooled])];
};

export const images: Readonly<Record<string, Rule>> = {
  Resize: resize,
  GridSample: gridSample,
  AffineGrid: affineGrid,
  MaxRoiPool: maxRoiPool,
  RoiAlign: (call) => {
    const [image, rois] = [ofRank(call, 0, 4), ofRank(call, 1, 2)];
    const size = [intOf(call.node, "output_height", 1), intOf(call.node, "output_width", 1)];
    return [known(image.element, [dim(rois, 0), dim(image, 1), ...size])];
  },
  ImageDecoder: (call) => unknown(call, "the size of a picture is known in a run alone"),
};
