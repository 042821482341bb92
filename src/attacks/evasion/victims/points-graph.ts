import { Problem, quoted } from "../../../base/index.ts";
import type { OnnxBinding, Preparation } from "../../../models/index.ts";
import { constant, freshName, int, int64s, type Node, node, type PortType, type Program } from "../../../onnx/index.ts";
import type { Feature, Space } from "../space/space.ts";
import { spanOf } from "../space/tables.ts";

/** A program that takes points instead of what its model takes. */
export interface PointsProgram {
  readonly program: Program;
  /** The name of the input that points fill: float32 [batch, width]. */
  readonly points: string;
  /** The shape of every input, for `batch` rows. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Inputs of text, which stay: [batch, columns] of texts, not differentiated. */
  readonly texts: readonly { readonly input: string; readonly columns: readonly string[] }[];
  /** Nodes before the model that round what points hold, as whoever calls the model does: gradients pass them unchanged (BPDA with the identity, Athalye et al. 2018). */
  readonly rounding: readonly string[];
}

type Bound = OnnxBinding["inputs"][number];

/**
 * Puts before a model what turns points of a space into its inputs: the preparation of pictures, the units and the encoding of columns. So an attack goes
 * through the defender's own preparation. Throws ATTACK_UNFIT for an input that nothing real fills.
 */
export function withPoints(program: Program, binding: OnnxBinding, space: Space, batch: number): PointsProgram {
  const parts = program.graph.inputs.map((port) => {
    const bound = binding.inputs.find(({ input }) => input === port.name);
    if (bound === undefined) throw new Error(`nothing fills ${port.name}`);
    return { port, bound };
  });
  const graph = new Before(program);
  const points = graph.name("points");
  const texts = parts.filter(({ port }) => port.element === "string");
  for (const { port, bound } of parts)
    if (port.element !== "string") fill(graph, { port, bound, binding, space, points, batch, file: program.file });
  const input: PortType = { name: points, element: "float32", dims: [batch, space.width], proto: undefined };
  const inputs = [input, ...texts.map(({ port }) => port)];
  return {
    program: {
      ...program,
      graph: {
        ...program.graph,
        inputs,
        nodes: [...graph.nodes, ...program.graph.nodes],
        constants: new Map([...program.graph.constants, ...graph.constants]),
      },
    },
    points,
    shapes: Object.fromEntries([
      [points, [batch, space.width]],
      ...texts.map(({ port, bound }) => [port.name, shapeOf(port, bound, batch, bound.columns.length)]),
    ]),
    texts: texts.map(({ port, bound }) => ({ input: port.name, columns: bound.columns })),
    rounding: graph.rounding,
  };
}

/** Nodes and constants that come before a program's own. */
class Before {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, ReturnType<typeof constant>>();
  readonly rounding: string[] = [];
  readonly #taken: Set<string>;

  constructor({ graph }: Program) {
    this.#taken = new Set([
      ...graph.inputs.map(({ name }) => name),
      ...graph.constants.keys(),
      ...graph.nodes.flatMap(({ outputs }) => outputs),
    ]);
  }

  name(hint = "prepared"): string {
    return freshName(this.#taken, hint);
  }

  constant(value: ReturnType<typeof constant>): string {
    const name = this.name();
    this.constants.set(name, value);
    return name;
  }

  add(op: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}, output = this.name()): string {
    this.nodes.push(node(op, inputs, [output], attributes, { name: output }));
    return output;
  }
}

interface Filling {
  readonly port: PortType;
  readonly bound: Bound;
  readonly binding: OnnxBinding;
  readonly space: Space;
  readonly points: string;
  readonly batch: number;
  readonly file: string;
}

function fill(graph: Before, filling: Filling): void {
  const { port, bound, batch } = filling;
  const { image } = bound;
  const value = image === undefined ? columns(graph, filling) : picture(graph, filling, image);
  const width = image === undefined ? widthOf(filling) : 0;
  const shape = image === undefined ? shapeOf(port, bound, batch, width) : null;
  const shaped =
    shape === null || (shape.length === 2 && shape[1] === width) ? value : graph.add("Reshape", [value, graph.constant(int64s(shape))]);
  asPort(graph, filling, shaped);
}

/** The input in its own type and under its own name. */
function asPort(graph: Before, { port, file }: Filling, value: string): void {
  const { element, name } = port;
  if (element === "float32") return void graph.add("Identity", [value], {}, name);
  if (element === null || element === "opaque" || element === "string")
    throw new Problem("ATTACK_UNFIT", `input ${quoted(name)} holds what no gradient reaches`, {
      file,
      remedy: "Choose an attack by scores or labels.",
    });
  const to = { to: int(constant(element, [0], []).type) };
  if (element === "float64" || element === "float16" || element === "bfloat16") return void graph.add("Cast", [value], to, name);
  const rounded = graph.add("Round", [value]);
  graph.rounding.push(rounded, name);
  graph.add("Cast", [rounded], to, name);
}

