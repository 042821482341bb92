const magic = 0x184d2204;

/**
 * Unpacks an LZ4 frame (LZ4 Frame Format 1.6, checksums not looked at) that holds `size` bytes. Throws a RangeError for anything else; never writes beyond `size`.
 * Written here because no maintained package without native code does it, and Arrow packs with it unless told otherwise.
 */
export function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint32(0, true) !== magic) throw new RangeError("no LZ4 frame");
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1 || (flags & 1) !== 0) throw new RangeError("an LZ4 frame of another version, or with a dictionary");
  const hasBlockChecksums = (flags & 0x10) !== 0;
  let at = 7 + ((flags & 8) !== 0 ? 8 : 0);
  const out = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) break;
    const length = head & 0x7fff_ffff;
    if (at + length > packed.length) throw new RangeError("an LZ4 block is cut short");
    const block = packed.subarray(at, at + length);
    filled = head >>> 31 === 1 ? copyBlock(block, out, filled) : unpackBlock(block, out, filled);
    at += length + (hasBlockChecksums ? 4 : 0);
  }
  if (filled !== size) throw new RangeError("an LZ4 frame of another size than it says");
  return out;
}

function copyBlock(block: Uint8Array, out: Uint8Array, filled: number): number {
  out.set(block, filled);
  return filled + block.length;
}

/** A block (LZ4 Block Format): pairs of bytes to copy from here, and bytes to copy again from what is out already. */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let from = 0;
  let to = start;
  const longer = (length: number) => {
    let sum = length;
    if (length < 15) return sum;
    for (;;) {
      const more = block[from++];
      if (more === undefined) throw new RangeError("an LZ4 block is cut short");
      sum += more;
      if (more < 255) return sum;
    }
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = longer(token >> 4);
    if (from + literals > block.length) throw new RangeError("an LZ4 block is cut short");
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from >= block.length) break;
    const back = block[from]! | ((block[from + 1] ?? 0) << 8);
    from += 2;
    const length = longer(token & 15) + 4;
    if (back === 0 || back > to || to + length > out.length) throw new RangeError("an LZ4 block points outside itself");
    for (const end = to + length; to < end; to++) out[to] = out[to - back]!;
  }
  return to;
}
