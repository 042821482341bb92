import {
  type Constant,
  constant,
  float,
  floatOf,
  freshName,
  type Graph,
  intOf,
  type Known,
  type Node,
  node as nodeOf,
  type Specialised,
  tidy,
  usedBy,
} from "../onnx/index.ts";

/** What a batch's normalisation multiplies each channel by, and what it adds then. */
interface Affine {
  readonly factor: Float64Array;
  readonly shift: Float64Array;
}

type Weights = readonly [weight: Constant, bias: Constant];

/** Nodes that take the place of one, their outputs aside, and the constants they need, by name. */
interface Folded {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly known: ReadonlyMap<string, Known>;
}

/**
 * The program with each BatchNormalization taken into the weights of the Conv, ConvTranspose, Gemm or MatMul before it, where these are constants and nothing else uses
 * what lies between: the same function, to the rounding of its weights, and less to differentiate. Values named in `keep` stay.
 */
export function foldBatchNorm(program: Specialised, keep: ReadonlySet<string> = new Set()): Specialised {
  const { graph } = program;
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const shared = sharedValues(graph, keep);
  const used = new Set([...program.known.keys()]);
  const gone = new Set<Node>();
  const places = new Map<Node, Folded>();
  for (const node of graph.nodes) {
    const [x = ""] = node.inputs;
    const before = makers.get(x);
    if (node.op !== "BatchNormalization" || node.domain !== "" || before === undefined || shared.has(x)) continue;
    const folded = foldedInto(program, before, node, used);
    if (folded === null) continue;
    gone.add(before);
    places.set(node, folded);
  }
  if (places.size === 0) return program;
  const all = [...places.values()];
  const nodes = graph.nodes.flatMap((node) => (gone.has(node) ? [] : (places.get(node)?.nodes ?? [node])));
  const constants = new Map([...graph.constants, ...all.flatMap((folded) => [...folded.constants])]);
  const left = tidy({ ...graph, nodes, constants });
  const names = new Set([
    ...left.constants.keys(),
    ...left.inputs.map(({ name }) => name),
    ...left.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const known = new Map([...program.known, ...all.flatMap((folded) => [...folded.known])].filter(([name]) => names.has(name)));
  return { ...program, graph: left, known };
}

/** What several nodes use, or what is an output. */
function sharedValues({ nodes, outputs }: Graph, keep: ReadonlySet<string>): ReadonlySet<string> {
  const shared = new Set([...keep, ...outputs.map(({ name }) => name)]);
  const seen = new Set<string>();
  for (const name of nodes.flatMap((node) => [...usedBy(node)])) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

function foldedInto(program: Specialised, before: Node, norm: Node, used: Set<string>): Folded | null {
  const rule = before.domain === "" && Object.hasOwn(rules, before.op) ? rules[before.op as keyof typeof rules] : undefined;
  const affine = affineOf(program, norm);
  const [x = "", w = "", b = ""] = before.inputs;
  const weight = realConstant(program, w);
  const bias = b === "" ? null : realConstant(program, b);
  if (rule === undefined || affine === null || weight === null || (b !== "" && bias === null)) return null;
  const made = rule({ before, weight, bias, affine, rank: program.known.get(x)?.dims.length ?? 0 });
  if (made === null) return null;
  const [wName, bName] = [freshName(used, `${w}/normalised`), freshName(used, `${norm.inputs[2]}/normalised`)];
  const constants = new Map([[wName, made[0]], [bName, made[1]]] as const); // biome-ignore format: one map
  const known = new Map<string, Known>(
    [...constants].map(([name, value]) => [name, { element: value.element, dims: value.dims, constant: value }]),
  );
  const outputs = norm.outputs.slice(0, 1);
  if (before.op !== "MatMul")
    return { nodes: [{ ...before, inputs: [x, wName, bName], outputs, attributes: withoutBeta(before) }], constants, known };
  const product = freshName(used, `${outputs[0]}/product`);
  const facts = program.known.get(outputs[0] ?? "");
  if (facts !== undefined) known.set(product, { element: facts.element, dims: facts.dims });
  const nodes = [nodeOf("MatMul", [x, wName], [product], {}, { name: before.name }), nodeOf("Add", [product, bName], outputs)];
  return { nodes, constants, known };
}

/** A Gemm's new bias has taken its factor in. */
function withoutBeta({ op, attributes }: Node): Node["attributes"] {
  return op === "Gemm" && attributes.has("beta") ? new Map([...attributes, ["beta", float(1)]]) : attributes;
}

function realConstant({ known }: Specialised, name: string): Constant | null {
  const found = known.get(name)?.constant;
  return found !== undefined && (found.element === "float32" || found.element === "float64") ? found : null;
}

function affineOf(program: Specialised, norm: Node): Affine | null {
  if (intOf(norm, "training_mode", 0) !== 0 || norm.outputs.slice(1).some(Boolean)) return null;
  const [scale, shift, mean, variance] = norm.inputs
    .slice(1, 5)
    .map((name) => realConstant(program, name)?.values as Float64Array | undefined);
  if (scale === undefined || shift === undefined || mean === undefined || variance === undefined) return null;
  const epsilon = floatOf(norm, "epsilon", 1e-5);
  const factor = Float64Array.from(scale, (value, at) => value / Math.sqrt((variance[at] ?? 0) + epsilon));
  return { factor, shift: factor.map((value, at) => (shift[at] ?? 0) - (mean[at] ?? 0) * value) };
}

interface Given {
  readonly before: Node;
  readonly weight: Constant;
  readonly bias: Constant | null;
  readonly affine: Affine;
  /** Of what is weighed. */
  readonly rank: number;
}

const rules = {
  Conv: ({ weight, bias, affine }: Given) =>
    weighed(weight, bias, affine, 1, (at, channels) => Math.floor(at / (weight.values.length / channels))),
  ConvTranspose: ({ before, weight, bias, affine }: Given) => {
    const [inputs = 1, outputs = 1, ...kernel] = weight.dims;
    const size = kernel.reduce((product, dim) => product * dim, 1);
    const perGroup = inputs / intOf(before, "group", 1);
    const channelAt = (at: number) => Math.floor(at / (outputs * size * perGroup)) * outputs + (Math.floor(at / size) % outputs);
    return weighed(weight, bias, affine, 1, channelAt);
  },
  Gemm: ({ before, weight, bias, affine }: Given) => {
    const isTurned = intOf(before, "transB", 0) !== 0;
    const [, width = 1] = weight.dims;
    return weighed(weight, bias, affine, floatOf(before, "beta", 1), (at) => (isTurned ? Math.floor(at / width) : at % width));
  },
  /** Of matrices alone: of more dimensions, the channels would not be the columns. */
  MatMul: ({ weight, bias, affine, rank }: Given) =>
    rank === 2 && weight.dims.length === 2 ? weighed(weight, bias, affine, 1, (at, channels) => at % channels) : null,
} satisfies Record<string, (given: Given) => Weights | null>;

/** Each weight times its channel's factor; each bias times beta and factor, and shifted. Null for a bias that is not one number for each channel, or one for all. */
function weighed(
  weight: Constant,
  bias: Constant | null,
  { factor, shift }: Affine,
  beta: number,
  channelAt: (at: number, channels: number) => number,
): Weights | null {
  const channels = factor.length;
  if (bias !== null && bias.values.length !== 1 && !(bias.values.length === channels && bias.dims.at(-1) === channels)) return null;
  const given = (at: number) => (bias === null ? 0 : Number(bias.values[bias.values.length === 1 ? 0 : at]));
  const weights = Float64Array.from(weight.values as Float64Array, (value, at) => value * (factor[channelAt(at, channels)] ?? 0));
  const biases = Float64Array.from(factor, (value, at) => given(at) * beta * value + (shift[at] ?? 0));
  return [like(weight, weight.dims, weights), like(weight, [channels], biases)];
}

const like = ({ element }: Constant, dims: readonly number[], values: Float64Array) =>
  element === "float64" ? constant("float64", dims, values) : constant("float32", dims, Float32Array.from(values));
