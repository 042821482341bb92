const marker = {
  start: 0xd8,
  application0: 0xe0,
  application1: 0xe1,
  application15: 0xef,
  tables: 0xc4,
  quantisation: 0xdb,
  restart: 0xdd,
  scan: 0xda,
  comment: 0xfe,
};
/** Baseline, extended and progressive, with Huffman's codes: ITU-T T.81, table B.1. */
const frames = [0xc0, 0xc1, 0xc2];

interface PlainJpeg {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * What stands before the pixels of the usual JPEG: 8 bits a value, grey or three colours, no EXIF (which could say which side is up). Null for all that is not written
 * just so: of that, only who decodes it can tell.
 */
export function plainJpeg(bytes: Buffer): PlainJpeg | null {
  if (bytes[0] !== 0xff || bytes[1] !== marker.start) return null;
  let frame: PlainJpeg | null = null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const code = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) return null;
    if (code === marker.scan) return frame;
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return null;
    if (frames.includes(code)) {
      if (frame !== null) return null;
      frame = frameIn(bytes.subarray(at + 4, at + 2 + length));
      if (frame === null) return null;
    } else if (!isPassedOver(code)) return null;
    at += 2 + length;
  }
  return null;
}

/** Depth, height, width, and three bytes for each channel. */
function frameIn(segment: Buffer): PlainJpeg | null {
  const channels = segment[5];
  if (segment[0] !== 8 || (channels !== 1 && channels !== 3) || segment.length !== 6 + 3 * channels) return null;
  const [height, width] = [segment.readUInt16BE(1), segment.readUInt16BE(3)];
  return height > 0 && width > 0 ? { height, width, channels } : null;
}

const isPassedOver = (code: number) =>
  (code >= marker.application0 && code <= marker.application15 && code !== marker.application1) ||
  [marker.tables, marker.quantisation, marker.restart, marker.comment].includes(code);
