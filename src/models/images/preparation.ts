import { quoted } from "../../base/index.ts";
import type { ColumnFacts, Resizing } from "../../data/index.ts";
import type { Binding } from "../bind.ts";
import type { Port } from "../model.ts";
import { type Axes, axesOf } from "./axes.ts";
import { metadataOf } from "./metadata.ts";

/** What a person declares of how pictures were prepared in training. */
export interface DeclaredPreparation {
  readonly layout?: "NHWC" | "NCHW" | undefined;
  readonly size?: readonly [number, number] | undefined;
  readonly colours?: Colours | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly mean?: number | readonly number[] | undefined;
  readonly std?: number | readonly number[] | undefined;
  readonly resize?: { readonly [K in "fit" | "shorter" | "filter"]?: Resizing[K] | undefined } | undefined;
}

export type Colours = "rgb" | "bgr" | "grey";
type Told = "declared" | "metadata" | "shape" | "type" | "pictures" | "assumed";

/** How pictures become one input of a model. Plain JSON: part of the cache key. */
export type Preparation = {
  readonly layout: Axes["layout"];
  readonly height: number;
  readonly width: number;
  readonly colours: Colours;
  /** What black and white become. */
  readonly range: readonly [number, number];
  /** Taken off then, and divided by, for each channel in the model's order; in units of `range`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Null where the pictures are of that size. */
  readonly resize: Resizing | null;
  /** Floats are what `range` says already. */
  readonly isFloat: boolean;
  /** Where each choice comes from. */
  readonly told: { readonly [choice: string]: Told };
};

/** Chooses how a dataset's pictures fill an input, each choice from the first place that tells; null after a problem. */
export function preparationOf(binding: Binding, port: Port, column: ColumnFacts): Preparation | null {
  const { declared, problem } = binding;
  const { picture } = column;
  if (picture === undefined) throw new Error(`${column.name} holds no pictures`);
  const asked = declared.image ?? {};
  const mismatch = (what: string, remedy: string, path: readonly string[] = ["image"]) => {
    problem("MODEL_INPUT_MISMATCH", path, `input ${quoted(port.name)} of model ${quoted(declared.model)} ${what}`, remedy);
    return null;
  };
  const isBytes = port.type === "uint8";
  if (!isBytes && !/^float(16|32|64)$/.test(port.type))
    return mismatch(
      `is of type ${port.other ?? port.type}; pictures become float or uint8`,
      "Export the model with an input of float32 or uint8.",
    );
  const found = axesOf(port, asked, picture);
  if ("what" in found) return mismatch(found.what, found.remedy);
  const { axes, told } = found;
  if (axes.channels !== picture.channels) {
    const [takes, are] = axes.channels === 1 ? ["grey", "in colours"] : ["colours", "grey"];
    return mismatch(
      `takes ${takes} (${axes.channels} ${axes.channels === 1 ? "channel" : "channels"}); the pictures of dataset ${quoted(declared.dataset)} are ${are}`,
      `If training turned them so, say it under the dataset: \`images: { channels: ${axes.channels} }\`.`,
    );
  }
  const size = picture.size;
  const isOther = size === null || size.height !== axes.height || size.width !== axes.width;
  if (isOther && asked.resize === undefined) {
    const are = size === null ? "of several sizes" : `${size.height} x ${size.width}`;
    return mismatch(
      `takes pictures of ${axes.height} x ${axes.width}; those of dataset ${quoted(declared.dataset)} are ${are}`,
      "Say how training brought them to that size: `image: { resize: { fit: stretch } }`, or `crop`, or `pad`.",
    );
  }
  const metadata = metadataOf(binding.facts.metadata ?? {});
  const colours = asked.colours ?? metadata.colours ?? (axes.channels === 1 ? "grey" : "rgb");
  if ((colours === "grey") !== (axes.channels === 1))
    return mismatch(
      `has ${axes.channels} channels, which are not ${quoted(colours)}`,
      "Correct `image: { colours: ... }`, or leave it out.",
    );
  const range = asked.range ?? metadata.range ?? (isBytes ? [0, 255] : [0, 1]);
  const [mean, std] = [each(asked.mean ?? metadata.mean ?? 0, axes.channels), each(asked.std ?? metadata.std ?? 1, axes.channels)];
  if (mean === null || std === null)
    return mismatch(`has ${axes.channels} channels; mean or std names another number of them`, "Name one number, or one for each channel.");
  if (std.some((value) => !(value > 0)) || range[0] === range[1])
    return mismatch("cannot be reached by this preparation: it divides by nothing", "Correct `range` and `std`: neither may be zero wide.");
  const isPlain = range[0] === 0 && range[1] === 255 && mean.every((value) => value === 0) && std.every((value) => value === 1);
  if (isBytes && (!isPlain || picture.values === "floats"))
    return mismatch("takes bytes, 0 to 255, as pictures have them", "Leave out `range`, `mean` and `std`: such a model holds them inside.");
  const isOutside = picture.values === "floats" && asked.range !== undefined && (picture.min < range[0] || picture.max > range[1]);
  if (isOutside || Number.isNaN(picture.max))
    return mismatch(
      `is given numbers from ${picture.min} to ${picture.max}`,
      `Correct \`range\`, or the array: pictures of floats are taken as they are.`,
    );
  return {
    ...axes,
    colours,
    range: [range[0], range[1]],
    mean,
    std,
    resize: isOther ? resizing(asked.resize ?? {}, axes) : null,
    isFloat: picture.values === "floats",
    told: {
      ...told,
      colours: asked.colours ? "declared" : metadata.colours ? "metadata" : axes.channels === 1 ? "shape" : "assumed",
      range: asked.range ? "declared" : metadata.range ? "metadata" : isBytes ? "type" : "assumed",
      mean: asked.mean !== undefined ? "declared" : metadata.mean ? "metadata" : "assumed",
      std: asked.std !== undefined ? "declared" : metadata.std ? "metadata" : "assumed",
      ...(isOther ? { resize: "declared" as const } : {}),
    },
  };
}

