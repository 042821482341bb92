import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../base/index.ts";
import { type ImageColumn, selectRows, type Table } from "../../../../data/index.ts";
import { imageCorruptions } from "./index.ts";

/** What SciPy, Pillow and Python's colorsys make of the same pictures: fixtures/images/make.py. */
interface Vector {
  readonly name: string;
  readonly amount: number;
  readonly from: { readonly height: number; readonly width: number; readonly channels: 1 | 3; readonly values: string };
  /** float32, white being 1. */
  readonly values: string;
}
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../../../vectors/images/corruption.json"), "utf8"),
) as readonly Vector[];
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

const columnOf = (pictures: Uint8Array | Float32Array, height: number, width: number, channels: 1 | 3): ImageColumn => {
  const each = height * width * channels;
  return {
    height,
    width,
    channels,
    range: pictures instanceof Uint8Array ? [0, 255] : [0, 1],
    async read(rows) {
      const made = pictures instanceof Uint8Array ? new Uint8Array(rows.length * each) : new Float32Array(rows.length * each);
      for (const [at, row] of rows.entries()) made.set(pictures.subarray(row * each, (row + 1) * each), at * each);
      return made;
    },
    resized: () => columnOf(pictures, height, width, channels),
  };
};
const tableOf = (image: ImageColumn, rows: number): Table => ({ rows, columns: {}, images: { image } });
const named = (name: string) => {
  const found = imageCorruptions.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const none = new Map();
const rowsUpTo = (count: number) => Int32Array.from({ length: count }, (_, at) => at);
async function changed(
  name: string,
  table: Table,
  amount: number,
  rows = rowsUpTo(table.rows),
  seed = 1,
): Promise<Uint8Array | Float32Array> {
  const image = named(name).apply(table, none, amount, seededRandom(seed))?.images?.image;
  if (image === undefined) throw new Error("no pictures");
  return image.read(rows);
}

describe("kinds that draw no random numbers", () => {
  it.each(vectors)("$name of $amount is that of an independent library", async ({ name, amount, from, values }) => {
    const { height, width, channels } = from;
    const lit = Float32Array.from(bytes(from.values), (value) => value / 255);
    const made = await changed(name, tableOf(columnOf(lit, height, width, channels), 1), amount);
    const packed = bytes(values);
    const wanted = new Float32Array(packed.buffer, packed.byteOffset, packed.byteLength / 4);
    const gaps = Array.from(made, (value, at) => Math.abs(value - (wanted[at] ?? Number.NaN)));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // Pillow averages bytes, and rounds them twice; decoders of JPEG round each value, and spread colours of half resolution, in ways of their own.
    const most = { pixelation: 1.01 / 255, JPEG: channels === 1 ? 4 / 255 : 0.1 }[name] ?? 1e-5;
    expect(Math.max(...gaps)).toBeLessThan(most);
    expect(mean).toBeLessThan(name === "JPEG" ? 0.01 : most);
  });
});

describe("kinds that draw random numbers", () => {
  const [side, count] = [32, 40];
  const grey = (value: number) => tableOf(columnOf(new Float32Array(side * side * count).fill(value), side, side, 1), count);
  const moments = (values: ArrayLike<number>) => {
    const all = Array.from(values);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    return { mean, deviation: Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) };
  };

  it("Gaussian noise has the standard deviation that it says", async () => {
    const { mean, deviation } = moments(await changed("Gaussian noise", grey(0.5), 0.1));
    expect(mean).toBeCloseTo(0.5, 2);
    expect(deviation).toBeCloseTo(0.1, 2);
  });

  it("shot noise has the mean of the light, and its variance times a grain", async () => {
    const { mean, deviation } = moments(await changed("shot noise", grey(0.4), 0.02));
    expect(mean).toBeCloseTo(0.4, 2);
    expect(deviation).toBeCloseTo(Math.sqrt(0.4 * 0.02), 2);
  });

  it("impulse noise makes the share of values that it says black or white, half each", async () => {
    const made = Array.from(await changed("impulse noise", grey(0.5), 0.1));
    expect(made.filter((value) => value === 0).length / made.length).toBeCloseTo(0.05, 2);
    expect(made.filter((value) => value === 1).length / made.length).toBeCloseTo(0.05, 2);
  });

  it("occlusion covers the share of the picture that it says, in other places of other pictures", async () => {
    const made = Array.from(await changed("occlusion", grey(1), 0.25));
    expect(made.filter((value) => value === 0).length / made.length).toBeCloseTo(0.25, 6);
    const firsts = Array.from({ length: count }, (_, row) => made.slice(row * side * side, (row + 1) * side * side).indexOf(0));
    expect(new Set(firsts).size).toBeGreaterThan(count / 2);
  });

  it("shift moves what stands in the middle by as much as it says", async () => {
    const pictures = new Float32Array(side * side * count);
    for (let row = 0; row < count; row++) pictures[row * side * side + 16 * side + 16] = 1;
    const made = await changed("shift", tableOf(columnOf(pictures, side, side, 1), count), 0.2);
    for (let row = 0; row < count; row++) {
      const at = made.subarray(row * side * side, (row + 1) * side * side).indexOf(1);
      const [down, right] = [Math.floor(at / side) - 16, (at % side) - 16];
      expect(Math.abs(Math.hypot(down, right) - 0.2 * side)).toBeLessThan(1);
    }
  });

  it("fog brightens the dark, keeps white white, and is nowhere the same", async () => {
    const pictures = new Float32Array(side * side * count);
    for (let row = 0; row < count; row++) pictures[row * side * side] = 1;
    const made = await changed("fog", tableOf(columnOf(pictures, side, side, 1), count), 1);
    const { mean, deviation } = moments(made);
    expect(mean).toBeGreaterThan(0.1);
    expect(mean).toBeLessThan(0.45);
    expect(deviation).toBeGreaterThan(0.05);
    expect(Math.max(...made)).toBeLessThanOrEqual(1);
  });
});

