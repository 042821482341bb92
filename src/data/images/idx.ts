import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../base/index.ts";
import { type Elements, elementsOf } from "../numpy/elements.ts";
import type { ElementType, StoredArray } from "../numpy/index.ts";
import { unpackFile } from "../unpack.ts";

/** Types of elements by their code in the third byte. */
const types: Readonly<Record<number, Pick<ElementType, "kind" | "bytes">>> = {
  8: { kind: "unsigned", bytes: 1 },
  9: { kind: "integer", bytes: 1 },
  11: { kind: "integer", bytes: 2 },
  12: { kind: "integer", bytes: 4 },
  13: { kind: "float", bytes: 4 },
  14: { kind: "float", bytes: 8 },
};

const mostAxes = 8;

const invalid = (file: string, what: string) =>
  new Problem("TABLE_DAMAGED", what, { file, remedy: "It is truncated, damaged, or no IDX file: copy it or write it again." });

export interface IdxHeader {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

/** IDX, the format of the MNIST family: two zeros, the type, the number of axes, each axis as four bytes, the elements; big-endian. */
export function parseIdxHeader(bytes: Buffer, file: string): IdxHeader {
  const [first, second, code = 0, axes = 0] = bytes;
  const type = types[code];
  if (bytes.length < 4 || first !== 0 || second !== 0 || type === undefined) throw invalid(file, "the file does not begin as IDX does");
  if (axes === 0 || axes > mostAxes || bytes.length < 4 + 4 * axes) throw invalid(file, `the file says that its array has ${axes} axes`);
  const shape = Array.from({ length: axes }, (_, at) => bytes.readUInt32BE(4 + 4 * at));
  return { type: { ...type, bigEndian: true }, shape, start: 4 + 4 * axes };
}

/** Opens an IDX file, packed with gzip or not; what is packed is unpacked into `copy` first. */
export async function openIdx(path: string, copy: string): Promise<StoredArray> {
  const { path: plain } = await unpackFile(path, copy);
  const file = await open(plain, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(4 + 4 * mostAxes);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const { type, shape, start } = parseIdxHeader(head.subarray(0, bytesRead), path);
    const expected = start + shape.reduce((product, axis) => product * axis, type.bytes);
    if (size !== expected) throw invalid(path, `the file has ${size} bytes; an array of ${shape.join(" x ")} needs ${expected}`);
    const inRow = shape.slice(1).reduce((product, axis) => product * axis, type.bytes);
    return {
      type,
      shape,
      async read(first, count): Promise<Elements> {
        const bytes = Buffer.alloc(count * inRow);
        const { bytesRead: got } = await file.read(bytes, 0, bytes.length, start + first * inRow);
        if (got < bytes.length) throw invalid(path, "the file became shorter while it was read");
        return elementsOf(bytes, type);
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where an array is unpacked to: a name that no other has. */
let copies = 0;
export const copyIn = (folder: string): string => join(folder, `idx-${process.pid}-${copies++}`);
