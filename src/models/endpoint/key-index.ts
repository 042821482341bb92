/** Says in which record a key may stand: a tag of its digest and the record's number, 8 bytes a place, at most two thirds of them taken. */
export interface KeyIndex {
  readonly size: number;
  add(key: string, record: number): void;
  /** The records that may hold it: the first for which `holds` is true, or null. */
  find(key: string, holds: (record: number) => boolean): number | null;
}

/** What a row is known by: so many bytes of a digest, one a character. */
export const keyLength = 16;

export function openKeyIndex(): KeyIndex {
  let slots = new Uint32Array(2 * 1024);
  let size = 0;
  const put = (into: Uint32Array, tag: number, record: number) => {
    const mask = into.length / 2 - 1;
    let at = tag & mask;
    while (into[2 * at + 1] !== 0) at = (at + 1) & mask;
    into[2 * at] = tag;
    into[2 * at + 1] = record;
  };
  const grow = () => {
    const larger = new Uint32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2) if (slots[at + 1] !== 0) put(larger, slots[at] ?? 0, slots[at + 1] ?? 0);
    slots = larger;
  };
  return {
    get size() {
      return size;
    },
    /** Records count from 1. */
    add(key, record) {
      if (3 * (size + 1) > slots.length) grow();
      put(slots, tagOf(key), record);
      size++;
    },
    find(key, holds) {
      const tag = tagOf(key);
      const mask = slots.length / 2 - 1;
      for (let at = tag & mask; slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
        const record = slots[2 * at + 1] ?? 0;
        if (slots[2 * at] === tag && holds(record)) return record;
      }
      return null;
    },
  };
}

const tagOf = (key: string) => ((key.charCodeAt(0) << 24) | (key.charCodeAt(1) << 16) | (key.charCodeAt(2) << 8) | key.charCodeAt(3)) >>> 0;
