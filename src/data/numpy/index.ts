import { constants } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Problem, quoted } from "../../base/index.ts";
import { openTableFile } from "../file.ts";
import { entryStart, unpackEntry, type ZipEntry, zipEntries } from "../zip/index.ts";
import { type Elements, elementsOf } from "./elements.ts";
import { type ElementType, mostHeaderBytes, parseHeader } from "./header.ts";

export type { Elements } from "./elements.ts";
export type { ElementType } from "./header.ts";

/** An array on disk, of which rows are read when they are asked for. */
export interface StoredArray extends AsyncDisposable {
  readonly type: ElementType;
  /** `[rows, ...]`; empty for a single element. */
  readonly shape: readonly number[];
  /** `count` rows from `start` on, in C order ([count, ...shape.slice(1)]), whatever the order on disk. Memory: twice their bytes. */
  read(start: number, count: number): Promise<Elements>;
}

const isArchive = (path: string) => /\.npz$/i.test(path);

/** The names of the arrays in an .npz file, in its order; of a .npy file its own name. */
export async function arraysIn(path: string): Promise<string[]> {
  if (!isArchive(path)) return [basename(path).replace(/\.npy$/i, "")];
  const { file, bytes } = await openTableFile(path);
  try {
    return (await arrayEntries(file, bytes, path)).map(nameOf);
  } finally {
    await file.close();
  }
}

/**
 * Opens the array `name` of an .npz file, or the one of a .npy file (`name` null). One that is packed is unpacked into `spillFolder` until it is closed. Everything wrong with the
 * file is a Problem; arrays of Python objects are refused unread.
 */
export async function openArray(
  path: string,
  name: string | null,
  { spillFolder }: { readonly spillFolder: string },
): Promise<StoredArray> {
  const { file, bytes } = await openTableFile(path);
  try {
    if (!isArchive(path)) return await storedArray(file, 0, bytes, path, () => file.close());
    const entry = (await arrayEntries(file, bytes, path)).find((each) => nameOf(each) === name);
    if (entry === undefined) throw await noArray(path, name);
    if (entry.method === "stored") {
      const start = await entryStart(file, entry, path);
      if (start + entry.bytes > bytes) throw truncated(path);
      return await storedArray(file, start, entry.bytes, path, () => file.close());
    }
    return await unpacked(file, entry, bytes, path, spillFolder);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/** Zeros shrink a thousandfold; an honest array seldom does. */
const mostUnpacked = (packed: number) => 2 ** 30 + 200 * packed;

async function unpacked(file: FileHandle, entry: ZipEntry, bytes: number, path: string, spillFolder: string): Promise<StoredArray> {
  const folder = await mkdtemp(join(spillFolder, "array-"));
  let plain: FileHandle | undefined;
  const close = async () => {
    await plain?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const copy = join(folder, "array.npy");
    await unpackEntry(file, entry, path, copy, mostUnpacked(bytes));
    plain = await open(copy, constants.O_RDONLY);
    const array = await storedArray(plain, 0, entry.bytes, path, close);
    await file.close();
    return array;
  } catch (error) {
    await close();
    throw error;
  }
}

async function storedArray(file: FileHandle, start: number, bytes: number, path: string, close: () => Promise<void>): Promise<StoredArray> {
  const at = async (position: number, length: number) => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, start + position);
    return buffer.subarray(0, bytesRead);
  };
  const header = parseHeader(await at(0, Math.min(bytes, mostHeaderBytes)), path);
  const { type, shape, fortran } = header;
  const elements = shape.reduce((product, axis) => product * axis, 1);
  if (!(header.start + elements * type.bytes <= bytes)) throw truncated(path);
  const [rows = 1, ...rest] = shape;
  const inRow = rest.reduce((product, axis) => product * axis, 1);
  const whole = async (position: number, length: number) => {
    const found = await at(header.start + position, length);
    if (found.length < length) throw truncated(path);
    return found;
  };
  return {
    type,
    shape,
    async read(first, count) {
      if (first < 0 || count < 0 || first + count > rows) throw new RangeError(`rows ${first} to ${first + count} of ${rows}`);
      if (!fortran || inRow === 1) return elementsOf(await whole(first * inRow * type.bytes, count * inRow * type.bytes), type);
      const gathered = Buffer.alloc(count * inRow * type.bytes);
      for (let column = 0; column < inRow; column++) {
        const run = await whole((fortranPlace(column, rest) * rows + first) * type.bytes, count * type.bytes);
        for (let row = 0; row < count; row++)
          run.copy(gathered, (row * inRow + column) * type.bytes, row * type.bytes, (row + 1) * type.bytes);
      }
      return elementsOf(gathered, type);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Where in Fortran order an element of these axes stands that is `place` in C order. */
function fortranPlace(place: number, axes: readonly number[]): number {
  let rest = place;
  const indices = axes.toReversed().map((axis) => {
    const index = rest % axis;
    rest = Math.floor(rest / axis);
    return index;
  });
  return axes.reduceRight((sum, axis, at) => sum * axis + (indices[axes.length - 1 - at] ?? 0), 0);
}

const nameOf = ({ name }: ZipEntry) => name.replace(/\.npy$/, "");

async function arrayEntries(file: FileHandle, bytes: number, path: string): Promise<ZipEntry[]> {
  return (await zipEntries(file, bytes, path)).filter(({ name }) => name.endsWith(".npy"));
}

async function noArray(file: string, name: string | null): Promise<Problem> {
  const names = await arraysIn(file);
  return new Problem("TABLE_ARRAY", name === null ? "the file holds several arrays" : `there is no array ${quoted(name)} in the file`, {
    file,
    remedy: `It has ${names
      .slice(0, 20)
      .map((each) => quoted(each, 40))
      .join(", ")}: name one of them.`,
  });
}

const truncated = (file: string) =>
  new Problem("TABLE_DAMAGED", "the NumPy array is truncated: it is shorter than its shape says", {
    file,
    remedy: "Copy it or write it again.",
  });
