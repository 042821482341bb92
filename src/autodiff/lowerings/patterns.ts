import { repeated } from "../numbers.ts";
import type { Builder, Value } from "../pullback.ts";
import type { Lowering } from "./lowering.ts";

/**
 * The sigmoid as some exporters write it, 1 / (1 + exp(x)): where exp overflows, its value is right and its gradient is zero times infinity.
 */
export const patterns: Readonly<Record<string, Lowering>> = {
  Reciprocal: ({ node, build }) => sigmoid(build, node.inputs[0] ?? ""),
  Div: ({ node, build }) => {
    const [one = "", whole = ""] = node.inputs;
    const isPlain =
      repeated(build.known(one).constant) === 1 && build.known(node.outputs[0] ?? "").dims.join() === build.known(whole).dims.join();
    return isPlain ? sigmoid(build, whole) : null;
  },
};

/** Of 1 + exp(x): the sigmoid of -x. */
function sigmoid(build: Builder, whole: Value): readonly Value[] | null {
  const sum = build.maker(whole);
  if (sum?.op !== "Add" || sum.domain !== "") return null;
  const [a = "", b = ""] = sum.inputs;
  const [power, one] = build.maker(a)?.op === "Exp" ? [a, b] : [b, a];
  const made = build.maker(power);
  const isPlain =
    made?.op === "Exp" && repeated(build.known(one).constant) === 1 && build.known(power).dims.join() === build.known(whole).dims.join();
  return isPlain ? [build.add("Sigmoid", [build.add("Neg", [made.inputs[0] ?? ""])])] : null;
}
