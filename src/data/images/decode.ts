import { Problem } from "../../base/index.ts";
import { plainJpeg } from "./jpeg.ts";
import { isAnimatedPng, kindOf, otherKind } from "./sniff.ts";
import type { Picture } from "./types.ts";

/** Some 67 million: a camera's largest pictures, and 200 MB in memory. */
export const mostPixels = 2 ** 26;
export const mostPictureBytes = 64 * 2 ** 20;

export interface Decoding {
  /** Its colours become these; null: as it is. */
  readonly channels: 1 | 3 | null;
  /** Turn it as its orientation tag says. */
  readonly turned: boolean;
}

let loaded: Promise<typeof import("sharp").default> | undefined;

/** libvips with every reader switched off but three; native, so it is loaded when somebody needs it, in an isolated process. */
function library() {
  loaded ??= import("sharp").then(({ default: sharp }) => {
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"] });
    sharp.cache(false);
    sharp.concurrency(1); // pictures are decoded side by side
    return sharp;
  });
  return loaded;
}

/**
 * The pixels of a JPEG, PNG or WebP file as Pillow's `convert("RGB")` or `convert("L")` gives them: palettes and small depths widened, transparency and colour
 * profiles left out of account. What has no one meaning as 8-bit grey or red, green and blue is a Problem, as is what cannot be decoded to its end.
 */
export async function decodePicture(bytes: Buffer, file: string, { channels, turned }: Decoding): Promise<Picture> {
  checkBytes(bytes, file);
  const sharp = await library();
  const options = { failOn: "error", limitInputPixels: mostPixels, ignoreIcc: true, pages: 1 } as const;
  const header =
    headerOf(bytes) ??
    (await sharp(bytes, { ...options, limitInputPixels: false })
      .metadata()
      .catch(damaged(file)));
  checkHeader(header, file);
  const isGrey = header.channels < 3;
  const image = sharp(bytes, options);
  if (turned) image.autoOrient();
  const pixels = image
    .removeAlpha()
    .toColourspace(isGrey ? "b-w" : "srgb")
    .raw({ depth: "uchar" });
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true }).catch(damaged(file));
  const own = info.channels === 1 ? 1 : 3;
  if (data.length !== info.width * info.height * own) throw new Error(`libvips gave ${info.channels} channels`);
  const picture = withChannels({ height: info.height, width: info.width, channels: own, values: data }, channels ?? own);
  const passedOver = [
    ...(!turned && (header.orientation ?? 1) > 1 ? (["orientation"] as const) : []),
    ...(header.hasAlpha === true ? (["transparency"] as const) : []),
  ];
  return passedOver.length === 0 ? picture : { ...picture, passedOver };
}

/** A picture of bytes as a PNG file. */
export async function pngOf({ height, width, channels, values }: Picture): Promise<Uint8Array> {
  const sharp = await library();
  return await sharp(Uint8Array.from(values), { raw: { width, height, channels } }).png({ compressionLevel: 9 }).toBuffer();
}

/** Grey repeated, or the luma of ITU-R 601 in Pillow's fixed point. */
export function withChannels(picture: Picture, channels: 1 | 3): Picture {
  const { values, height, width } = picture;
  if (picture.channels === channels) return picture;
  const made = values instanceof Uint8Array ? new Uint8Array(height * width * channels) : new Float32Array(height * width * channels);
  if (channels === 3) for (let at = 0; at < made.length; at++) made[at] = values[Math.floor(at / 3)]!;
  else if (made instanceof Uint8Array)
    for (let at = 0, from = 0; at < made.length; at++, from += 3)
      made[at] = (values[from]! * 19595 + values[from + 1]! * 38470 + values[from + 2]! * 7471 + 0x8000) >> 16;
  else
    for (let at = 0, from = 0; at < made.length; at++, from += 3)
      made[at] = values[from]! * 0.299 + values[from + 1]! * 0.587 + values[from + 2]! * 0.114;
  return { height, width, channels, values: made };
}

const exportHint = "Save it as PNG or JPEG with 8 bits a value, as the model's training saw it.";

const refused = (file: string, what: string, remedy = exportHint) => new Problem("IMAGE_FORMAT", what, { file, remedy });

function checkBytes(bytes: Buffer, file: string): void {
  if (bytes.length === 0) throw new Problem("IMAGE_DAMAGED", "the picture is empty", { file, remedy: "Copy it again, or leave it out." });
  const kind = kindOf(bytes);
  const other = kind === null ? otherKind(bytes) : null;
  if (other !== null) throw refused(file, `it is ${other}; pictures are read from JPEG, PNG and WebP alone`);
  if (kind === null)
    throw refused(file, "it is no picture that is read: JPEG, PNG or WebP", "Move it out of the folder, or save it as PNG.");
  if (kind === "png" && isAnimatedPng(bytes)) throw animated(file);
}

const animated = (file: string) =>
  refused(file, "the picture is animated: which of its frames is meant is not clear", "Save the frame that is meant as PNG.");

interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly orientation?: number | undefined;
  readonly hasAlpha?: boolean | undefined;
  readonly space?: string | undefined;
  readonly depth?: string | undefined;
  readonly pages?: number | undefined;
}

/** Of the usual JPEG, what asking the library would tell, at a fifth of its time. */
function headerOf(bytes: Buffer): Header | null {
  const plain = plainJpeg(bytes);
  return plain && { ...plain, depth: "uchar" };
}

function checkHeader({ width, height, space, depth, pages }: Header, file: string): void {
  if ((pages ?? 1) > 1) throw animated(file);
  if (width * height > mostPixels) {
    throw new Problem("IMAGE_TOO_LARGE", `the picture says that it has ${width} x ${height} pixels; ${mostPixels} are read at most`, {
      file,
      remedy: "Check that it is what it claims to be; if it is, make it smaller.",
    });
  }
  if (space === "cmyk") throw refused(file, "its colours are those of print (CMYK), which become red, green and blue in more than one way");
  if (depth !== "uchar") throw refused(file, "it has 16 bits or more a value, which become 8 in more than one way");
}

/** What the library says names its own parts: it helps nobody. */
const damaged = (file: string) => (): never => {
  throw new Problem("IMAGE_DAMAGED", "the picture cannot be decoded to its end", {
    file,
    remedy: "It is truncated or damaged: copy it again, or leave it out.",
  });
};

/** What is left of a picture of bytes that was written as JPEG of a quality from 1 to 100, with colours at half the resolution, and read again. */
export async function throughJpeg(
  { values, height, width, channels }: Picture & { readonly values: Uint8Array },
  quality: number,
): Promise<Uint8Array> {
  const sharp = await library();
  const packed = await sharp(values, { raw: { height, width, channels } })
    .jpeg({ quality, chromaSubsampling: "4:2:0", optimiseCoding: false })
    .toBuffer();
  return (await decodePicture(packed, "", { channels, turned: false })).values as Uint8Array;
}
