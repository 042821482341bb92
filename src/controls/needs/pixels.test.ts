import { expect, it } from "vitest";
import type { ImageColumn, Table } from "../../data/index.ts";
import { withPixels } from "./pixels.ts";

const small = (channels: 1 | 3): ImageColumn => ({
  height: 8,
  width: 8,
  channels,
  range: [0, 255],
  read: async (rows) => Uint8Array.from({ length: rows.length * 64 * channels }, (_, at) => rows[Math.floor(at / (64 * channels))]! % 251),
  resized: () => small(channels),
});

it("pictures become as many columns as their parts have means, beside the other columns, row by row", async () => {
  const rows = 1100; // more than are read at once
  const table: Table = {
    rows,
    columns: { size: { kind: "number", values: new Float64Array(rows) } },
    images: { photo: small(3) },
  };
  const { table: made, features } = await withPixels(table, ["size", "photo"]);
  expect(features.length).toBe(1 + 192);
  for (const at of [0, 63, 191]) {
    const column = made.columns[`photo ${at}`];
    expect(column?.kind === "number" && [0, 5, 600, 1099].map((row) => column.values[row])).toEqual([0, 5, 600 % 251, 1099 % 251]);
  }
});

it("a table without pictures stays as it is", async () => {
  const table: Table = { rows: 1, columns: { size: { kind: "number", values: Float64Array.of(3) } } };
  expect(await withPixels(table, ["size"])).toEqual({ table, features: ["size"] });
});
