import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { decodePicture, throughJpeg } from "./decode.ts";
import type { Picture } from "./types.ts";

/** Files and what Pillow reads out of them: fixtures/images/make.py. */
const folder = join(import.meta.dirname, "../../../vectors/images");
interface Expected {
  readonly native: { readonly height: number; readonly width: number; readonly channels: 1 | 3; readonly values: string };
  readonly grey: string;
  readonly colours: string;
}
const expected = JSON.parse(readFileSync(join(folder, "files.json"), "utf8")) as Record<string, Expected>;
const bytesOf = (name: string) => readFileSync(join(folder, "files", name));
const asIs = { channels: null, turned: false } as const;
const unpacked = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? Number.NaN))),
    a.length === b.length ? 0 : Number.NaN,
  );

/** Decoders of JPEG may round each value another way; of colours at half the resolution, some more. */
const allowed = (name: string) => (name.endsWith(".jpg") && name !== "interlaced-name-lies.jpg" ? 4 : 0);

describe.each(Object.keys(expected))("%s", (name) => {
  const { native, grey, colours } = expected[name] as Expected;

  it("has the pixels that Pillow reads", async () => {
    const { values, height, width, channels } = await decodePicture(bytesOf(name), name, asIs);
    expect({ height, width, channels }).toEqual({ height: native.height, width: native.width, channels: native.channels });
    expect(furthest(values, unpacked(native.values))).toBeLessThanOrEqual(allowed(name));
  });

  it("becomes grey, and red, green and blue, as Pillow's convert makes it", async () => {
    const made = await Promise.all(([1, 3] as const).map((channels) => decodePicture(bytesOf(name), name, { channels, turned: false })));
    expect(furthest(made[0]?.values ?? [], unpacked(grey))).toBeLessThanOrEqual(allowed(name));
    expect(furthest(made[1]?.values ?? [], unpacked(colours))).toBeLessThanOrEqual(allowed(name));
  });
});

describe("what has no one meaning, or is damaged", () => {
  const bad: Readonly<Record<string, readonly [string, RegExp]>> = {
    "bad-16-bit.png": ["IMAGE_FORMAT", /16 bits/],
    "bad-animated.gif": ["IMAGE_FORMAT", /it is a GIF/],
    "bad-animated.png": ["IMAGE_FORMAT", /animated/],
    "bad-animated.webp": ["IMAGE_FORMAT", /animated/],
    "bad-bitmap.bmp": ["IMAGE_FORMAT", /it is a BMP/],
    "bad-bomb.png": ["IMAGE_TOO_LARGE", /60000 x 60000/],
    "bad-checksum.png": ["IMAGE_DAMAGED", /decoded to its end/],
    "bad-cmyk.jpg": ["IMAGE_FORMAT", /CMYK/],
    "bad-empty.png": ["IMAGE_DAMAGED", /empty/],
    "bad-page.jpg": ["IMAGE_FORMAT", /a web page/],
    "bad-svg.png": ["IMAGE_FORMAT", /an SVG/],
    "bad-text.png": ["IMAGE_FORMAT", /no picture that is read/],
    "bad-tiff.tif": ["IMAGE_FORMAT", /a TIFF/],
    "bad-truncated.jpg": ["IMAGE_DAMAGED", /decoded to its end/],
    "bad-truncated.png": ["IMAGE_DAMAGED", /decoded to its end/],
  };

  it("every bad file has its line here", () => {
    expect(readdirSync(join(folder, "files")).filter((name) => name.startsWith("bad-"))).toEqual(Object.keys(bad));
  });

  it.each(Object.entries(bad))("%s is a Problem that names the file and why", async (name, [code, why]) => {
    const error = await decodePicture(bytesOf(name), name, asIs).catch((caught: unknown) => caught);
    const [problem] = problemsOf(error);
    expect(problem).toMatchObject({ code, place: { file: name } });
    expect(problem?.message).toMatch(why);
  });
});

it("a photograph is turned as its camera noted only where that is asked for", async () => {
  const { height, width } = await decodePicture(bytesOf("turned.jpg"), "turned.jpg", { channels: null, turned: true });
  expect([height, width]).toEqual([33, 24]);
});

it("a flipped bit anywhere in a picture gives a picture or a Problem", async () => {
  for (const name of ["rgb.png", "rgb.jpg", "rgb.webp"]) {
    const whole = bytesOf(name);
    for (let at = 1; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
      const made = await decodePicture(broken, name, asIs).catch((caught: unknown) => problemsOf(caught).length);
      expect(made).not.toBe(0);
    }
  }
});

it("what was written as JPEG is another picture of the same size, close to the first", async () => {
  const { native } = expected["rgb.png"] as Expected;
  const picture = { ...native, values: unpacked(native.values) } as Picture & { values: Uint8Array };
  const [fine, coarse] = [await throughJpeg(picture, 95), await throughJpeg(picture, 10)];
  const distance = (made: Uint8Array) =>
    made.reduce((sum, value, at) => sum + Math.abs(value - (picture.values[at] ?? 0)), 0) / made.length;
  expect(distance(fine)).toBeGreaterThan(0);
  expect(distance(coarse)).toBeGreaterThan(distance(fine));
});
