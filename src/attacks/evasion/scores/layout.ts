import type { Random } from "../../../base/index.ts";
import type { Victim } from "../attack.ts";

/** Which features change together. A group is a list of features; in pictures it holds those of one colour. */
export interface Layout {
  /** Groups that start in one direction each: the columns of a picture, the single features of a row. */
  readonly stripes: readonly Int32Array[];
  /** The groups of a random part of about this share of all features, one sign each: a square of a picture, in each colour; in a row any features, each by itself. */
  patch(share: number, random: Random): readonly Int32Array[];
  /** A place for changes to be moved to or from: groups of the same size wherever it lies. */
  window(share: number, random: Random): readonly Int32Array[];
  /** Windows that cover the whole side by side. */
  readonly tiles: readonly (readonly Int32Array[])[];
  /** Changes for one group of a window of this size, of length 1 in L2. */
  pattern(size: number, random: Random): Float64Array;
}

/** By the victim's shape: three numbers are a picture, its colours first or last, two a grey one; anything else is a row. */
export function layoutOf({ shape, width, frozen }: Victim): Layout {
  const plane = shape === undefined ? null : planeOf(shape);
  return plane === null ? rowLayout(width, frozen) : pictureLayout(plane);
}

interface Plane {
  readonly channels: number;
  readonly height: number;
  readonly across: number;
  at(channel: number, y: number, x: number): number;
}

/** Of [channels, height, width] and [height, width, channels] the one with fewer channels. */
function planeOf(shape: readonly number[]): Plane | null {
  if (shape.length !== 2 && shape.length !== 3) return null;
  const [first = 1, second = 1, third = 1] = shape.length === 2 ? [1, ...shape] : shape;
  if (first <= third) return { channels: first, height: second, across: third, at: (channel, y, x) => (channel * second + y) * third + x };
  return { channels: third, height: first, across: second, at: (channel, y, x) => (y * second + x) * third + channel };
}

/** The smallest square of changes that are moved; its side is odd (Andriushchenko et al. 2020, section 3.4). */
const leastSide = 3;
/** Tiles a side at the start (ibid.). */
const tilesAcross = 5;

function pictureLayout(plane: Plane): Layout {
  const { channels, height, across } = plane;
  const shortest = Math.min(height, across);
  const colours = Array.from({ length: channels }, (_, channel) => channel);
  const square = (top: number, left: number, tall: number, wide: number) =>
    colours.map((channel) =>
      Int32Array.from({ length: tall * wide }, (_, at) => plane.at(channel, top + Math.floor(at / wide), left + (at % wide))),
    );
  const anywhere = (side: number, random: Random) =>
    square(random.integer(height - side + 1), random.integer(across - side + 1), side, side);
  const sideOf = (share: number) => Math.round(Math.sqrt(share * height * across));
  const tile = Math.max(1, Math.floor(shortest / tilesAcross));
  const places = (length: number) =>
    Array.from({ length: Math.floor(length / tile) }, (_, at) => Math.floor((length % tile) / 2) + at * tile);
  return {
    stripes: Array.from({ length: across }, (_, x) => square(0, x, height, 1)).flat(),
    patch: (share, random) => anywhere(Math.min(shortest, Math.max(1, sideOf(share))), random),
    window(share, random) {
      const side = Math.max(leastSide, sideOf(share));
      return anywhere(Math.min(shortest, side % 2 === 0 ? side + 1 : side), random);
    },
    tiles: places(height).flatMap((top) => places(across).map((left) => square(top, left, tile, tile))),
    pattern: (size, random) => twoHills(Math.round(Math.sqrt(size)), random),
  };
}

function rowLayout(width: number, frozen: Victim["frozen"]): Layout {
  const free = Int32Array.from({ length: width }, (_, at) => at).filter((at) => frozen?.[at] !== 1);
  const some = (share: number, random: Random) => {
    const count = Math.min(free.length, Math.max(1, Math.round(share * free.length)));
    return Int32Array.from(random.sample(free.length, count), (at) => free[at]!);
  };
  return {
    stripes: Array.from(free, (at) => Int32Array.of(at)),
    patch: (share, random) => Array.from(some(share, random), (at) => Int32Array.of(at)),
    window: (share, random) => [some(share, random)],
    tiles: [[free]],
    pattern: (size, random) => Float64Array.from({ length: size }, () => (random.uniform() < 0.5 ? -1 : 1) / Math.sqrt(size)),
  };
}

/** A square of one half up and one half down, each highest in its middle, lying or standing (Andriushchenko et al. 2020, section 3.4). */
export function twoHills(side: number, random: Random): Float64Array {
  const upper = Math.floor(side / 2);
  const made = new Float64Array(side * side);
  hill(made, side, 0, upper, 1);
  hill(made, side, upper, side - upper, -1);
  const length = Math.sqrt(made.reduce((sum, each) => sum + each * each, 0));
  const turned = random.uniform() < 0.5;
  return made.map((_, at) => made[turned ? (at % side) * side + Math.floor(at / side) : at]! / (length > 0 ? length : 1));
}

/** Rings around the middle of rows [top, top + tall): the k-th and all within it get 1 / k^2, and the whole has length 1. */
function hill(into: Float64Array, side: number, top: number, tall: number, sign: number): void {
  const [middleY, middleX] = [Math.floor(tall / 2), Math.floor(side / 2)];
  let squared = 0;
  const height = (y: number, x: number) => {
    let sum = 0;
    for (let ring = Math.max(Math.abs(y - middleY), Math.abs(x - middleX)); ring <= side; ring++) sum += 1 / (ring + 1) ** 2;
    return sum;
  };
  for (let y = 0; y < tall; y++) for (let x = 0; x < side; x++) squared += height(y, x) ** 2;
  for (let y = 0; y < tall; y++) for (let x = 0; x < side; x++) into[(top + y) * side + x] = (sign * height(y, x)) / Math.sqrt(squared);
}
