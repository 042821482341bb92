import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { expect, test } from "vitest";
import { parseModel } from "./read.ts";

const folder = join(import.meta.dirname, "../../vectors/models");

test.for(readdirSync(folder).filter((name) => name.endsWith(".onnx")))("the outline of %s is what protobuf's own decoder reads", (name) => {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  const { graph, opsets, irVersion } = parseModel(bytes, name);
  const whole = fromBinary(ModelProtoSchema, bytes);
  expect(irVersion).toBe(Number(whole.irVersion));
  expect(opsets).toEqual(new Map(whole.opsetImport.map(({ domain, version }) => [domain, Number(version)])));
  expect(graph.inputs.map((value) => [value.name, value.type])).toEqual(whole.graph?.input.map((value) => [value.name, value.type]));
  expect(graph.outputs.map((value) => [value.name, value.type])).toEqual(whole.graph?.output.map((value) => [value.name, value.type]));
  expect(graph.nodes.map(({ op, domain, inputs, outputs }) => [op, domain, inputs, outputs])).toEqual(
    whole.graph?.node.map(({ opType, domain, input, output }) => [opType, domain, input, output]),
  );
  expect(graph.nodes.flatMap(({ attributes }) => attributes.map((attribute) => [attribute.name, attribute.floats]))).toEqual(
    whole.graph?.node.flatMap(({ attribute }) => attribute.map((attribute) => [attribute.name, attribute.floats.length])),
  );
  expect(graph.initializers.map(({ name, type, dims, rawBytes }) => [name, type, dims, rawBytes ?? 0])).toEqual(
    whole.graph?.initializer.map(({ name, dataType, dims, rawData }) => [name, dataType, dims.map(Number), rawData.length]),
  );
});
