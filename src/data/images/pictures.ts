import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Problem, Problems, problemsOf } from "../../base/index.ts";
import type { EngineLimits } from "../engine.ts";
import { openArray, type StoredArray } from "../numpy/index.ts";
import { decodePicture, withChannels } from "./decode.ts";
import { pictureReader } from "./folder.ts";
import { copyIn, openIdx } from "./idx.ts";
import type { ArrayPictures, PassedOver, Picture, PictureFacts, PictureShape, PictureSource, PictureValues } from "./types.ts";

/** The pictures of a split as they lie on disk, by row. */
export interface Pictures extends AsyncDisposable {
  readonly rows: number;
  read(row: number, channels: 1 | 3 | null): Promise<Picture>;
  /** Many rows of one shape at once, where that is quicker than one by one. Not to be written into: they may be what is kept. */
  readMany?(rows: Int32Array, shape: PictureShape): Promise<PictureValues>;
}

/** Pictures in files. */
export function filePictures(folder: string, names: readonly string[], turned: boolean): Pictures {
  const readFile = pictureReader(folder);
  return {
    rows: names.length,
    async read(row, channels) {
      const name = names[row];
      if (name === undefined) throw new RangeError(`no row ${row}`);
      return decodePicture(await readFile(name), join(folder, name), { channels, turned });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** An array of any of the kinds that are read: by its name's end, as the declaration was checked by. */
export const openAnyArray = (path: string, array: string | undefined, spillFolder: string): Promise<StoredArray> =>
  /\.np[yz]$/i.test(path) ? openArray(path, array ?? null, { spillFolder }) : openIdx(path, copyIn(spillFolder));

/** Pictures in one array: [rows, height, width], with channels after or before the two, or [rows, values] of a declared size. */
export async function arrayPictures(
  path: string,
  from: ArrayPictures,
  { spillFolder, memoryBytes }: Pick<EngineLimits, "spillFolder" | "memoryBytes">,
): Promise<Pictures> {
  const stored = await openAnyArray(path, from.array, spillFolder);
  try {
    const layout = layoutOf(stored, from, path);
    const rows = stored.shape[0] ?? 0;
    const isKept = rows * layout.height * layout.width * layout.channels * stored.type.bytes <= Math.min(mostKept, memoryBytes / 8);
    return { ...readers(stored, layout, isKept), rows, [Symbol.asyncDispose]: () => stored[Symbol.asyncDispose]() };
  } catch (error) {
    await stored[Symbol.asyncDispose]();
    throw error;
  }
}

/** An array up to this size is read once and stays in memory; of a small memory, an eighth at most, as a project has several splits. */
const mostKept = 256 * 2 ** 20;

interface Layout extends PictureShape {
  /** Channel after channel. */
  readonly planar: boolean;
}

function layoutOf({ type, shape }: StoredArray, { layout, size }: ArrayPictures, file: string): Layout {
  // Of such an array there are as many as it likes to say: none of them takes a byte.
  if (shape.includes(0)) throw new Problem("TABLE_EMPTY", "the array holds no pictures", { file, remedy: "Write it again." });
  const unclear = (what: string, remedy: string) => new Problem("IMAGES_UNCLEAR", what, { file, remedy });
  const isNumber = (type.kind === "unsigned" && type.bytes === 1) || type.kind === "float";
  if (!isNumber) throw unclear("its elements are neither bytes nor floats", "Store pictures as uint8, 0 to 255, or as float32.");
  const [, a = 0, b = 0, c] = shape;
  const plain = { channels: 1, planar: false } as const;
  if (shape.length === 2) {
    if (size === undefined) throw unclear(`each picture is one row of ${a} numbers`, "Say its size: `images: { size: [HEIGHT, WIDTH] }`.");
    const channels = a / (size.height * size.width);
    if (channels !== 1 && channels !== 3) throw unclear(`a row has ${a} numbers, not ${size.height} x ${size.width}`, "Correct the size.");
    return { ...size, channels, planar: layout === "CHW" };
  }
  if (shape.length === 3) return { height: a, width: b, ...plain };
  if (shape.length !== 4 || c === undefined)
    throw unclear(`the array has ${shape.length} axes`, "Store pictures as [N, height, width, channels].");
  const [first, last] = [a === 1 || a === 3, c === 1 || c === 3];
  if (first && last && layout === undefined)
    throw unclear(
      `an array of ${shape.join(" x ")} may have its channels first or last`,
      "Say which: `images: { layout: NHWC }`, or NCHW.",
    );
  if (layout === "CHW" ? first : first && !last) return { height: b, width: c, channels: a as 1 | 3, planar: true };
  if (last) return { height: a, width: b, channels: c as 1 | 3, planar: false };
  throw unclear(`an array of ${shape.join(" x ")} has no axis of 1 or 3 channels`, "Leave out transparency and further channels.");
}

type Block = (start: number, count: number) => Promise<PictureValues>;

function readers(stored: StoredArray, layout: Layout, isKept: boolean): Pick<Pictures, "read" | "readMany"> {
  const { height, width, channels } = layout;
  const each = height * width * channels;
  const fromFile: Block = async (start, count) => {
    const found = await stored.read(start, count);
    const values = found instanceof Uint8Array || found instanceof Float32Array ? found : Float32Array.from(found as Float64Array);
    return layout.planar && channels > 1 ? interleaved(values, layout) : values;
  };
  const block = isKept ? kept(fromFile, stored.shape[0] ?? 0, each) : fromFile;
  return {
    async read(row, wanted) {
      const picture = { height, width, channels, values: await block(row, 1) };
      return wanted === null ? picture : withChannels(picture, wanted);
    },
    async readMany(rows, shape) {
      if (shape.channels !== channels) return oneByOne(this.read, rows, shape);
      const [first = 0, last = 0] = [rows[0], rows.at(-1)];
      if (rows.every((row, at) => row === first + at)) return block(first, rows.length);
      const made = await block(last, 1).then((one) =>
        one instanceof Uint8Array ? new Uint8Array(rows.length * each) : new Float32Array(rows.length * each),
      );
      for (let at = 0; at < rows.length; ) {
        let run = 1;
        while (at + run < rows.length && rows[at + run] === rows[at]! + run) run++;
        made.set(await block(rows[at]!, run), at * each);
        at += run;
      }
      return made;
    },
  };
}

/** Reads all rows when the first are asked for; gives views of them. */
function kept(read: Block, rows: number, each: number): Block {
  let all: Promise<PictureValues> | undefined;
  return async (start, count) => {
    if (start < 0 || start + count > rows) throw new RangeError(`rows ${start} to ${start + count} of ${rows}`);
    all ??= read(0, rows);
    return (await all).subarray(start * each, (start + count) * each);
  };
}

function interleaved(values: PictureValues, { height, width, channels }: Layout): PictureValues {
  const made = values instanceof Uint8Array ? new Uint8Array(values.length) : new Float32Array(values.length);
  const plane = height * width;
  for (let start = 0; start < values.length; start += plane * channels)
    for (let k = 0; k < channels; k++)
      for (let at = 0, from = start + k * plane; at < plane; at++) made[start + at * channels + k] = values[from + at]!;
  return made;
}

/** Decoding waits for the disk and runs on threads of its own: some pictures at once keep both busy. */
const atOnce = 2 * Math.min(8, availableParallelism());

/** Does something for each of `count` rows, some at once, in no fixed order. */
export async function forRows(count: number, task: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
}

/** Rows one after the other into one array. */
export async function oneByOne(
  read: (row: number, channels: 1 | 3) => Promise<Picture>,
  rows: Int32Array,
  { height, width, channels }: PictureShape,
): Promise<PictureValues> {
  const each = height * width * channels;
  let made: PictureValues = new Uint8Array(rows.length * each);
  await forRows(rows.length, async (at) => {
    const { values } = await read(rows[at]!, channels);
    if (values.length !== each) throw new Error(`picture ${rows[at]} is no longer ${height} x ${width}`);
    if (values instanceof Float32Array && made instanceof Uint8Array) made = new Float32Array(made.length);
    made.set(values, at * each);
  });
  return made;
}

/** What a look at every picture of a split tells. */
export interface Survey {
  readonly facts: PictureFacts;
  /** Of each picture's size and pixels: equal for equal pictures, whatever file they lie in. */
  readonly digests: readonly string[];
  /** For people: a sentence each. */
  readonly notes: readonly string[];
}

/** What was found of a split's pictures, and in how many of them something was passed over. */
function notesOf({ size, channels }: PictureFacts, passedOver: ReadonlyMap<PassedOver, number>): string[] {
  const [orientation = 0, transparency = 0] = (["orientation", "transparency"] as const).map((what) => passedOver.get(what) ?? 0);
  const count = (pictures: number, one: string, many: string) => (pictures === 1 ? `1 picture ${one}` : `${pictures} pictures ${many}`);
  return [
    `They are ${size === null ? "of several sizes" : `${size.height} x ${size.width}`}, ${channels === 1 ? "grey" : "in colours"}.`,
    ...(orientation === 0
      ? []
      : [`${count(orientation, "says", "say")} which side is up, and that is not followed: \`images: { turned: true }\` follows it.`]),
    ...(transparency === 0 ? [] : [`${count(transparency, "has", "have")} transparency, which is left out.`]),
  ];
}

const mostShown = 20;

/** Looks at every picture once. All that cannot be read are told together. */
export async function survey(
  pictures: Pictures,
  { channels = null }: { readonly channels?: PictureSource["channels"] | null },
): Promise<Survey> {
  const shapes: string[] = new Array(pictures.rows);
  const digests: string[] = new Array(pictures.rows);
  const problems: Problem[] = [];
  const depths = new Set<number>();
  const passedOver = new Map<PassedOver, number>();
  let [min, max, isFloat] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
  const widen = (values: Float32Array) => {
    isFloat = true;
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
      if (Number.isNaN(value)) max = Number.NaN;
    }
  };
  await forRows(pictures.rows, async (row) => {
    if (problems.length >= mostShown) return;
    const picture = await pictures.read(row, channels).catch((error: unknown) => {
      const found = problemsOf(error);
      if (found.length === 0) throw error;
      problems.push(...found);
      return null;
    });
    if (picture === null) return;
    const { height, width, values } = picture;
    for (const what of picture.passedOver ?? []) passedOver.set(what, (passedOver.get(what) ?? 0) + 1);
    depths.add(picture.channels);
    shapes[row] = `${height} x ${width}`;
    digests[row] = createHash("sha256").update(`${height} ${width} ${picture.channels} `).update(bytesOf(values)).digest("base64url");
    if (values instanceof Float32Array) widen(values);
  });
  if (problems.length > 0) throw new Problems(problems.toSorted((a, b) => ((a.place.file ?? "") < (b.place.file ?? "") ? -1 : 1)));
  if (depths.size > 1) throw mixed();
  const sizes = new Set(shapes);
  const [height = 0, width = 0] = (shapes[0] ?? "").split(" x ").map(Number);
  const facts: PictureFacts = {
    size: sizes.size === 1 ? { height, width } : null,
    channels: depths.has(3) ? 3 : 1,
    ...(isFloat ? { values: "floats", min, max } : { values: "bytes", min: 0, max: 255 }),
  };
  return { facts, digests, notes: notesOf(facts, passedOver) };
}

const bytesOf = (values: PictureValues) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const mixed = () =>
  new Problem("IMAGES_UNCLEAR", "some pictures are grey and some are in colours", {
    remedy: "Say what they become: `images: { channels: 3 }` repeats grey, `channels: 1` makes all grey.",
  });
