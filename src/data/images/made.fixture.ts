import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";

/** A PNG file with these pixels, row-major; one number a pixel, or three. */
export async function writePng(
  folder: string,
  name: string,
  pixels: readonly number[],
  [height, width]: readonly [number, number],
): Promise<void> {
  const channels = pixels.length === height * width ? 1 : 3;
  const bytes = await sharp(Uint8Array.from(pixels), { raw: { height, width, channels } })
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .png()
    .toBuffer();
  write(folder, name, bytes);
}

export function write(folder: string, name: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** An IDX file of bytes, packed with gzip where its name ends so. */
export function writeIdx(folder: string, name: string, values: readonly number[], shape: readonly number[]): void {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  shape.forEach((axis, at) => {
    head.writeUInt32BE(axis, 4 + 4 * at);
  });
  const bytes = Buffer.concat([head, Uint8Array.from(values)]);
  write(folder, name, name.endsWith(".gz") ? gzipSync(bytes) : bytes);
}

/** A .npy file. */
export function writeNpy(
  folder: string,
  name: string,
  values: Uint8Array | Float32Array | Float64Array | BigInt64Array,
  shape: readonly number[],
): void {
  const type =
    values instanceof Uint8Array ? "|u1" : values instanceof Float32Array ? "<f4" : values instanceof Float64Array ? "<f8" : "<i8";
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\0\0${padded}`, "latin1");
  head.writeUInt16LE(padded.length, 8);
  write(folder, name, Buffer.concat([head, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]));
}
