import { z } from "zod";
import type { Port } from "../../model.ts";
import { answerInvalid } from "../failures.ts";
import type { RowTexts } from "../rows.ts";
import type { Protocol, TypedPort } from "./protocol.ts";
import { versioned } from "./protocol.ts";
import { byName, isObject, objectOf, rowsOf } from "./shapes.ts";

const types: Readonly<Record<string, Port["type"]>> = {
  DT_BOOL: "bool",
  DT_UINT8: "uint8",
  DT_UINT16: "uint16",
  DT_UINT32: "uint32",
  DT_UINT64: "uint64",
  DT_INT8: "int8",
  DT_INT16: "int16",
  DT_INT32: "int32",
  DT_INT64: "int64",
  DT_HALF: "float16",
  DT_BFLOAT16: "bfloat16",
  DT_FLOAT: "float32",
  DT_DOUBLE: "float64",
  DT_STRING: "string",
};

const tensor = z.object({
  dtype: z.string().max(40),
  tensor_shape: z
    .object({
      dim: z
        .array(z.object({ size: z.coerce.number() }))
        .max(16)
        .default([]),
      unknown_rank: z.boolean().default(false),
    })
    .default({ dim: [], unknown_rank: false }),
});
const signature = z.object({ inputs: z.record(z.string(), tensor).default({}), outputs: z.record(z.string(), tensor).default({}) });
const metadata = z.object({ metadata: z.object({ signature_def: z.object({ signature_def: z.record(z.string(), z.unknown()) }) }) });

/** TensorFlow Serving's REST interface, `predict` alone (github.com/tensorflow/serving, g3doc/api_rest.md). */
export const tfServing: Protocol = {
  blanks: { number: (value) => String(value), text: '""' }, // NaN, Infinity and -Infinity are words of its JSON
  path: (address) => `${versioned(address, "/v1/models")}:predict`,
  describedAt: (address) => `${versioned(address, "/v1/models")}/metadata`,
  described(answer, { signature: name }) {
    const found = metadata.safeParse(answer);
    if (!found.success)
      throw answerInvalid("what the server says of its model is not as TensorFlow Serving has it (`metadata`, `signature_def`)");
    const signatures = found.data.metadata.signature_def.signature_def;
    const wanted = name ?? "serving_default";
    const own = Object.hasOwn(signatures, wanted) ? signature.safeParse(signatures[wanted]) : null;
    if (own === null || !own.success)
      throw answerInvalid(
        `the model has no signature ${wanted}`,
        `Name one under \`endpoint\`: \`signature: ...\`. It has ${Object.keys(signatures).slice(0, 8).join(", ")}.`,
      );
    return { inputs: Object.entries(own.data.inputs).map(portOf), outputs: Object.entries(own.data.outputs).map(portOf) };
  },
  bodies({ inputs, address: { format, signature: name } }) {
    const named = name === null ? "" : `"signature_name":${JSON.stringify(name)},`;
    const names = inputs.map(({ input }) => JSON.stringify(input));
    if (format === "inputs") {
      const column = (rows: readonly RowTexts[], at: number) => `${names[at]}:[${rows.map((row) => row[at]).join(",")}]`;
      return (rows) => `{${named}"inputs":{${names.map((_, at) => column(rows, at)).join(",")}}}`;
    }
    const instance = (row: RowTexts) => (names.length === 1 ? row[0] : `{${names.map((each, at) => `${each}:${row[at]}`).join(",")}}`);
    return (rows) => `{${named}"instances":[${rows.map(instance).join(",")}]}`;
  },
  read(answer, rows, { address: { format }, labelOutput, scoreOutput }) {
    const key = format === "instances" ? "predictions" : "outputs";
    const found = objectOf(answer, "the answer")[key];
    // The only output of a model goes without its name.
    const only = labelOutput ?? scoreOutput ?? "predictions";
    if (format === "inputs" && isObject(found)) {
      const outputs = Object.entries(objectOf(found, "`outputs`"));
      return Object.assign(
        Object.create(null),
        Object.fromEntries(outputs.map(([name, list]) => [name, rowsOf(list, rows, `output ${name}`)])),
      );
    }
    const list = rowsOf(found, rows, `\`${key}\``);
    return isObject(list[0]) ? byName(list, `\`${key}\``) : { [only]: list };
  },
};

const portOf = ([name, { dtype, tensor_shape }]: [string, z.infer<typeof tensor>]): TypedPort => ({
  name,
  datatype: dtype,
  type: types[dtype] ?? "other",
  other: dtype,
  shape: tensor_shape.unknown_rank ? [null, null] : tensor_shape.dim.map(({ size }) => (size < 0 ? null : size)),
});
