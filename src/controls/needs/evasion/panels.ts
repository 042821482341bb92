import type { Space } from "../../../attacks/index.ts";
import { type Picture, pngOf } from "../../../data/index.ts";

/** A row that was fooled: its place among the points, and what readers call it. */
export interface Shown {
  readonly at: number;
  readonly row: number;
  readonly was: string;
  readonly becomes: string;
}

/** Rows that are shown, and pixels of all pictures together at most. */
const mostRows = 4;
const mostPixels = 4 * 3 * 64 * 64;

/** For a few rows three pictures: as it was, as it became, and the difference around grey, as far as it goes. Empty where the points are no pictures. */
export async function panelsOf(
  space: Space,
  before: Float32Array,
  after: Float32Array,
  shown: readonly Shown[],
): Promise<{ readonly says: string; readonly png: string }[]> {
  const { shape, width, features } = space;
  if (shape === null || features[0]?.kind !== "pixel") return [];
  const rows = Math.max(1, Math.min(mostRows, Math.floor(mostPixels / (3 * width))));
  const made: { says: string; png: string }[] = [];
  for (const { at, row, was, becomes } of shown.slice(0, rows)) {
    const own = before.subarray(at * width, (at + 1) * width);
    const changed = after.subarray(at * width, (at + 1) * width);
    const most = own.reduce((largest, value, index) => Math.max(largest, Math.abs(changed[index]! - value)), 0) || 1;
    const difference = changed.map((value, index) => 0.5 + (value - own[index]!) / (2 * most));
    made.push({ says: `row ${row}, as it is: ${was}`, png: await pngFrom(own, space) });
    made.push({ says: `row ${row}, changed: ${becomes}`, png: await pngFrom(changed, space) });
    made.push({
      says: `row ${row}, the difference: black is -${most.toPrecision(2)}, white +${most.toPrecision(2)}`,
      png: await pngFrom(difference, space),
    });
  }
  return made;
}

async function pngFrom(point: Float32Array, space: Space): Promise<string> {
  const image = Object.values(space.tableOf({ rows: 1, width: space.width, values: point }).images ?? {})[0];
  if (image === undefined) throw new Error("a space of pictures holds one");
  const values = await image.read(Int32Array.of(0));
  const [black, white] = image.range;
  const bytes = Uint8Array.from(values, (each) => Math.round(Math.min(1, Math.max(0, (each - black) / (white - black))) * 255));
  const picture: Picture = { height: image.height, width: image.width, channels: image.channels, values: bytes };
  return Buffer.from(await pngOf(picture)).toString("base64");
}
