import { quoted } from "../../base/index.ts";
import type { PictureFacts } from "../../data/index.ts";
import type { Port } from "../model.ts";
import type { DeclaredPreparation } from "./preparation.ts";

/** What each picture fills. `NHW`: grey, without an axis for it. `flat`: row after row, as in NHWC, on one axis. */
export interface Axes {
  readonly layout: "NHWC" | "NCHW" | "NHW" | "flat";
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

interface FoundAxes {
  readonly axes: Axes;
  readonly told: { readonly [choice in "layout" | "size"]: "declared" | "metadata" | "shape" | "pictures" };
}

interface Unclear {
  readonly what: string;
  readonly remedy: string;
}

type Size = number | null;

const shown = (shape: readonly Size[]) => `[${shape.map((size) => size ?? "?").join(", ")}]`;

/** Which axis of an input is which, and how large: from the declaration, the file's denotations, its shape, and last the pictures. */
export function axesOf(
  port: Port,
  asked: DeclaredPreparation,
  { size, channels }: Pick<PictureFacts, "size" | "channels">,
): FoundAxes | Unclear {
  const { shape } = port;
  if (shape.length === 2) return flat(shape[1] ?? null, asked, { size, channels });
  if (shape.length === 3) return sized("NHW", "shape", [shape[1] ?? null, shape[2] ?? null], 1, asked, size);
  if (shape.length !== 4)
    return {
      what: `has the shape ${shown(shape)}; a picture fills [N, channels, height, width] or [N, height, width, channels]`,
      remedy: "Export the model with such an input.",
    };
  const [, a = null, b = null, c = null] = shape;
  const layout = asked.layout ?? denoted(port) ?? likely(a, c);
  if (layout === null)
    return {
      what: `has the shape ${shown(shape)}, which does not tell where its channels are`,
      remedy: "Say it: `image: { layout: NCHW }` (as PyTorch has it) or NHWC (as TensorFlow has it).",
    };
  const told = asked.layout ? "declared" : denoted(port) ? "metadata" : "shape";
  const own = (layout === "NCHW" ? a : c) ?? (asked.colours === undefined ? channels : asked.colours === "grey" ? 1 : 3);
  if (own !== 1 && own !== 3)
    return {
      what: `would have ${own} channels as ${layout}: its shape is ${shown(shape)}`,
      remedy: "Pictures have 1 or 3: correct `image: { layout: ... }`, or export the model so.",
    };
  return sized(layout, told, layout === "NCHW" ? [b, c] : [a, b], own, asked, size);
}

const isCount = (size: Size) => size === 1 || size === 3;

function likely(first: Size, last: Size): "NCHW" | "NHWC" | null {
  if (isCount(first) !== isCount(last)) return isCount(first) ? "NCHW" : "NHWC";
  return null;
}

/** By the standard names of dimensions. */
function denoted({ denotations = [] }: Port): "NCHW" | "NHWC" | null {
  const at = denotations.indexOf("DATA_CHANNEL");
  return at === 1 ? "NCHW" : at === 3 ? "NHWC" : null;
}

function sized(
  layout: Axes["layout"],
  told: FoundAxes["told"]["layout"],
  [ownHeight, ownWidth]: readonly [Size, Size],
  channels: 1 | 3,
  asked: DeclaredPreparation,
  pictures: { readonly height: number; readonly width: number } | null,
): FoundAxes | Unclear {
  const height = ownHeight ?? asked.size?.[0] ?? pictures?.height;
  const width = ownWidth ?? asked.size?.[1] ?? pictures?.width;
  if (height === undefined || width === undefined)
    return {
      what: "leaves height and width open, and the pictures are of several sizes",
      remedy: "Say to which size training brought them: `image: { size: [224, 224] }`.",
    };
  if (asked.size !== undefined && (asked.size[0] !== height || asked.size[1] !== width))
    return {
      what: `takes pictures of ${height} x ${width}, not of ${asked.size.join(" x ")}`,
      remedy: `Correct ${quoted("size")}, or leave it out.`,
    };
  const isOwn = ownHeight !== null && ownWidth !== null;
  return {
    axes: { layout, height, width, channels },
    told: { layout: told, size: isOwn ? "shape" : asked.size ? "declared" : "pictures" },
  };
}

function flat(values: Size, asked: DeclaredPreparation, { size, channels }: Pick<PictureFacts, "size" | "channels">): FoundAxes | Unclear {
  const height = asked.size?.[0] ?? size?.height;
  const width = asked.size?.[1] ?? size?.width;
  if (height === undefined || width === undefined)
    return {
      what: `takes one row of ${values ?? "any number of"} numbers, and the pictures are of several sizes`,
      remedy: "Say their size: `image: { size: [28, 28] }`.",
    };
  if (values !== null && values !== height * width * channels)
    return {
      what: `takes ${values} numbers; a picture of ${height} x ${width} with ${channels} ${channels === 1 ? "channel" : "channels"} gives ${height * width * channels}`,
      remedy: "Say the size that training brought them to: `image: { size: [28, 28] }`.",
    };
  return { axes: { layout: "flat", height, width, channels }, told: { layout: "shape", size: asked.size ? "declared" : "pictures" } };
}
