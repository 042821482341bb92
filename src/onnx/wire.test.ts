import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { OperatorSetIdProtoSchema, TensorProtoSchema } from "onnx-buf";
import { expect, test } from "vitest";
import { eachField, encodeField, int64At, Malformed } from "./wire.ts";

test("whole numbers of 64 bits are read as protobuf writes them", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (version) => {
      const bytes = toBinary(OperatorSetIdProtoSchema, create(OperatorSetIdProtoSchema, { version }));
      const read: bigint[] = [];
      eachField(bytes, 0, bytes.length, (_number, _wire, start, end) => read.push(int64At(bytes, start, end)));
      expect(read).toEqual([version]);
    }),
  );
});

test("what encodeField writes, protobuf reads, whatever the length", () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 70_000]) {
    const bytes = new Uint8Array(Buffer.concat(encodeField(TensorProtoSchema.field.rawData.number, new Uint8Array(length).fill(7))));
    expect(fromBinary(TensorProtoSchema, bytes).rawData).toEqual(new Uint8Array(length).fill(7));
  }
});

test.each([
  ["a varint that never ends", [0x80, 0x80]],
  ["a varint of eleven bytes", [0x08, ...Array.from({ length: 10 }, () => 0x80), 0x00]],
  ["a length past the end", [0x0a, 5, 1]],
  ["a length of four gibibytes and more", [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ["a group", [0x0b, 0x0c]],
  ["field zero", [0x00, 0x00]],
])("%s is malformed", (_, bytes) => {
  expect(() => eachField(Uint8Array.from(bytes), 0, bytes.length, () => undefined)).toThrow(Malformed);
});
