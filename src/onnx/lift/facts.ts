import { intOf, tensorOf } from "../attributes.ts";
import { elementOf } from "../element.ts";
import type { Constant, Element, Node } from "../program.ts";
import type { Fact } from "./change.ts";

/** A node of canonical form with what is known of its inputs. */
interface Call {
  readonly node: Node;
  readonly inputs: readonly Fact[];
  readonly constants: readonly (Constant | undefined)[];
}

type Rule = (call: Call) => Fact | readonly Fact[];

const first = ({ inputs }: Call): Fact => inputs[0] ?? {};
const ofRank =
  (rank: number | undefined): Rule =>
  (call) => ({ element: first(call).element, rank });
const ofElement =
  (element: Element, rule: Rule): Rule =>
  (call) =>
    [rule(call)].flat().map((fact) => ({ ...fact, element }));

/** Broadcast together: as many axes as the one with most. */
function broadcast({ inputs }: Call): Fact {
  const ranks = inputs.map(({ rank }) => rank);
  const known = ranks.filter((rank) => rank !== undefined);
  return { element: inputs[0]?.element, rank: known.length === ranks.length ? Math.max(...known) : undefined };
}

const listed = ({ constants }: Call, at: number): number | undefined => constants[at]?.dims[0];
const more = (rank: number | undefined, by: number | undefined) => (rank === undefined || by === undefined ? undefined : rank + by);

function reduced(call: Call): Fact {
  const fact = first(call);
  if (intOf(call.node, "keepdims", 1) !== 0) return fact;
  const axes = call.node.inputs[1] ? listed(call, 1) : undefined;
  if (!call.node.inputs[1]) return { ...fact, rank: intOf(call.node, "noop_with_empty_axes", 0) === 0 ? 0 : fact.rank };
  return { ...fact, rank: axes === undefined ? undefined : more(fact.rank, -axes) };
}

const typed = (type: number | undefined): Element | undefined => (type === undefined ? undefined : (elementOf(type) ?? undefined));

const recurrent =
  (states: number): Rule =>
  (call) =>
    [4, ...Array.from({ length: states }, () => 3)].map((rank) => ({ element: first(call).element, rank }));

const arg: Rule = ofElement("int64", (call) => {
  const fact = first(call);
  return { rank: intOf(call.node, "keepdims", 1) === 0 ? more(fact.rank, -1) : fact.rank };
});

const matmul: Rule = ({ inputs: [a, b] }) => ({
  element: a?.element,
  rank: a?.rank !== undefined && b?.rank !== undefined && a.rank > 1 && b.rank > 1 ? Math.max(a.rank, b.rank) : undefined,
});

const rulesFor = (ops: string, rule: Rule): Readonly<Record<string, Rule>> => Object.fromEntries(ops.split(" ").map((op) => [op, rule]));

/** All others give what they are given: as many axes, of the same type, where they are among these. */
const same = rulesFor(
  "Abs Acos Acosh Asin Asinh Atan Atanh AveragePool BatchNormalization Ceil Celu Clip Concat Conv ConvTranspose Cos Cosh CumSum DepthToSpace Elu Erf Exp Floor Gelu GlobalAveragePool GlobalLpPool GlobalMaxPool GroupNormalization HardSigmoid HardSwish Hardmax Identity InstanceNormalization LRN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization LpPool MaxPool MeanVarianceNormalization Mish Neg Not PRelu Pad RMSNormalization Reciprocal Relu Resize Round ScatterElements ScatterND Selu Shrink Sigmoid Sign Sin Sinh Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Swish Tan Tanh ThresholdedRelu Tile Transpose Trilu",
  (call) => call.node.outputs.map(() => first(call)),
);

