import { type ImageColumn, selectRows, type Table } from "../../../data/index.ts";
import { type Change, changedColumn } from "../corruption/images/picture.ts";
import type { Unlike } from "./tables.ts";

/** No picture at all. */
const noise: Change = (picture, _, random) => {
  const { values } = picture;
  for (let at = 0; at < values.length; at++) values[at] = random.uniform();
  return picture;
};

/** The same shades and fine texture, and nothing in its place: four by four pieces, shuffled. */
const scrambled: Change = (picture, _, random) => {
  const { values, height, width, channels } = picture;
  const [tall, wide] = [Math.max(1, Math.floor(height / pieces)), Math.max(1, Math.floor(width / pieces))];
  const [down, across] = [Math.floor(height / tall), Math.floor(width / wide)];
  const order = random.shuffle(Array.from({ length: down * across }, (_, at) => at));
  const made = values.slice();
  for (const [to, from] of order.entries()) {
    const [toRow, toColumn] = [Math.floor(to / across) * tall, (to % across) * wide];
    const [fromRow, fromColumn] = [Math.floor(from / across) * tall, (from % across) * wide];
    for (let row = 0; row < tall; row++) {
      const start = ((fromRow + row) * width + fromColumn) * channels;
      made.set(values.subarray(start, start + wide * channels), ((toRow + row) * width + toColumn) * channels);
    }
  }
  return { ...picture, values: made };
};
const pieces = 4;

const inverted: Change = (picture) => {
  const { values } = picture;
  for (let at = 0; at < values.length; at++) values[at] = 1 - values[at]!;
  return picture;
};

const kind = (name: string, change: Change): Unlike => ({
  name,
  make(training, _, rows, random) {
    if (training.images === undefined || training.rows === 0) return null;
    const origins = Int32Array.from({ length: rows }, () => random.integer(training.rows));
    const some = selectRows(training, origins);
    return { ...some, images: eachColumn(some, (column) => changedColumn(column, change, 1, random)) };
  },
});

const eachColumn = ({ images = {} }: Table, change: (column: ImageColumn) => ImageColumn): NonNullable<Table["images"]> =>
  Object.assign(Object.create(null), Object.fromEntries(Object.entries(images).map(([name, column]) => [name, change(column)])));

/** Pictures that are unlike any training picture, made from those. */
export const unlikeImages: readonly Unlike[] = [
  kind("noise for pictures", noise),
  kind("pictures in shuffled pieces", scrambled),
  kind("black and white exchanged", inverted),
];
