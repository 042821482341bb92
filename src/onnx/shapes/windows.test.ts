import fc from "fast-check";
import { expect, it } from "vitest";
import { int, ints, node, text } from "../attributes.ts";
import type { Constant, Node } from "../program.ts";
import { hold } from "./testing/against.ts";
import { float32, port, programOf } from "./testing/programs.ts";

const small = (min: number, max: number) => fc.integer({ min, max });
const pair = (min: number, max: number) => fc.array(small(min, max), { minLength: 2, maxLength: 2 });

const layer = fc
  .record({
    op: fc.constantFrom("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool"),
    size: pair(6, 11),
    kernel: pair(1, 3),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    pads: fc.array(small(0, 2), { minLength: 4, maxLength: 4 }),
    auto: fc.constantFrom("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"),
    ceil: fc.boolean(),
    group: small(1, 2),
  })
  .filter(
    ({ pads, kernel, dilations, auto }) =>
      pads.every((pad, at) => pad < (kernel[at % 2] ?? 0)) && (auto === "NOTSET" || dilations.every((by) => by === 1)),
  );

type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

function nodeOf({ op, kernel, strides, dilations, pads, auto, ceil, group }: Layer, at: number): Node {
  const isPool = op.endsWith("Pool");
  return node(op, isPool ? [`x${at}`] : [`x${at}`, `w${at}`], [`y${at}`], {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    ...(auto === "NOTSET" ? { pads: ints(pads) } : { auto_pad: text(auto) }),
    ...(isPool ? { ceil_mode: int(Number(ceil)) } : { group: int(group) }),
  });
}

const zeros = (...dims: readonly number[]): Constant => float32(new Array(dims.reduce((product, size) => product * size, 1)).fill(0), dims);

it("convolutions and pools of any stride, dilation, padding and rounding give the sizes that onnxruntime gives", async () => {
  const layers = fc.sample(layer, { numRuns: 200, seed: 11 });
  const constants = Object.fromEntries(
    layers.flatMap(({ op, size, kernel, group }, at) => [
      [`x${at}`, zeros(1, 2 * group, ...size)],
      [`w${at}`, op === "Conv" ? zeros(4, 2, ...kernel) : zeros(2 * group, 3, ...kernel)],
    ]),
  );
  const outputs = layers.map((_, at) => port(`y${at}`));
  expect(await hold(programOf(layers.map(nodeOf), { constants, outputs }), {})).toEqual({ kind: "right", seen: 200, folded: 0 });
});
