/** Operators of the standard that onnxruntime has no kernel for in the canonical opset, or not in all their forms, by others that it has. */
import { floatOf, int, intOf, ints, node } from "../attributes.ts";
import type { Change } from "./change.ts";
import { chain, hintOf, scalarLike, withAttributes } from "./making.ts";

/** x * sigmoid(alpha * x). */
export const swish =
  (usual: number): Change =>
  (of, site) => {
    const [x = ""] = of.inputs;
    const alpha = scalarLike(site, of, x, floatOf(of, "alpha", usual), "alpha");
    return [
      ...alpha.nodes,
      ...chain(site, of, x, [
        (input, output) => [node("Mul", [input, alpha.name], [output])],
        (input, output) => [node("Sigmoid", [input], [output])],
        (input, output) => [node("Mul", [x, input], [output])],
      ]),
    ];
  };

const turn = (perm: readonly number[], from: string, to: string) => node("Transpose", [from], [to], { perm: ints(perm) });

/** A recurrent layer whose batch comes before its steps, as one whose steps come first: onnxruntime has that one alone. */
const batchFirst: Change = (of, site) => {
  if (intOf(of, "layout", 0) !== 1) return [of];
  const turned = of.inputs.map((name, at) =>
    name !== "" && (at === 0 || at === 5 || at === 6) ? site.fresh(`${hintOf(of)}/${at}`) : name,
  );
  const results = of.outputs.map((name, at) => (name === "" ? name : site.fresh(`${hintOf(of)}/result${at}`)));
  return [
    ...of.inputs.flatMap((name, at) => (turned[at] === name ? [] : [turn([1, 0, 2], name, turned[at] ?? "")])),
    withAttributes({ ...of, inputs: turned, outputs: results }, { layout: int(0) }),
    ...of.outputs.flatMap((name, at) => (name === "" ? [] : [turn(at === 0 ? [2, 0, 1, 3] : [1, 0, 2], results[at] ?? "", name)])),
  ];
};

export const unsupported: ReadonlyMap<string, Change> = new Map([
  ["Swish", swish(1)],
  ["GRU", batchFirst],
  ["LSTM", batchFirst],
  ["RNN", batchFirst],
]);