function each(value: number | readonly number[], channels: number): number[] | null {
  if (typeof value === "number") return Array.from({ length: channels }, () => value);
  return value.length === channels ? [...value] : value.length === 1 ? each(value[0] ?? 0, channels) : null;
}

const resizing = (
  { fit = "stretch", shorter, filter = "bilinear" }: NonNullable<DeclaredPreparation["resize"]>,
  { height, width }: Axes,
): Resizing => ({
  height,
  width,
  fit,
  ...(shorter === undefined ? {} : { shorter }),
  filter,
});

const toldWords: Readonly<Record<Told, string>> = {
  declared: "declared",
  metadata: "from the file's metadata",
  shape: "from the input's shape",
  type: "from the input's type",
  pictures: "as the pictures are",
  assumed: "assumed",
};

const list = (values: readonly number[]) => (new Set(values).size === 1 ? String(values[0]) : `[${values.join(", ")}]`);

/** How pictures are put to the model, each choice with where it comes from: for people. */
export function describePreparation({ told, ...made }: Preparation): string {
  const from = (choice: string) => ` (${toldWords[told[choice] ?? "assumed"]})`;
  const parts = [
    `${made.height} x ${made.width}${from("size")}`,
    `${made.layout}${from("layout")}`,
    `${made.colours}${from("colours")}`,
    made.isFloat ? "floats as stored" : `black ${made.range[0]}, white ${made.range[1]}${from("range")}`,
    ...(told.mean === "assumed" && told.std === "assumed" ? [] : [`mean ${list(made.mean)}, std ${list(made.std)}${from("mean")}`]),
    ...(made.resize === null ? [] : [`${made.resize.fit}, ${made.resize.filter}${from("resize")}`]),
  ];
  return `takes pictures of ${parts.join("; ")}`;
}
