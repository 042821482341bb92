import type { Colours } from "./preparation.ts";

/** What a model's file says of pictures, by the names that the ONNX standard has (MetadataProps), and by those that exporters use for mean and std. */
interface Told {
  readonly colours?: Colours;
  readonly range?: readonly [number, number];
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

const colours: Readonly<Record<string, Colours>> = { Gray8: "grey", Rgb8: "rgb", Bgr8: "bgr", Rgba8: "rgb", Bgra8: "bgr" };

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  NominalRange_0_255: [0, 255],
  Normalized_0_1: [0, 1],
  Normalized_1_1: [-1, 1],
};

const meanKeys = ["image_mean", "mean"];
const stdKeys = ["image_std", "std"];

export function metadataOf(metadata: { readonly [key: string]: string }): Told {
  const known = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => {
    const value = metadata[key];
    return value !== undefined && Object.hasOwn(table, value) ? table[value] : undefined;
  };
  const found = {
    colours: known(colours, "Image.BitmapPixelFormat"),
    range: known(ranges, "Image.NominalPixelRange"),
    mean: numbersAt(metadata, meanKeys),
    std: numbersAt(metadata, stdKeys),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** `[0.485, 0.456, 0.406]`, `0.485, 0.456, 0.406` or `0.5`. */
function numbersAt(metadata: { readonly [key: string]: string }, keys: readonly string[]): number[] | undefined {
  const text = keys.map((key) => (Object.hasOwn(metadata, key) ? metadata[key] : undefined)).find((value) => value !== undefined);
  const numbers = text
    ?.replace(/^[[(]|[\])]$/g, "")
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return numbers?.every(Number.isFinite) && (numbers.length === 1 || numbers.length === 3) ? numbers : undefined;
}
