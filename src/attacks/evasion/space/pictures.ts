import type { ImageColumn, Table } from "../../../data/index.ts";
import type { Preparation } from "../../../models/index.ts";
import type { Space } from "./space.ts";

/** The space of the pictures of one column, in the size and the layout of the model that takes them; black is 0 and white 1. Greys and colours alike. */
export function pictureSpace(column: string, preparation: Preparation): Space {
  const { height, width: across, colours, layout, range } = preparation;
  const channels = colours === "grey" ? 1 : 3;
  const isPlanar = layout === "NCHW" && channels > 1;
  const width = height * across * channels;
  const plane = height * across;
  const [black, white] = range;
  /** Where each number of a picture, row-major [height, width, channels] in red, green, blue, stands in a point. */
  const places = Int32Array.from({ length: width }, (_, at) => {
    const [pixel, shade] = [Math.floor(at / channels), at % channels];
    const channel = colours === "bgr" ? channels - 1 - shade : shade;
    return isPlanar ? channel * plane + pixel : pixel * channels + channel;
  });
  return {
    width,
    features: Array.from({ length: width }, () => ({ kind: "pixel", column })),
    shape: layout === "NCHW" ? [channels, height, across] : [height, across, channels],
    box: { lows: new Float32Array(width), highs: new Float32Array(width).fill(1) },
    complete: (table) => Int32Array.from({ length: table.rows }, (_, row) => row),
    async pointsOf(table) {
      const values = new Float32Array(table.rows * width);
      const image = sized(table, column, preparation);
      for (let start = 0; start < table.rows; start += readTogether) {
        const count = Math.min(readTogether, table.rows - start);
        const read = await image.read(Int32Array.from({ length: count }, (_, at) => start + at));
        const [from, to] = read instanceof Uint8Array ? [0, 255] : [black, white];
        for (let row = 0; row < count; row++)
          for (let at = 0; at < width; at++) values[(start + row) * width + places[at]!] = (read[row * width + at]! - from) / (to - from);
      }
      return { rows: table.rows, width, values };
    },
    tableOf({ rows, values }) {
      const image: ImageColumn = {
        height,
        width: across,
        channels,
        range: [black, white],
        async read(wanted) {
          const made = new Float32Array(wanted.length * width);
          for (let row = 0; row < wanted.length; row++)
            for (let at = 0; at < width; at++)
              made[row * width + at] = black + values[wanted[row]! * width + places[at]!]! * (white - black);
          return made;
        },
        resized: () => image,
      };
      return { rows, columns: Object.create(null), images: Object.assign(Object.create(null), { [column]: image }) };
    },
  };
}

const readTogether = 256;

function sized(table: Table, column: string, { resize }: Preparation): ImageColumn {
  const image = table.images?.[column];
  if (image === undefined) throw new Error(`the table has no pictures ${column}`);
  return resize === null || (image.height === resize.height && image.width === resize.width) ? image : image.resized(resize);
}
