import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProtoSchema,
  TensorProto_DataLocation as Location,
  ModelProtoSchema,
  type TensorProtoSchema,
  TensorProto_DataType as Type,
  type ValueInfoProtoSchema,
} from "onnx-buf";

type Graph = MessageInitShape<typeof GraphProtoSchema>;
type Model = MessageInitShape<typeof ModelProtoSchema>;
type Tensor = MessageInitShape<typeof TensorProtoSchema>;
type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

export const floats = (name: string): MessageInitShape<typeof ValueInfoProtoSchema> => ({
  name,
  type: {
    value: {
      case: "tensorType",
      value: {
        elemType: Type.FLOAT,
        shape: { dim: [{ value: { case: "dimParam", value: "N" } }, { value: { case: "dimValue", value: 2n } }] },
      },
    },
  },
});

/** Two stored floats. */
export const pair = (more: Tensor = {}): Tensor => ({ name: "w", dataType: Type.FLOAT, dims: [2n], rawData: new Uint8Array(8), ...more });

/** Two stored floats, said to lie in another file. */
export const pairElsewhere = (entries: { readonly [key: string]: string }): Tensor => ({
  name: "w",
  dataType: Type.FLOAT,
  dims: [2n],
  dataLocation: Location.EXTERNAL,
  externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
});

/** y = x + w, of opset 17, unless told otherwise. */
export function addition(graph: Graph = {}, model: Model = {}): Uint8Array<ArrayBuffer> {
  const whole = {
    irVersion: 8n,
    opsetImport: [{ domain: "", version: 17n }],
    graph: {
      name: "g",
      node: [{ opType: "Add", name: "sum", input: ["x", "w"], output: ["y"] }],
      initializer: [pair()],
      input: [floats("x")],
      output: [floats("y")],
      ...graph,
    },
    ...model,
  };
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, whole as Model));
}

/** An attribute that holds a graph which holds such an attribute, and so on. */
export function nested(levels: number): Attribute {
  const inner: Graph = {
    node: levels === 0 ? [] : [{ opType: "If", input: ["x"], output: [`y${levels}`], attribute: [nested(levels - 1)] }],
    output: [{ name: "x" }],
  };
  return { name: "then_branch", type: AttributeType.GRAPH, g: inner };
}
