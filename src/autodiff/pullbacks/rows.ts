import { floatOf, intOf, type Node } from "../../onnx/index.ts";
import { type Maths, mathsOf } from "../maths.ts";
import type { Pullback, Pulled, Value } from "../pullback.ts";

/** What the row of an operator with one output sees. */
export interface Row {
  readonly m: Maths;
  readonly dy: Value;
  readonly y: Value;
  /** The first input, and the second. */
  readonly x: Value;
  readonly b: Value;
  readonly node: Node;
  readonly pulled: Pulled;
  readonly int: (name: string, fallback: number) => number;
  readonly float: (name: string, fallback: number) => number;
}

function rowOf(pulled: Pulled, dy: Value): Row {
  const { node, build } = pulled;
  const [x = "", b = ""] = node.inputs;
  const [y = ""] = node.outputs;
  const int = (name: string, fallback: number) => intOf(node, name, fallback);
  const float = (name: string, fallback: number) => floatOf(node, name, fallback);
  return { m: mathsOf(build), dy, y, x, b, node, pulled, int, float };
}

/** For an operator of which the first output alone has a gradient. */
export function row(rule: (row: Row) => readonly (Value | null)[]): Pullback {
  return (pulled) => {
    const dy = pulled.dys[0] ?? null;
    return dy === null ? [] : rule(rowOf(pulled, dy));
  };
}

/** For an operator of which only the first input has a gradient. */
export const unary = (rule: (row: Row) => Value | null): Pullback => row((given) => [rule(given)]);

/** For an operator that is linear in each input on its own and treats them alike, such as Sum. */
export const alike = (rule: (row: Row, input: Value) => Value | null): Pullback =>
  row((given) => given.node.inputs.map((input) => (input === "" ? null : rule(given, input))));