describe.each(imageCorruptions)("$name", ({ name, amounts, apply }) => {
  const source = bytes(vectors[vectors.length - 1]?.from.values ?? "");
  const { height, width, channels } = vectors[vectors.length - 1]?.from ?? { height: 0, width: 0, channels: 3 };
  const pictures = new Uint8Array(3 * source.length).map((_, at) => source[at % source.length] ?? 0);
  const table = tableOf(columnOf(pictures, height, width, channels), 3);
  const distance = (made: ArrayLike<number>) => Array.from(made).reduce((sum, value, at) => sum + Math.abs(value - (pictures[at] ?? 0)), 0);

  it("changes more with each step, bytes stay bytes, and the pictures that it was given stay as they were", async () => {
    const before = pictures.slice();
    const made = await Promise.all(amounts.map((amount) => changed(name, table, amount)));
    const distances = made.map(distance);
    expect(distances.toSorted((a, b) => a - b)).toEqual(distances);
    expect(distances[0]).toBeGreaterThan(0);
    expect(made.every((values) => values instanceof Uint8Array)).toBe(true);
    expect(pictures).toEqual(before);
  });

  it("is the same for the same seed, row by row, in whatever batches rows are read", async () => {
    const whole = await changed(name, table, amounts[2]);
    const alone = await changed(name, table, amounts[2], Int32Array.of(1));
    expect(alone).toEqual(whole.slice(source.length, 2 * source.length));
    const made = apply(table, none, amounts[2], seededRandom(1));
    if (made === null) throw new Error("no pictures");
    expect(await selectRows(made, Int32Array.of(1)).images?.image?.read(Int32Array.of(0))).toEqual(alone);
  });

  it("happens to no table without pictures", () => {
    expect(apply({ rows: 3, columns: {} }, none, amounts[0], seededRandom(1))).toBeNull();
  });
});
