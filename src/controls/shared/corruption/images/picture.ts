import type { Random } from "../../../../base/index.ts";
import type { ImageColumn, PictureShape, Resizing } from "../../../../data/index.ts";

/** One picture with black at 0 and white at 1, row-major [height, width, channels]. */
export interface Light extends PictureShape {
  readonly values: Float32Array;
}

/** Changes one picture by an amount; may write into the values that it is given. What leaves [0, 1] is cut off afterwards. */
export type Change = (picture: Light, amount: number, random: Random) => Light | Promise<Light>;

/** A column of pictures, each changed when it is read: in the size that the model takes, always with the same random numbers for the same row. */
export function changedColumn(column: ImageColumn, change: Change, amount: number, random: Random): ImageColumn {
  const { height, width, channels, range } = column;
  const shape: PictureShape = { height, width, channels };
  return {
    ...column,
    async read(rows) {
      const values = await column.read(rows);
      const each = height * width * channels;
      const made = values instanceof Uint8Array ? new Uint8ClampedArray(values.length) : new Float32Array(values.length);
      const one = async (at: number) => {
        const light = { ...shape, values: toLight(values.subarray(at * each, (at + 1) * each), range) };
        const changed = change(light, amount, random.fork(`picture ${rows[at]}`));
        const { values: lit } = changed instanceof Promise ? await changed : changed;
        putBack(lit, range, made, at * each);
      };
      for (let at = 0; at < rows.length; at += atOnce)
        await Promise.all(Array.from({ length: Math.min(atOnce, rows.length - at) }, (_, k) => one(at + k)));
      return made instanceof Uint8ClampedArray ? new Uint8Array(made.buffer) : made;
    },
    resized: (to: Resizing) => changedColumn(column.resized(to), change, amount, random),
  };
}

/** Some changes wait for threads of their own. */
const atOnce = 16;

function toLight(values: Uint8Array | Float32Array, [black, white]: ImageColumn["range"]): Float32Array {
  const made = new Float32Array(values.length);
  const scale = 1 / (white - black || 1);
  for (let at = 0; at < values.length; at++) made[at] = (values[at]! - black) * scale;
  return made;
}

function putBack(values: Float32Array, [black, white]: ImageColumn["range"], into: Uint8ClampedArray | Float32Array, start: number): void {
  for (let at = 0; at < values.length; at++) into[start + at] = black + Math.min(1, Math.max(0, values[at]!)) * (white - black);
}
