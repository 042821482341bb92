import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../../base/index.ts";
import { constant, float, floats, int, int64s, ints, node, text, texts } from "../attributes.ts";
import { operators } from "../operators.generated.ts";
import type { Attribute, Constant, Element, Known } from "../program.ts";
import { ShapeError } from "./call.ts";
import { inferNode } from "./infer.ts";
import { specialise } from "./specialise.ts";
import { port, programOf } from "./testing/programs.ts";

const elements: readonly Element[] = ["float32", "float64", "float16", "int32", "int64", "uint8", "bool", "string", "opaque"];
const wild = fc.oneof(fc.integer({ min: -4, max: 5 }), fc.constantFrom(2 ** 31 - 1, 2 ** 53, -(2 ** 62), 2 ** 40));
const dims = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(2 ** 20, 2 ** 40)), { maxLength: 5 });

const numbers = fc.array(wild, { maxLength: 6 }).map((values): Constant => int64s(values));
const reals = fc
  .array(fc.oneof(fc.float({ noDefaultInfinity: false }), fc.integer({ min: -3, max: 3 })), { maxLength: 6 })
  .map((values) => constant("float32", [values.length], Float32Array.from(values)));
const scalar = wild.map((value) => int64s([value], []));
const fixed = fc.oneof(numbers, reals, scalar).map((made): Known => ({ element: made.element, dims: made.dims, constant: made }));
const open = fc.record({ element: fc.constantFrom(...elements), dims });
const value = fc.oneof(open, fixed, fc.constant(undefined));

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  wild.map((given) => int(BigInt(given))),
  fc.array(wild, { maxLength: 5 }).map((given) => ints(given.map(BigInt))),
  fc.float().map(float),
  fc.array(fc.float(), { maxLength: 4 }).map(floats),
  fc.constantFrom("SAME_UPPER", "VALID", "ij,jk->ik", "...ii", "i->ii", "->", "none", "not_larger", "tf_crop_and_resize", "").map(text),
  fc.array(fc.string(), { maxLength: 3 }).map(texts),
);

const names = [
  ..."axis axes to dtype perm kernel_shape pads strides dilations group auto_pad ceil_mode output_shape output_padding keepdims".split(" "),
  ..."equation num_outputs blocksize start end k allowzero noop_with_empty_axes batch_dims hidden_size layout onesided inverse".split(" "),
  ..."keep_aspect_ratio_policy coordinate_transformation_mode shape sample_size num_groups transA transB n_targets reduction".split(" "),
  ..."classlabels_strings classlabels_ints intercepts inputdimensions ngram_indexes N q_num_heads kv_num_heads pooled_shape".split(" "),
];
const attributes = fc.dictionary(fc.constantFrom(...names), attribute, { maxKeys: 12 });

const isSize = (size: number) => size >= 0 && (Number.isInteger(size) || size === Number.POSITIVE_INFINITY);
const ops = Object.entries(operators).flatMap(([domain, table]) => Object.keys(table).map((op) => ({ domain, op })));

describe("whatever a node is given", () => {
  it.each(["", "ai.onnx.ml", "com.microsoft"])("of the domain %j, it has types and shapes or says why not", (domain) => {
    const made = fc.record({
      of: fc.constantFrom(...ops.filter((each) => each.domain === domain)),
      inputs: fc.array(value, { maxLength: 6 }),
      attributes,
      outputs: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(made, ({ of, inputs, attributes: given, outputs }) => {
        const names = inputs.map((input, at) => (input === undefined ? "" : `x${at}`));
        const each = node(of.op, names, new Array<string>(outputs).fill("y"), given, { domain });
        try {
          for (const known of inferNode(each, inputs)) expect(known.dims.every(isSize)).toBe(true);
        } catch (error) {
          if (!(error instanceof ShapeError)) throw error;
        }
      }),
      { numRuns: 4000 },
    );
  });

  it("a program of it is folded, or is a problem", () => {
    const made = fc.record({
      of: fc.constantFrom(...ops.filter(({ domain }) => domain === "")),
      inputs: fc.array(fixed, { maxLength: 5 }),
      attributes,
    });
    fc.assert(
      fc.property(made, ({ of, inputs, attributes: given }) => {
        const constants = Object.fromEntries(inputs.map((input, at) => [`x${at}`, input.constant!]));
        const program = programOf([node(of.op, Object.keys(constants), ["y", "z"], given)], { constants, outputs: [port("y")] });
        try {
          specialise(program, {}, { mostBytes: 2 ** 20 });
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
        }
      }),
      { numRuns: 4000 },
    );
  });
});
