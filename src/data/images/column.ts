import type { ImageColumn } from "../table.ts";
import { oneByOne, type Pictures } from "./pictures.ts";
import { resizedPicture } from "./resample.ts";
import type { PictureFacts, PictureShape, PictureSource, Resizing } from "./types.ts";

/** A split's pictures as a column of its table. */
export function imageColumn(pictures: Pictures, { size, channels, values, min, max }: PictureFacts): ImageColumn {
  const { height, width } = size ?? { height: 0, width: 0 };
  const shape: PictureShape = { height, width, channels };
  const range = values === "bytes" ? ([0, 255] as const) : ([min, max] as const);
  return {
    ...shape,
    range,
    read(rows) {
      if (size === null) throw new Error("pictures of several sizes are read in one size: resized()");
      return pictures.readMany?.(rows, shape) ?? oneByOne(pictures.read, rows, shape);
    },
    resized: (to) => resizedColumn(pictures, channels, range, to),
  };
}

function resizedColumn(
  pictures: Pictures,
  channels: PictureSource["channels"] & {},
  range: ImageColumn["range"],
  to: Resizing,
): ImageColumn {
  const shape: PictureShape = { height: to.height, width: to.width, channels };
  const read = async (row: number) => resizedPicture(await pictures.read(row, channels), to);
  return {
    ...shape,
    range,
    read: (rows) => oneByOne(read, rows, shape),
    resized: (other) => resizedColumn(pictures, channels, range, other),
  };
}
