import { AttributeProtoSchema, AttributeProto_AttributeType as Type, TypeProtoSchema } from "onnx-buf";
import { decode, numbersOf, type OnnxAttribute, type Span } from "./graph.ts";
import type { Attribute } from "./program.ts";
import { eachVarint, longTextAt } from "./read-tensor.ts";
import { eachField, int64At, integerAt, Malformed } from "./wire.ts";

const field = numbersOf(AttributeProtoSchema, ["f", "i", "s", "tp", "floats", "ints", "strings", "type", "refAttrName"]);

type Plain = Exclude<Attribute, { kind: "tensor" | "tensors" | "graph" }>;

/** An attribute other than tensors and graphs; `held` for those, `reference` for one that stands for an attribute of the function's call. */
export type PlainAttribute = Plain | { readonly held: "tensor" | "tensors" | "graph" } | { readonly reference: string };

interface Found {
  type: number;
  reference: string;
  f: number;
  i: bigint;
  s: Span | undefined;
  tp: Span | undefined;
  readonly floats: number[];
  readonly ints: bigint[];
  readonly strings: Span[];
}

/** Files of the first IR versions leave the type out: then what is there says it. */
export function plainAttribute(bytes: Uint8Array, attribute: OnnxAttribute): PlainAttribute {
  const found: Found = { type: 0, reference: "", f: 0, i: 0n, s: undefined, tp: undefined, floats: [], ints: [], strings: [] };
  const seen = new Set<number>();
  eachField(bytes, attribute.start, attribute.end, (number, wireType, start, end) => {
    seen.add(number);
    if (number === field.type) found.type = integerAt(bytes, start, end);
    else if (number === field.refAttrName) found.reference = longTextAt(bytes, start, end);
    else if (number === field.f) found.f = floatsAt(bytes, start, end)[0] ?? 0;
    else if (number === field.i) found.i = int64At(bytes, start, end);
    else if (number === field.s) found.s = { start, end };
    else if (number === field.tp) found.tp = { start, end };
    else if (number === field.floats) for (const value of floatsAt(bytes, start, end)) found.floats.push(value);
    else if (number === field.ints) eachVarint(bytes, wireType, start, end, (value) => found.ints.push(value));
    else if (number === field.strings) found.strings.push({ start, end });
  });
  if (found.reference !== "") return { reference: found.reference };
  return valueAt(bytes, found, found.type === 0 ? typeSeen(seen, attribute) : found.type);
}

function valueAt(bytes: Uint8Array, { f, i, s, tp, floats, ints, strings }: Found, type: number): PlainAttribute {
  if (type === Type.FLOAT) return { kind: "float", value: f };
  if (type === Type.INT) return { kind: "int", value: i };
  if (type === Type.STRING) return { kind: "string", value: s === undefined ? "" : longTextAt(bytes, s.start, s.end) };
  if (type === Type.FLOATS) return { kind: "floats", value: floats };
  if (type === Type.INTS) return { kind: "ints", value: ints };
  if (type === Type.STRINGS) return { kind: "strings", value: strings.map(({ start, end }) => longTextAt(bytes, start, end)) };
  if (type === Type.TYPE_PROTO && tp !== undefined) return { kind: "type", value: decode(TypeProtoSchema, bytes, tp, 1 << 20) };
  if (type === Type.TENSOR || type === Type.SPARSE_TENSOR) return { held: "tensor" };
  if (type === Type.TENSORS) return { held: "tensors" };
  if (type === Type.GRAPH) return { held: "graph" };
  throw new Malformed(`an attribute is of the type ${type}, which no operator has`);
}

function typeSeen(seen: ReadonlySet<number>, { tensors, graphs }: OnnxAttribute): number {
  if (graphs.length > 0) return Type.GRAPH;
  if (tensors.length > 0) return tensors.length === 1 ? Type.TENSOR : Type.TENSORS;
  const types = { f: Type.FLOAT, i: Type.INT, s: Type.STRING, floats: Type.FLOATS, ints: Type.INTS, strings: Type.STRINGS };
  const name = (Object.keys(types) as (keyof typeof types)[]).find((key) => seen.has(field[key]));
  return name === undefined ? 0 : types[name];
}

function floatsAt(bytes: Uint8Array, start: number, end: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  return Array.from({ length: Math.floor((end - start) / 4) }, (_, at) => view.getFloat32(at * 4, true));
}
