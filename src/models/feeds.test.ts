import fc from "fast-check";
import { Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import type { Table } from "../data/index.ts";
import { codedInput } from "../onnx/index.ts";
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