/** (range(value) - mean) / std for each channel, in the model's layout. */
function picture(graph: Before, { points, batch }: Filling, { layout, height, width, colours, range, mean, std }: Preparation): string {
  const channels = colours === "grey" ? 1 : 3;
  const [black, white] = range;
  const dims = {
    NCHW: [batch, channels, height, width],
    NHWC: [batch, height, width, channels],
    NHW: [batch, height, width],
    flat: [batch, height * width * channels],
  }[layout];
  const shaped = layout === "flat" ? points : graph.add("Reshape", [points, graph.constant(int64s(dims))]);
  const factor = std.map((each) => (white - black) / each);
  const offset = std.map((each, channel) => (black - mean[channel]!) / each);
  const along = (values: readonly number[]) => {
    if (new Set(values).size === 1) return constant("float32", [], Float32Array.of(values[0]!));
    if (layout === "NCHW") return constant("float32", [1, channels, 1, 1], Float32Array.from(values));
    const times = layout === "flat" ? height * width : 1;
    return constant(
      "float32",
      [times * channels],
      Float32Array.from({ length: times * channels }, (_, at) => values[at % channels]!),
    );
  };
  const isOne = factor.every((each) => each === 1);
  const scaled = isOne ? shaped : graph.add("Mul", [shaped, graph.constant(along(factor))]);
  const isNone = offset.every((each) => each === 0);
  return isNone ? scaled : graph.add("Add", [scaled, graph.constant(along(offset))]);
}

/** One product for all columns of an input: each of its numbers is an amount of one feature, or a sum of a text's features with their codes, and an offset. */
function columns(graph: Before, filling: Filling): string {
  const { space, points } = filling;
  const numbers = numbersOf(filling);
  const k = numbers.length;
  const weights = new Float32Array(space.width * k);
  const offsets = new Float32Array(k);
  for (const [at, { terms, offset }] of numbers.entries()) {
    offsets[at] = offset;
    for (const { feature, weight } of terms) weights[feature * k + at] = weight;
  }
  const product = graph.add("MatMul", [points, graph.constant(constant("float32", [space.width, k], weights))]);
  return offsets.every((each) => each === 0) ? product : graph.add("Add", [product, graph.constant(constant("float32", [k], offsets))]);
}

/** One number of an input as a sum over features. */
interface Sum {
  readonly terms: readonly { readonly feature: number; readonly weight: number }[];
  readonly offset: number;
}

const widthOf = (filling: Filling) => numbersOf(filling).length;

function numbersOf({ bound, binding, space, file }: Filling): readonly Sum[] {
  return bound.columns.flatMap((column) => {
    const features = space.features.map((feature, at) => ({ feature, at })).filter((each) => each.feature.column === column);
    return sumsOf(column, features, binding, file);
  });
}

function sumsOf(
  column: string,
  features: readonly { readonly feature: Feature; readonly at: number }[],
  { encode, oneHot }: OnnxBinding,
  file: string,
): readonly Sum[] {
  const [first] = features;
  if (first?.feature.kind === "number") {
    return [{ terms: [{ feature: first.at, weight: spanOf(first.feature) }], offset: first.feature.low }];
  }
  const texts = features.flatMap(({ feature, at }) => (feature.kind === "text" ? [{ text: feature.text, at }] : []));
  if (texts.length === 0)
    throw new Problem("ATTACK_UNFIT", `column ${quoted(column)} has too many texts, or none, to be changed step by step`, {
      file,
      remedy: "Choose an attack by scores or labels.",
    });
  const places = Object.hasOwn(oneHot, column) ? oneHot[column] : undefined;
  if (places !== undefined)
    return places.map((text) => ({
      terms: texts.filter((each) => each.text === text).map(({ at }) => ({ feature: at, weight: 1 })),
      offset: 0,
    }));
  const codes = Object.hasOwn(encode, column) ? encode[column] : { true: 1, false: 0 };
  return [{ terms: texts.map(({ text, at }) => ({ feature: at, weight: codes?.[text] ?? 0 })), offset: 0 }];
}

/** As the model's own feeds have it. */
function shapeOf({ dims }: PortType, { shape }: Bound, batch: number, width: number): readonly number[] {
  return [batch, ...(shape ?? (dims?.length === 1 ? [] : [width]))];
}
