import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { int, int64s, ints, node, text } from "../attributes.ts";
import { operators } from "../operators.generated.ts";
import type { Attribute, Constant, Known } from "../program.ts";
import { ShapeError } from "./call.ts";
import { broadcast } from "./dims.ts";
import { inferNode } from "./infer.ts";

const value = (...dims: readonly number[]): Known => ({ element: "float32", dims });
const fixed = (constant: Constant): Known => ({ element: constant.element, dims: constant.dims, constant });
const wholes = (...values: readonly number[]): Known => fixed(int64s(values));

function infer(op: string, inputs: readonly (Known | undefined)[], attributes: Readonly<Record<string, Attribute>> = {}, outputs = ["y"]) {
  return inferNode(
    node(
      op,
      inputs.map((input, at) => (input === undefined ? "" : `x${at}`)),
      outputs,
      attributes,
    ),
    inputs,
  );
}

const dimsOf = (...given: Parameters<typeof infer>) => infer(...given)[0]?.dims;
const smallDims = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

describe("broadcasting", () => {
  /** From the last dimension to the first, one at a time, as NumPy's manual has it. */
  function slowly(a: readonly number[], b: readonly number[]): number[] | undefined {
    const [x, y] = [[...a], [...b]];
    const made: number[] = [];
    while (x.length > 0 || y.length > 0) {
      const [last, other] = [x.pop() ?? 1, y.pop() ?? 1];
      if (last !== other && last !== 1 && other !== 1) return undefined;
      made.unshift(last === 1 ? other : last);
    }
    return made;
  }

  it("of two shapes is what the last dimensions say one by one", () => {
    fc.assert(
      fc.property(smallDims, smallDims, (a, b) => {
        expect(broadcast([a, b])).toEqual(slowly(a, b));
      }),
    );
  });

  it("of shapes that do not fit names the node, its operator and the shapes", () => {
    expect(() => infer("Add", [value(2, 3), value(4)])).toThrow(/“y” \(Add of float32\[2,3\], float32\[4\]\): the shapes do not broadcast/);
  });
});

describe("windows", () => {
  const axis = fc.record({
    size: fc.integer({ min: 1, max: 12 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: 0, max: 3 }),
    after: fc.integer({ min: 0, max: 3 }),
  });

  /** Starts of windows that lie wholly in the padded input. */
  function starts({ size, kernel, stride, dilation, before, after }: typeof axis extends fc.Arbitrary<infer T> ? T : never): number {
    let count = 0;
    for (let start = 0; start + (kernel - 1) * dilation < size + before + after; start += stride) count++;
    return count;
  }

  const windowed = (op: string, given: Parameters<typeof starts>[0], more: Readonly<Record<string, Attribute>> = {}) =>
    dimsOf(op, op === "Conv" ? [value(2, 3, given.size), value(5, 3, given.kernel)] : [value(2, 3, given.size)], {
      kernel_shape: ints([given.kernel]),
      strides: ints([given.stride]),
      dilations: ints([given.dilation]),
      pads: ints([given.before, given.after]),
      ...more,
    });

  it("of a convolution and a pooling are as many as fit", () => {
    fc.assert(
      fc.property(axis, (given) => {
        fc.pre(starts(given) > 0);
        expect(windowed("Conv", given)).toEqual([2, 5, starts(given)]);
        expect(windowed("MaxPool", given)).toEqual([2, 3, starts(given)]);
      }),
    );
  });

  it("of ceil mode count one that reaches beyond the end, if it starts before the end of the input", () => {
    fc.assert(
      fc.property(axis, (given) => {
        fc.pre(starts(given) > 0);
        const { size, kernel, stride, dilation, before, after } = given;
        fc.pre(before < kernel && after < kernel); // as onnxruntime demands
        const rest = (size + before + after - (kernel - 1) * dilation - 1) % stride;
        const starting = starts(given) * stride < size + before;
        expect(windowed("AveragePool", given, { ceil_mode: int(1) })).toEqual([2, 3, starts(given) + (rest > 0 && starting ? 1 : 0)]);
      }),
    );
  });

  it("of a transposed convolution give back the size that the convolution came from, with the output padding that is its remainder", () => {
    fc.assert(
      fc.property(axis, (given) => {
        const { size, kernel, stride, dilation, before, after } = given;
        const count = starts(given);
        fc.pre(count > 0);
        const rest = (size + before + after - (kernel - 1) * dilation - 1) % stride;
        const back = dimsOf("ConvTranspose", [value(2, 5, count), value(5, 3, kernel)], {
          strides: ints([stride]),
          dilations: ints([dilation]),
          pads: ints([before, after]),
          output_padding: ints([rest]),
        });
        expect(back).toEqual([2, 3, size]);
      }),
    );
  });

  it("padded to the same size are one for each stride", () => {
    const same = (mode: string) => dimsOf("Conv", [value(1, 1, 10), value(1, 1, 3)], { auto_pad: text(mode), strides: ints([4]) });
    expect([same("SAME_UPPER"), same("SAME_LOWER"), same("VALID")]).toEqual([
      [1, 1, 3],
      [1, 1, 3],
      [1, 1, 2],
    ]);
  });
});

