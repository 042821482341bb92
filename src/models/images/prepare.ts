import type { Preparation } from "./preparation.ts";

export type Prepared = Float32Array | Float64Array | Uint8Array;

const channelsOf = ({ colours }: Pick<Preparation, "colours">) => (colours === "grey" ? 1 : 3);

/** Numbers that one picture becomes. */
export const valuesIn = (preparation: Pick<Preparation, "height" | "width" | "colours">): number =>
  preparation.height * preparation.width * channelsOf(preparation);

/**
 * Pictures (row-major [n, height, width, channels], red, green, blue) as the numbers that a model takes, in its layout: (range(value) - mean) / std. Written
 * into `into`, or given as they are where nothing changes.
 */
export function prepare(values: Uint8Array | Float32Array, preparation: Preparation, into: Prepared): Prepared {
  const channels = channelsOf(preparation);
  const isPlanar = preparation.layout === "NCHW" && channels > 1;
  const isSwapped = preparation.colours === "bgr";
  if (values instanceof Uint8Array && into instanceof Uint8Array && !isPlanar && !isSwapped) return values;
  const plane = preparation.height * preparation.width;
  if (values instanceof Uint8Array && into instanceof Float32Array && isPlanar) return planes(values, preparation, into);
  for (let channel = 0; channel < channels; channel++) {
    const from = isSwapped ? channels - 1 - channel : channel;
    const steps = { from, to: isPlanar ? channel * plane : channel, step: isPlanar ? 1 : channels, channels, plane };
    if (values instanceof Uint8Array) byTable(values, tableOf(preparation, channel), into, steps);
    else byFormula(values, preparation, channel, into, steps);
  }
  return into;
}

/** The usual case, colours channel after channel, in one pass over the pixels. */
function planes(values: Uint8Array, preparation: Preparation, into: Float32Array): Float32Array {
  const [a, b, c] = [0, 1, 2].map((channel) => Float32Array.from(tableOf(preparation, channel))) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const plane = preparation.height * preparation.width;
  const [first, last] = preparation.colours === "bgr" ? [2, 0] : [0, 2];
  for (let start = 0, at = 0; start < values.length; start += 3 * plane) {
    for (let put = start, end = start + plane; put < end; put++, at += 3) {
      into[put] = a[values[at + first]!]!;
      into[put + plane] = b[values[at + 1]!]!;
      into[put + 2 * plane] = c[values[at + last]!]!;
    }
  }
  return into;
}

interface Steps {
  /** The channel of the pictures, where its first number goes, and how far apart they lie. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly channels: number;
  readonly plane: number;
}

/** What each byte becomes: the arithmetic of training in doubles, rounded once. */
function tableOf({ range: [black, white], mean, std }: Preparation, channel: number): Float64Array {
  return Float64Array.from({ length: 256 }, (_, byte) => (black + (byte / 255) * (white - black) - mean[channel]!) / std[channel]!);
}

function byTable(values: Uint8Array, table: Float64Array, into: Prepared, { from, to, step, channels, plane }: Steps): void {
  const one = into instanceof Float32Array ? Float32Array.from(table) : table; // of the same kind: no conversion in the loop
  if (channels === 1) {
    for (let at = 0; at < values.length; at++) into[at] = one[values[at]!]!;
    return;
  }
  const picture = plane * channels;
  for (let start = 0; start < values.length; start += picture)
    for (let pixel = 0, at = start + from, put = start + to; pixel < plane; pixel++, at += channels, put += step)
      into[put] = one[values[at]!]!;
}

function byFormula(
  values: Float32Array,
  { mean, std }: Preparation,
  channel: number,
  into: Prepared,
  { from, to, step, channels, plane }: Steps,
): void {
  const [less, by] = [mean[channel]!, std[channel]!];
  const picture = plane * channels;
  for (let start = 0; start < values.length; start += picture)
    for (let pixel = 0, at = start + from, put = start + to; pixel < plane; pixel++, at += channels, put += step)
      into[put] = (values[at]! - less) / by;
}
