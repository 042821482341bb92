import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImageColumn, Table } from "../../../data/index.ts";
import type { Preparation } from "../../../models/index.ts";
import { pictureSpace } from "./pictures.ts";
import { tableSpace } from "./tables.ts";

const table = (rows: readonly { age: number; income: number; housing: string }[]): Table => {
  const categories = ["free", "own", "rent"];
  return {
    rows: rows.length,
    columns: {
      age: { kind: "number", values: Float64Array.from(rows, ({ age }) => age) },
      income: { kind: "number", values: Float64Array.from(rows, ({ income }) => income) },
      housing: { kind: "text", codes: Int32Array.from(rows, ({ housing }) => categories.indexOf(housing)), categories },
    },
  };
};
const row = fc.record({
  age: fc.integer({ min: 18, max: 90 }),
  income: fc.double({ min: 0, max: 1e6, noNaN: true }),
  housing: fc.constantFrom("free", "own", "rent"),
});
const columns = ["age", "income", "housing"];
const written = ({ rows, columns: { age, income, housing } }: Table) =>
  Array.from({ length: rows }, (_, at) => {
    if (age?.kind !== "number" || income?.kind !== "number" || housing?.kind !== "text") throw new Error("other kinds");
    return { age: age.values[at]!, income: income.values[at]!, housing: housing.categories[housing.codes[at]!] };
  });

describe("the space of a table", () => {
  it("gives back the rows that it was made of: whole numbers and texts exactly, others as float32 has them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const given = table(rows);
        const space = tableSpace(columns, [given]);
        const points = await space.pointsOf(given);
        expect([...points.values].every((value) => value >= 0 && value <= 1)).toBe(true);
        const span = Math.max(...rows.map(({ income }) => income)) || 1;
        for (const [at, { age, income, housing }] of written(space.tableOf(points)).entries()) {
          expect({ age, housing }).toEqual({ age: rows[at]!.age, housing: rows[at]!.housing });
          expect(Math.abs(income - rows[at]!.income)).toBeLessThanOrEqual(span * 2 ** -23);
        }
      }),
    );
  });

  it("has one feature a number and one a text that occurs; a frozen column is marked", () => {
    const given = table([
      { age: 20, income: 1, housing: "own" },
      { age: 30, income: 2, housing: "rent" },
    ]);
    const space = tableSpace(columns, [given], new Set(["age"]));
    expect(space.features.map(({ kind, column }) => `${kind} ${column}`)).toEqual([
      "number age",
      "number income",
      "text housing",
      "text housing",
    ]);
    expect([...space.box.frozen!]).toEqual([1, 0, 0, 0]);
  });

  it("goes beyond the rows where a range says so, on the same scale", () => {
    const given = table([
      { age: 20, income: 1, housing: "own" },
      { age: 30, income: 2, housing: "rent" },
    ]);
    const space = tableSpace(columns, [given], new Set(), { age: { min: 25, max: 50 } });
    expect([...space.box.lows]).toEqual([0, 0, 0, 0]);
    expect([...space.box.highs]).toEqual([3, 1, 1, 1]);
    expect(written(space.tableOf({ rows: 1, width: 4, values: Float32Array.of(2.5, 0, 1, 0) }))[0]?.age).toBe(45);
  });

  it("leaves rows with a missing value out", () => {
    const given = table([
      { age: 20, income: Number.NaN, housing: "own" },
      { age: 30, income: 2, housing: "nothing" },
      { age: 30, income: 2, housing: "own" },
    ]);
    expect([...tableSpace(columns, [given]).complete(given)]).toEqual([2]);
  });

  it("keeps a column of very many texts as it is", async () => {
    const categories = Array.from({ length: 1000 }, (_, at) => `t${String(at).padStart(4, "0")}`);
    const given: Table = { rows: 1000, columns: { name: { kind: "text", codes: Int32Array.from(categories.keys()), categories } } };
    const space = tableSpace(["name"], [given]);
    expect([space.width, space.box.frozen![0]]).toEqual([1, 1]);
    const { name } = space.tableOf(await space.pointsOf(given)).columns;
    expect(name?.kind === "text" && [...name.codes].map((code) => name.categories[code])).toEqual(categories);
  });
});

describe.each(["NCHW", "NHWC", "flat"] as const)("the space of pictures, %s", (layout) => {
  it.each(["rgb", "bgr", "grey"] as const)(
    "holds %s in the model's order, black 0 and white 1, and gives the same pictures back",
    async (colours) => {
      const [height, width, channels] = [2, 3, colours === "grey" ? 1 : 3] as const;
      const bytes = Uint8Array.from({ length: 2 * height * width * channels }, (_, at) => (at * 37) % 256);
      const image: ImageColumn = {
        height,
        width,
        channels,
        range: [0, 255],
        read: async (rows) =>
          Uint8Array.from(
            [...rows].flatMap((at) => [...bytes.subarray(at * height * width * channels, (at + 1) * height * width * channels)]),
          ),
        resized: () => image,
      };
      const preparation: Preparation = {
        layout,
        height,
        width,
        colours,
        range: [-1, 1],
        mean: [0],
        std: [1],
        resize: null,
        isFloat: false,
        told: {},
      };
      const space = pictureSpace("picture", preparation);
      const points = await space.pointsOf({ rows: 2, columns: {}, images: { picture: image } });
      // The red of the first picture's second pixel.
      const red = channels === 1 ? 0 : colours === "bgr" ? 2 : 0;
      expect(points.values[layout === "NCHW" ? red * height * width + 1 : channels + red]).toBeCloseTo(bytes[channels]! / 255, 6);
      const back = await space.tableOf(points).images!.picture!.read(Int32Array.of(1));
      const expected = bytes.subarray(height * width * channels);
      for (const [at, value] of back.entries()) expect(value).toBeCloseTo((2 * expected[at]!) / 255 - 1, 5);
    },
  );
});