const standard: Readonly<Record<string, Rule>> = {
  ...same,
  ...rulesFor("Add Sub Mul Div Pow Mod Max Min Mean Sum And Or Xor BitwiseAnd BitwiseOr BitwiseXor", broadcast),
  ...rulesFor("Equal Greater GreaterOrEqual Less LessOrEqual", ofElement("bool", broadcast)),
  ...rulesFor("IsInf IsNaN", ofElement("bool", first)),
  ...rulesFor(
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
    reduced,
  ),
  ...rulesFor("ArgMax ArgMin", arg),
  ...rulesFor("Gemm Flatten", ofRank(2)),
  ...rulesFor("RNN GRU", recurrent(1)),
  LSTM: recurrent(2),
  MatMul: matmul,
  Cast: (call) => ({ ...first(call), element: typed(intOf(call.node, "to")) }),
  CastLike: ({ inputs: [x, like] }) => ({ rank: x?.rank, element: like?.element }),
  ConstantOfShape: (call) => ({ element: tensorOf(call.node, "value")?.element ?? "float32", rank: listed(call, 0) }),
  DequantizeLinear: ({ inputs: [x, scale] }) => ({ rank: x?.rank, element: scale?.element }),
  Dropout: (call) => [first(call), { ...first(call), element: "bool" }],
  Expand: (call) => ({ element: first(call).element, rank: maxOf(first(call).rank, listed(call, 1)) }),
  Gather: ({ inputs: [x, indices] }) => ({ element: x?.element, rank: more(more(x?.rank, indices?.rank), -1) }),
  GatherElements: first,
  NonZero: () => ({ element: "int64", rank: 2 }),
  OneHot: ({ inputs: [indices, , values] }) => ({ element: values?.element, rank: more(indices?.rank, 1) }),
  QuantizeLinear: ({ inputs: [x, , zero], node }) => ({ rank: x?.rank, element: node.inputs[2] ? zero?.element : undefined }),
  Range: ofRank(1),
  Reshape: (call) => ({ element: first(call).element, rank: listed(call, 1) }),
  Shape: () => ({ element: "int64", rank: 1 }),
  Size: () => ({ element: "int64", rank: 0 }),
  Squeeze: (call) => ({ element: first(call).element, rank: more(first(call).rank, negative(listed(call, 1))) }),
  TopK: (call) => [first(call), { ...first(call), element: "int64" }],
  Unsqueeze: (call) => ({ element: first(call).element, rank: more(first(call).rank, listed(call, 1)) }),
  Where: ({ inputs }) => ({ ...broadcast({ inputs } as Call), element: inputs[1]?.element }),
};

const negative = (count: number | undefined) => (count === undefined ? undefined : -count);
const maxOf = (a: number | undefined, b: number | undefined) => (a === undefined || b === undefined ? undefined : Math.max(a, b));

/** A label of each row, and its scores. */
const classifier: Rule = ({ node }) => {
  const isText = [...node.attributes.keys()].some((name) => /^class(es|labels|labels_)_?strings$|^classlabels_strings$/.test(name));
  return [
    { element: isText ? "string" : "int64", rank: 1 },
    { element: "float32", rank: 2 },
  ];
};

const encoder: Rule = (call) => {
  const kinds = { strings: "string", int64s: "int64", floats: "float32" } as const;
  const kind = (Object.keys(kinds) as (keyof typeof kinds)[]).find((name) => call.node.attributes.has(`values_${name}`));
  return { rank: first(call).rank, element: kind === undefined ? tensorOf(call.node, "values_tensor")?.element : kinds[kind] };
};

const learned: Readonly<Record<string, Rule>> = {
  ...rulesFor("LinearClassifier SVMClassifier TreeEnsembleClassifier", classifier),
  ...rulesFor("LinearRegressor SVMRegressor TreeEnsembleRegressor", () => ({ element: "float32", rank: 2 })),
  ...rulesFor("Normalizer Scaler", ofElement("float32", first)),
  ...rulesFor("Binarizer Imputer", first),
  FeatureVectorizer: () => ({ element: "float32", rank: 2 }),
  LabelEncoder: encoder,
  OneHotEncoder: (call) => ({ element: "float32", rank: more(first(call).rank, 1) }),
};

const rules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = { "": standard, "ai.onnx.ml": learned };

/** What is known of the outputs of a node whatever the shapes of the inputs: type and number of axes. Nothing where no rule says it. */
export function factsOf(node: Node, inputs: readonly Fact[], constants: readonly (Constant | undefined)[]): readonly Fact[] {
  const table = Object.hasOwn(rules, node.domain) ? rules[node.domain] : undefined;
  const rule = table !== undefined && Object.hasOwn(table, node.op) ? table[node.op] : undefined;
  const facts = rule?.({ node, inputs, constants }) ?? [];
  return Array.isArray(facts) ? facts : [facts as Fact];
}
