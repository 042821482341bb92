import { expect, it } from "vitest";
import { type ImageColumn, selectRows, sliceRows, type Table } from "./index.ts";

const pictures: ImageColumn = {
  height: 1,
  width: 1,
  channels: 1,
  range: [0, 255],
  read: async (rows) => Uint8Array.from(rows, (row) => 10 * row),
  resized: ({ width }) => ({ ...pictures, width, read: async (rows) => Uint8Array.from(rows, (row) => row) }),
};

const table: Table = {
  rows: 4,
  columns: {
    size: { kind: "number", values: Float64Array.of(1, 2, 3, 4) },
    sort: { kind: "text", codes: Int32Array.of(0, 1, -1, 0), categories: ["a", "b"] },
  },
  images: { picture: pictures },
};

it("rows are picked in the order asked for, numbers, texts and pictures alike", async () => {
  const picked = selectRows(table, Int32Array.of(3, 0, 3));
  expect(picked.rows).toBe(3);
  expect(picked.columns.size).toEqual({ kind: "number", values: Float64Array.of(4, 1, 4) });
  expect(picked.columns.sort).toEqual({ kind: "text", codes: Int32Array.of(0, 0, 0), categories: ["a", "b"] });
  expect(await picked.images?.picture?.read(Int32Array.of(0, 1))).toEqual(Uint8Array.of(30, 0));
});

it("a slice of a slice is the part of the whole that it names", async () => {
  const part = sliceRows(sliceRows(table, 1, 3), 1, 2);
  expect(part.columns.size).toEqual({ kind: "number", values: Float64Array.of(3, 4) });
  expect(await part.images?.picture?.read(Int32Array.of(1))).toEqual(Uint8Array.of(30));
});

it("pictures in another size are those of the same rows", async () => {
  const smaller = sliceRows(selectRows(table, Int32Array.of(3, 0, 2)), 1, 2).images?.picture?.resized({
    height: 1,
    width: 2,
    fit: "stretch",
    filter: "bilinear",
  });
  expect(await smaller?.read(Int32Array.of(0, 1))).toEqual(Uint8Array.of(0, 2));
});
