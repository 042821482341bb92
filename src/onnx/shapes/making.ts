import { intOf, tensorOf } from "../attributes.ts";
import { common, elementNamed, input, known, mismatch, number, type Rule, rank } from "./call.ts";
import { same } from "./elementwise.ts";
import { shapeOf } from "./layout.ts";

const shape: Rule = (call) => {
  const { dims } = input(call, 0);
  const ends = [intOf(call.node, "start", 0), intOf(call.node, "end", dims.length)] as const;
  return [known("int64", [dims.slice(...ends).length])];
};

const size: Rule = (call) => {
  input(call, 0);
  return [known("int64", [])];
};

const constantOfShape: Rule = (call) => [known(tensorOf(call.node, "value")?.element ?? "float32", shapeOf(call, 0))];

const constant: Rule = (call) => {
  const [name, given] = call.node.attributes.entries().next().value ?? ["", undefined];
  if (given?.kind === "tensor") return [known(given.value.element, given.value.dims)];
  const elements = { int: "int64", ints: "int64", float: "float32", floats: "float32", string: "string", strings: "string" } as const;
  if (given === undefined || !(given.kind in elements)) mismatch(call, `its value ${name} is not known`);
  const element = elements[given.kind as keyof typeof elements];
  return [known(element, Array.isArray(given.value) ? [given.value.length] : [])];
};

const range: Rule = (call) => {
  const element = common(call);
  const [start = 0, limit = 0, delta = 1] = [number(call, 0), number(call, 1), number(call, 2)];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  if (!Number.isSafeInteger(count)) mismatch(call, `there are no steps of ${delta} from ${start} to ${limit}`);
  return [known(element, [count])];
};

const trilu: Rule = (call) => {
  if (rank(input(call, 0)) < 2) mismatch(call, "its input is of at least 2 dimensions");
  return [known(input(call, 0).element, input(call, 0).dims)];
};

const eyeLike: Rule = (call) => {
  const { element, dims } = input(call, 0);
  if (dims.length !== 2) mismatch(call, "its input is no matrix");
  return [known(elementNamed(call, "dtype") ?? element, dims)];
};

/** What it gives is a sequence or nothing, no tensor. */
const noTensor: Rule = () => [];

/** An optional tensor is a tensor here. */
const hasElement: Rule = () => [known("bool", [])];

/** Values out of shapes, bounds and attributes, and what holds values without being a tensor. */
export const making: Readonly<Record<string, Rule>> = {
  Optional: noTensor,
  SequenceConstruct: noTensor,
  SequenceEmpty: noTensor,
  SplitToSequence: noTensor,
  OptionalHasElement: hasElement,
  OptionalGetElement: same,
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Constant: constant,
  Range: range,
  Trilu: trilu,
  EyeLike: eyeLike,
};
