import { constant, float } from "../../../onnx/index.ts";
import type { Attributes } from "../../pullback.ts";
import type { CaseMaker } from "../check-pullback.ts";

interface Shape {
  readonly attributes?: Attributes;
  readonly directions?: 1 | 2;
  readonly lengths?: boolean;
  /** States at the start, and an LSTM's peepholes. */
  readonly more?: boolean;
  readonly bias?: boolean;
}

const small = { low: -0.8, high: 0.8 };

const layer =
  (op: "RNN" | "GRU" | "LSTM", { attributes = {}, directions = 1, lengths = false, more = false, bias = true }: Shape = {}): CaseMaker =>
  (s) => {
    const blocks = { RNN: 1, GRU: 3, LSTM: 4 }[op];
    const [steps, rows, features, hidden] = [s.whole(1, 4), s.whole(1, 3), s.whole(1, 3), s.whole(1, 3)];
    const isBatchFirst = attributes.layout === 1;
    const state = () => s.real(isBatchFirst ? [rows, directions, hidden] : [directions, rows, hidden], small);
    const until = constant(
      "int32",
      [rows],
      Int32Array.from({ length: rows }, () => s.whole(1, steps)),
    );
    const inputs = [
      s.real(isBatchFirst ? [rows, steps, features] : [steps, rows, features]),
      s.real([directions, blocks * hidden, features], small),
      s.real([directions, blocks * hidden, hidden], small),
      bias ? s.real([directions, 2 * blocks * hidden], small) : null,
      lengths ? { value: until, wanted: false } : null,
      ...(more ? [state()] : []),
      ...(more && op === "LSTM" ? [state(), s.real([directions, 3 * hidden], small)] : []),
    ];
    return { op, attributes: { ...attributes, hidden_size: hidden }, inputs, outputs: op === "LSTM" ? 3 : 2 };
  };

const both = { attributes: { direction: "bidirectional" }, directions: 2 } as const;
const backward = { attributes: { direction: "reverse" } };

export const recurrentCases: Readonly<Record<"RNN" | "GRU" | "LSTM", readonly CaseMaker[]>> = {
  RNN: [
    layer("RNN"),
    layer("RNN", { ...backward, more: true, bias: false }),
    layer("RNN", { ...both, lengths: true }),
    layer("RNN", { attributes: { activations: { kind: "strings", value: ["Softsign"] } } }),
  ],
  GRU: [
    layer("GRU"),
    layer("GRU", { ...backward, bias: false }),
    layer("GRU", { ...both, more: true, lengths: true }),
    layer("GRU", { attributes: { linear_before_reset: 1 }, more: true }),
    layer("GRU", { attributes: { ...both.attributes, linear_before_reset: 1 }, directions: 2 }),
  ],
  LSTM: [
    layer("LSTM"),
    layer("LSTM", { ...backward, more: true }),
    layer("LSTM", { ...both, more: true, lengths: true }),
    layer("LSTM", { ...both, bias: false }),
    layer("LSTM", { attributes: { input_forget: 1 } }),
    layer("LSTM", { attributes: { clip: float(5) } }),
  ],
};
