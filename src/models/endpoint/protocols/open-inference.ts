import { z } from "zod";
import type { Port } from "../../model.ts";
import { own } from "../../own.ts";
import { answerInvalid } from "../failures.ts";
import type { Asked, Outputs, Protocol, TypedPort } from "./protocol.ts";
import { versioned } from "./protocol.ts";
import { listOf, objectOf } from "./shapes.ts";

const types: Readonly<Record<string, Port["type"]>> = {
  BOOL: "bool",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  FP32: "float32",
  FP64: "float64",
  BYTES: "string",
};

const tensor = z.object({ name: z.string().min(1).max(1000), datatype: z.string().max(40), shape: z.array(z.number()).max(16) });
const metadata = z.object({ inputs: z.array(tensor).max(10_000).default([]), outputs: z.array(tensor).max(10_000).default([]) });

/** Open Inference Protocol, version 2, over REST (github.com/kserve/open-inference-protocol, inference_rest.md). */
export const openInference: Protocol = {
  // JSON has no word for a missing number, and the protocol adds none.
  blanks: { number: null, text: '""' },
  path: (address) => `${versioned(address, "/v2/models")}/infer`,
  describedAt: (address) => versioned(address, "/v2/models"),
  described(answer) {
    const found = metadata.safeParse(answer);
    if (!found.success) throw answerInvalid("what the server says of its model is not as Open Inference has it (`inputs` and `outputs`)");
    return { inputs: found.data.inputs.map(portOf), outputs: found.data.outputs.map(portOf) };
  },
  bodies(asked) {
    const heads = asked.inputs.map(
      ({ input, datatype }) => `{"name":${JSON.stringify(input)},"datatype":${JSON.stringify(datatype)},"shape":[`,
    );
    const widths = asked.inputs.map(({ isList, columns }) => (isList ? `,${widthOf(columns, asked)}` : ""));
    const wanted = [asked.labelOutput, asked.scoreOutput].filter((name) => name !== null);
    const outputs = wanted.length === 0 ? "" : `,"outputs":${JSON.stringify(wanted.map((name) => ({ name })))}`;
    return (rows) => {
      const inputs = heads.map((head, at) => `${head}${rows.length}${widths[at]}],"data":[${rows.map((row) => row[at]).join(",")}]}`);
      return `{"inputs":[${inputs.join(",")}]${outputs}}`;
    };
  },
  read(answer, rows) {
    const outputs = listOf(objectOf(answer, "the answer").outputs, "`outputs` of the answer").map((each) => objectOf(each, "an output"));
    const entries = outputs.map(({ name, data }) => [String(name), valuesOf(data, rows, String(name))] as const);
    return Object.assign(Object.create(null), Object.fromEntries(entries)) as Outputs;
  },
};

const portOf = ({ name, datatype, shape }: z.infer<typeof tensor>): TypedPort => ({
  name,
  datatype,
  type: types[datatype] ?? "other", // FP16 and BF16 have no form in JSON
  other: datatype,
  shape: shape.map((size) => (size < 0 ? null : size)),
});

export const widthOf = (columns: readonly string[], { oneHot }: Pick<Asked, "oneHot">) =>
  columns.reduce((sum, name) => sum + (own(oneHot, name)?.length ?? 1), 0);

/** Data may be nested or flat; either way it is row after row. */
function valuesOf(data: unknown, rows: number, name: string): readonly unknown[] {
  const flat = listOf(data, `\`data\` of output ${name}`).flat(8);
  const width = flat.length / rows;
  if (!Number.isInteger(width) || width === 0)
    throw answerInvalid(
      `output ${name} holds ${flat.length} values for ${rows} rows`,
      "Lower `batch` to 1; if it stays, the service does not answer each row.",
    );
  return width === 1 ? flat : Array.from({ length: rows }, (_, row) => flat.slice(row * width, (row + 1) * width));
}
