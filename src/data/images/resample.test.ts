import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resizedPicture, stretched } from "./resample.ts";
import type { Filter, Picture } from "./types.ts";

/** What Pillow makes of the same pictures: fixtures/images/make.py. */
interface Vectors {
  readonly sources: readonly (Omit<Picture, "values"> & { readonly values: string })[];
  readonly stretched: readonly {
    readonly filter: Filter;
    readonly height: number;
    readonly width: number;
    readonly from: number;
    readonly values: string;
  }[];
  readonly cropped: readonly {
    readonly from: Vectors["sources"][number];
    readonly shorter: number;
    readonly crop: number;
    readonly values: string;
  }[];
}
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, "../../../vectors/images/resizing.json"), "utf8")) as Vectors;
const unpacked = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const pictureOf = ({ values, ...shape }: Vectors["sources"][number]): Picture => ({ ...shape, values: unpacked(values) });

describe("a picture in another size", () => {
  it.each(vectors.stretched)("$filter to $height x $width is Pillow's, to the bit", ({ filter, height, width, from, values }) => {
    const source = vectors.sources[from];
    if (source === undefined) throw new Error("no source");
    expect(stretched(pictureOf(source), height, width, filter).values).toEqual(unpacked(values));
  });

  it.each(vectors.cropped)(
    "to $shorter at its shorter side, its middle of $crop cut out, is torchvision's",
    ({ from, shorter, crop, values }) => {
      const made = resizedPicture(pictureOf(from), { height: crop, width: crop, fit: "crop", shorter, filter: "bilinear" });
      expect(made.values).toEqual(unpacked(values));
    },
  );

  it("keeps its proportions and gets black bars where it is padded", () => {
    const white: Picture = { height: 10, width: 20, channels: 1, values: new Uint8Array(200).fill(255) };
    const { values } = resizedPicture(white, { height: 8, width: 8, fit: "pad", filter: "bilinear" });
    const lines = Array.from({ length: 8 }, (_, y) => values[y * 8 + 4]);
    expect(lines).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
  });

  it("of floats is that of bytes but for rounding", () => {
    const [source] = vectors.sources;
    if (source === undefined) throw new Error("no source");
    const bytes = pictureOf(source);
    const floats = { ...bytes, values: Float32Array.from(bytes.values) };
    const [a, b] = [bytes, floats].map((picture) => stretched(picture, 9, 11, "bicubic").values);
    const gaps = Array.from(a ?? [], (value, at) => Math.abs(value - Math.min(255, Math.max(0, b?.[at] ?? 0))));
    expect(Math.max(...gaps)).toBeLessThan(1.51);
  });

  it("of bytes, whatever the sizes, is the exact sum rounded twice", () => {
    const side = fc.integer({ min: 1, max: 12 });
    const picture = fc.record({ height: side, width: side, channels: fc.constantFrom(1 as const, 3 as const) }).chain((shape) => {
      const size = shape.height * shape.width * shape.channels;
      return fc.uint8Array({ minLength: size, maxLength: size }).map((values): Picture => ({ ...shape, values }));
    });
    fc.assert(
      fc.property(picture, side, side, fc.constantFrom("box" as const, "bilinear" as const), (bytes, height, width, filter) => {
        const floats = stretched({ ...bytes, values: Float32Array.from(bytes.values) }, height, width, filter).values;
        const made = stretched(bytes, height, width, filter).values;
        expect(Math.max(...Array.from(made, (value, at) => Math.abs(value - floats[at]!)))).toBeLessThan(1.001);
      }),
    );
  });
});