describe("shapes that constants give", () => {
  it("a slice takes what indices from start, step by step, take, for any start, end and step", () => {
    const bound = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(-(2 ** 53), 2 ** 53));
    const step = fc.integer({ min: -3, max: 3 }).filter((by) => by !== 0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), bound, bound, step, (size, start, end, by) => {
        const taken = sliced(size, start, end, by);
        expect(dimsOf("Slice", [value(size), wholes(start), wholes(end), wholes(0), wholes(by)])).toEqual([taken.length]);
      }),
    );
  });

  it("a reshape copies zeros, fills one -1, and keeps the number of values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), fc.nat(3), (dims, at) => {
        const open = at % dims.length;
        expect(dimsOf("Reshape", [value(...dims), wholes(...dims.map((_, axis) => (axis === open ? -1 : 0)))])).toEqual(dims);
        const count = dims.reduce((product, size) => product * size, 1);
        expect(dimsOf("Reshape", [value(...dims), wholes(-1)])).toEqual([count]);
        expect(() => infer("Reshape", [value(...dims), wholes(count + 1)])).toThrow(ShapeError);
      }),
    );
    expect(dimsOf("Reshape", [value(0, 3), wholes(3, 0)], { allowzero: int(1) })).toEqual([3, 0]);
  });

  it("a value that only a run gives leaves the shape unknown, and the message says which input", () => {
    expect(() => infer("Reshape", [value(2, 3), { element: "int64", dims: [2] }])).toThrow(/follows from the values of input 1/);
  });

  it("a split into equal parts leaves the last one smaller", () => {
    const parts = infer("Split", [value(7, 2)], { num_outputs: int(3) }, ["a", "b", "c"]);
    expect(parts.map(({ dims }) => dims)).toEqual([
      [3, 2],
      [3, 2],
      [1, 2],
    ]);
  });

  it("an einsum follows its labels, hidden ones too", () => {
    const einsum = (equation: string, ...inputs: readonly Known[]) => dimsOf("Einsum", inputs, { equation: text(equation) });
    expect(einsum("bij, bjk -> bik", value(2, 3, 4), value(2, 4, 5))).toEqual([2, 3, 5]);
    expect(einsum("...ij,...jk", value(7, 1, 3, 4), value(2, 4, 5))).toEqual([7, 2, 3, 5]);
    expect(einsum("ii", value(3, 3))).toEqual([]);
    expect(einsum("ba", value(3, 4))).toEqual([4, 3]);
    expect(() => einsum("ij,jk->ik", value(3, 4), value(5, 6))).toThrow(/sizes of j differ/);
  });
});

/** Sequences and maps, and what onnxruntime puts into a graph itself or runs on other hardware. */
const without: Readonly<Record<string, RegExp>> = {
  "": /^(Sequence(At|Erase|Insert|Length|Map)|ConcatFromSequence|Memcpy(To|From)Host|.*_TRT)$/,
  "ai.onnx.ml": /^(CastMap|DictVectorizer)$/,
};
const holders = ["If", "Loop", "Scan"];
const newest: Readonly<Record<string, number>> = { "": 26, "ai.onnx.ml": 4 };

describe("an operator", () => {
  it.each(["", "ai.onnx.ml"])("of the domain %j has a row, if it stands in the canonical opset", (domain) => {
    const standing = Object.entries(operators[domain] ?? {}).filter(
      ([, [, gone = Number.POSITIVE_INFINITY]]) => gone > (newest[domain] ?? 0),
    );
    const names = standing.map(([op]) => op).filter((op) => !without[domain]?.test(op) && !holders.includes(op));
    expect(names.filter((op) => !isKnown(domain, op))).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(domain === "" ? 190 : 15);
  });

  it("that is not in the table is told by name, also when objects have something of that name", () => {
    for (const op of ["Frob", "constructor", "__proto__", "toString"]) expect(() => infer(op, [value(1)])).toThrow(/nothing is known/);
  });

  it("takes the types that the standard gives it", () => {
    expect(() => infer("And", [value(2), value(2)])).toThrow(/bool alone/);
    expect(() => infer("Add", [value(2), wholes(1, 2)])).toThrow(/int64 does not go with float32/);
    expect(() => infer("Sqrt", [wholes(1)])).toThrow(/does not take int64/);
    expect(() => infer("Gather", [value(2), value(1)])).toThrow(/are no indices/);
  });
});

/** The places that a slice of that many values takes, one by one; going backwards, the standard lets it start at the first value at least. */
function sliced(size: number, start: number, end: number, step: number): number[] {
  const inside = (at: number) => (at < 0 ? at + size : at);
  const taken: number[] = [];
  const first = Math.max(Math.min(inside(start), step > 0 ? size : size - 1), 0);
  for (let at = first; at >= 0 && at < size && (step > 0 ? at < inside(end) : at > inside(end)); at += step) taken.push(at);
  return taken;
}

function isKnown(domain: string, op: string): boolean {
  try {
    inferNode(node(op, [], ["y"], {}, { domain }), []);
  } catch (error) {
    return !String(error).includes("nothing is known of this operator");
  }
  return true;
}
