import type { reductions } from "../../pullbacks/reductions.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Given, Range, Sampler } from "../sampler.ts";

type Draw = (s: Sampler, dims: readonly number[]) => Given;

const drawn =
  (range: Range): Draw =>
  (s, dims) =>
    s.real(dims, range);

const over = (op: string, draw: Draw): readonly CaseMaker[] => [
  (s) => {
    const dims = s.dims(3);
    const axes = [...dims.keys()].filter(() => s.random.uniform() < 0.5);
    const chosen = axes.length === 0 ? [s.whole(-3, 2)] : axes;
    return { op, attributes: { keepdims: s.whole(0, 1) }, inputs: [draw(s, dims), s.ints(chosen)] };
  },
  (s) => ({ op, attributes: { keepdims: 0 }, inputs: [draw(s, s.dims(2))] }),
];

const distinct: Draw = (s, dims) => s.distinct(dims);
const any = drawn({});

/** Zeros among the factors: none, one, several. */
const withZeros: Draw = (s, dims) => {
  const given = s.real(dims);
  for (const at of (given.value.values as Float64Array).keys()) if (s.random.uniform() < 0.3) (given.value.values as Float64Array)[at] = 0;
  return given;
};

const along =
  (attributes: { exclusive?: number; reverse?: number }): CaseMaker =>
  (s) => ({ op: "CumSum", attributes, inputs: [s.real(s.dims(3)), s.ints([s.whole(-3, 2)], [])] });

export const reductionCases: Record<keyof typeof reductions, readonly CaseMaker[]> = {
  ReduceSum: [
    ...over("ReduceSum", any),
    (s) => ({ op: "ReduceSum", attributes: { noop_with_empty_axes: 1 }, inputs: [s.real(s.dims(2))] }),
  ],
  ReduceMean: over("ReduceMean", any),
  ReduceSumSquare: over("ReduceSumSquare", any),
  ReduceL1: over("ReduceL1", drawn({ kinks: [0] })),
  ReduceL2: over("ReduceL2", drawn({ kinks: [0] })),
  ReduceLogSum: over("ReduceLogSum", drawn({ low: 0.2, high: 2 })),
  ReduceLogSumExp: over("ReduceLogSumExp", any),
  ReduceMax: over("ReduceMax", distinct),
  ReduceMin: over("ReduceMin", distinct),
  ReduceProd: [...over("ReduceProd", any), ...over("ReduceProd", withZeros)],
  CumSum: [along({}), along({ exclusive: 1 }), along({ reverse: 1 }), along({ exclusive: 1, reverse: 1 })],
};
