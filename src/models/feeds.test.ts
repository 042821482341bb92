import fc from "fast-check";
import { Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import type { Table } from "../data/index.ts";
import { codedInput, widened } from "../onnx/index.ts";
import { filler } from "./feeds.ts";
import type { Port } from "./index.ts";
import { tableOf } from "./zoo.fixture.ts";

const plain = { encode: {}, oneHot: {} } as Parameters<typeof filler>[4];

function fed(table: Table, port: Port, columns: readonly string[], start = 0, count = table.rows) {
  const feeds: Record<string, Tensor> = {};
  filler(Tensor, table, port, { input: port.name, columns }, plain, table.rows)(feeds, start, count);
  return feeds;
}

const port = (type: Port["type"], shape: Port["shape"] = [null, null]): Port => ({ name: "x", type, shape });

test("whole numbers reach a 64-bit input exactly", () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1 }), (values) => {
      const data = fed(tableOf({ a: values }), port("int64"), ["a"]).x?.data;
      expect(data).toEqual(BigInt64Array.from(values, BigInt));
    }),
  );
});

test("numbers are laid out row by row, and missing ones stay NaN", () => {
  const table = tableOf({ a: [1, null, 3], b: [10, 20, 30], c: [100, 200, null] });
  const { x } = fed(table, port("float32"), ["a", "b", "c"], 1, 2);
  expect(x?.dims).toEqual([2, 3]);
  expect(x?.data).toEqual(Float32Array.of(Number.NaN, 20, 200, 3, 30, Number.NaN));
});

test("more rows than a block are laid out like fewer", () => {
  const values = Array.from({ length: 2500 }, (_, row) => row);
  const { x } = fed(tableOf({ a: values, b: values.map((value) => -value) }), port("float64"), ["a", "b"]);
  expect(x?.data).toEqual(Float64Array.from(values.flatMap((value) => [value, -value])));
});

test("however many columns, each stands in its place", () => {
  const column = fc.array(fc.double(), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 11 }), (columns) => {
      const table = tableOf(Object.fromEntries(columns.map((values, at) => [`c${at}`, values])));
      const { x } = fed(table, port("float64"), Object.keys(table.columns));
      expect(x?.data).toEqual(Float64Array.from([0, 1, 2].flatMap((row) => columns.map((values) => values[row] ?? Number.NaN))));
    }),
  );
});

test("an input of one dimension is given one", () => {
  expect(fed(tableOf({ a: [1, 2] }), port("float32", [null]), ["a"]).x?.dims).toEqual([2]);
});

test("rows fill an input of more dimensions in the order of their columns", () => {
  const table = tableOf(Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name, at) => [name, [at, 10 + at]])));
  const feeds: Record<string, Tensor> = {};
  const bound = { input: "x", columns: Object.keys(table.columns), shape: [1, 2, 3] };
  filler(Tensor, table, port("float32", [null, 1, null, 3]), bound, plain, 2)(feeds, 0, 2);
  expect(feeds.x?.dims).toEqual([2, 1, 2, 3]);
  expect(feeds.x?.data).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15));
});

test("half precision is given as float32, under the name that is cast in the graph", () => {
  const feeds = fed(tableOf({ a: [0.1] }), port("float16"), ["a"]);
  expect(feeds[widened("x")]?.data).toEqual(Float32Array.of(0.1));
  expect(feeds.x).toBeUndefined();
});

test.each([
  ["int8", Int8Array.of(-128, 127)],
  ["int16", Int16Array.of(-(2 ** 15), 2 ** 15 - 1)],
  ["uint8", Uint8Array.of(0, 255)],
  ["uint16", Uint16Array.of(0, 2 ** 16 - 1)],
  ["uint32", Uint32Array.of(0, 2 ** 32 - 1)],
  ["uint64", BigUint64Array.of(0n, BigInt(Number.MAX_SAFE_INTEGER))],
] as const)("whole numbers of %s reach to its ends and no further", (type, ends) => {
  const numbers = Array.from(ends, Number);
  expect(fed(tableOf({ a: numbers }), port(type), ["a"]).x?.data).toEqual(ends);
  for (const beyond of [(numbers[0] ?? 0) - 1, (numbers[1] ?? 0) + 1])
    expect(() => fed(tableOf({ a: [beyond] }), port(type), ["a"])).toThrow(expect.objectContaining({ code: "MODEL_INPUT_INVALID" }));
});

test("booleans are 1 and 0", () => {
  expect(fed(tableOf({ a: [true, false] }), port("float32"), ["a"]).x?.data).toEqual(Float32Array.of(1, 0));
  expect(fed(tableOf({ a: [true, false] }), port("bool"), ["a"]).x?.data).toEqual(Uint8Array.of(1, 0));
});

test("texts of several columns share one dictionary, whose last text is the missing one", () => {
  const { codes, dictionary } = codedInput("x");
  const feeds = fed(tableOf({ a: ["u", null, "v"], b: ["w", "w", null] }), port("string"), ["a", "b"]);
  const texts = feeds[dictionary]?.data as string[];
  expect(Array.from(feeds[codes]?.data as Int32Array, (code) => texts[code])).toEqual(["u", "w", "", "w", "v", ""]);
});

test.each([2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN])("%d does not fit a 32-bit input", (value) => {
  expect(() => fed(tableOf({ a: [value] }), port("int32"), ["a"])).toThrow(expect.objectContaining({ code: "MODEL_INPUT_INVALID" }));
});
