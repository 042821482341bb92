import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { plainJpeg } from "./jpeg.ts";

const folder = join(import.meta.dirname, "../../../vectors/images/files");
const files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
const isPlain = ({ bytes }: (typeof files)[number]) => plainJpeg(bytes) !== null;

/** What the decoder's own library reads. */
const told = async (bytes: Buffer) => {
  const { height, width, channels, space, depth, orientation, hasAlpha } = await sharp(bytes).metadata();
  return { height, width, channels, space, depth, orientation, hasAlpha };
};

it("most JPEG files are plain; those in print's colours or with EXIF are not, nor is anything else", () => {
  const plain = files.filter(isPlain).map(({ name }) => name);
  expect(plain).toContain("rgb.jpg");
  for (const name of ["bad-cmyk.jpg", "turned.jpg", "rgb.png", "bad-empty.png", "bad-page.jpg"]) expect(plain).not.toContain(name);
});

it.each(files.filter(isPlain))("$name is what the library says, of 8 bits and not to be turned", async ({ bytes }) => {
  const plain = plainJpeg(bytes);
  const space = plain?.channels === 1 ? "b-w" : "srgb";
  expect(await told(bytes)).toEqual({ ...plain, space, depth: "uchar", orientation: undefined, hasAlpha: false });
});

it("whatever was changed in its head, a plain JPEG is no more than what the library says, where it says anything", async () => {
  const [first] = files.filter(isPlain);
  if (first === undefined) throw new Error("no plain file");
  const head = first.bytes.indexOf(Buffer.from([0xff, 0xda]));
  const change = fc.record({
    at: fc.integer({ min: 2, max: head + 12 }),
    to: fc.oneof(fc.constantFrom(0xff, 0xc0, 0xc3, 0xe1, 1, 4), fc.nat(255)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const bytes = Buffer.from(first.bytes);
      for (const { at, to } of changes) bytes[at] = to;
      const plain = plainJpeg(bytes);
      const library = plain && (await told(bytes).catch(() => null));
      if (library) expect(library).toMatchObject({ ...plain, depth: "uchar", orientation: undefined });
    }),
    { numRuns: 400 },
  );
});

it("of bytes at random tells a size or nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (rest) => {
      const plain = plainJpeg(Buffer.concat([Uint8Array.of(0xff, 0xd8), rest]));
      if (plain !== null) expect(plain.height * plain.width).toBeGreaterThan(0);
    }),
  );
});
