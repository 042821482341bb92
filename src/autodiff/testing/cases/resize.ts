import { constant, float, text } from "../../../onnx/index.ts";
import type { Attributes } from "../../pullback.ts";
import type { resize } from "../../pullbacks/resize.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Given } from "../sampler.ts";

/** Always float32, as the operator wants them. */
const fixedFloats = (values: readonly number[]): Given => ({
  value: constant("float32", [values.length], Float32Array.from(values)),
  wanted: false,
});

/** The last two of four axes by random sizes, unless scales are given. */
const resized =
  (attributes: Attributes, scales?: readonly number[]): CaseMaker =>
  (s) => {
    const dims = [s.whole(1, 2), s.whole(1, 2), s.whole(2, 5), s.whole(2, 5)];
    const isCropped = attributes.coordinate_transformation_mode === "tf_crop_and_resize";
    const roi = isCropped ? fixedFloats([0, 0, 0.113, -0.207, 1, 1, 0.829, 1.137]) : null;
    if (scales !== undefined) return { op: "Resize", attributes, inputs: [s.real(dims), roi, fixedFloats(scales)] };
    const sizes = [...dims.slice(0, 2), s.whole(1, 9), s.whole(1, 9)];
    return { op: "Resize", attributes, inputs: [s.real(dims), roi, null, s.ints(sizes)] };
  };

const places = ["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "half_pixel_symmetric", "tf_crop_and_resize"];
const nearest = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];

export const resizeCases: Record<keyof typeof resize, readonly CaseMaker[]> = {
  Resize: [
    resized({}, [1, 1, 2, 3]),
    resized({ coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" }, [1, 1, 2, 2]),
    resized({ coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" }, [1, 1, 0.6, 1.7]),
    resized({ mode: "linear" }, [1, 1, 2, 2]),
    resized({ mode: "linear" }, [1, 1, 0.6, 1.7]),
    ...places.flatMap((coordinate_transformation_mode) => [
      ...nearest
        .slice(0, coordinate_transformation_mode === "half_pixel_symmetric" ? 2 : 4)
        .map((nearest_mode) => resized({ coordinate_transformation_mode, nearest_mode })),
      resized({ coordinate_transformation_mode, mode: "linear" }),
      resized({ coordinate_transformation_mode, mode: "cubic" }),
    ]),
    resized({ mode: "cubic", exclude_outside: 1, cubic_coeff_a: float(-0.5) }),
    resized({ mode: "linear", antialias: 1 }),
    resized({ mode: "cubic", antialias: 1 }),
    resized({ mode: "cubic", antialias: 1, exclude_outside: 1 }),
    (s) => {
      const attributes = {
        axes: [3, 2],
        mode: text("linear"),
        keep_aspect_ratio_policy: s.random.uniform() < 0.5 ? "not_larger" : "not_smaller",
      };
      return { op: "Resize", attributes, inputs: [s.real([1, 2, 3, 4]), null, null, s.ints([s.whole(2, 8), s.whole(2, 8)])] };
    },
    (s) => ({ op: "Resize", attributes: { mode: "linear" }, inputs: [s.real([2, 2, 3, 4, 2]), null, fixedFloats([1, 1, 2, 1.5, 0.5])] }),
    (s) => ({ op: "Resize", inputs: [s.real([3, 4]), null, null, s.ints([5, 7])] }),
  ],
};
