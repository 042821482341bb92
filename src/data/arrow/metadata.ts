/** What stands in the metadata of a message before its parts are read. */
export interface Head {
  readonly kind: number;
  readonly bodyBytes: number;
  /** The values that its columns say they have, all together: what a reader makes room for, whatever the file's size. */
  readonly values: number;
}

/** The flatbuffer, what has been counted in it, and how much more of it may be looked at. */
interface Walk {
  readonly view: DataView;
  values: number;
  left: number;
}

/** Looks at what stands at a place; throws a RangeError where it points outside the buffer. */
type Check = (walk: Walk, at: number, depth: number) => void;

const deepest = 64;

/**
 * Reads the head of an Arrow message and checks the flatbuffer that it is (Arrow columnar format, `Message.fbs` and `Schema.fbs`): every offset and every count lies within it. Throws a
 * RangeError otherwise. The reader of messages trusts all of them: a count out of thin air would have it build a list until there is no memory left, which ends the whole process.
 */
export function headOf(metadata: Uint8Array): Head {
  const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  // Nothing needs more, unless parts of the buffer are named over and over.
  const walk: Walk = { view, values: 0, left: 4 * view.byteLength };
  const place = tableAt(view, 0);
  const kind = byteAt(view, place(1));
  const header = place(2);
  if (header !== undefined) headers[kind]?.(walk, header, 0);
  const body = place(3);
  return { kind, bodyBytes: body === undefined ? 0 : countAt(view, body), values: walk.values };
}

/** Where the fields of a table lie that is named at `at`; undefined where one is left out. */
function tableAt(view: DataView, at: number): (slot: number) => number | undefined {
  const table = at + view.getInt32(at, true);
  const slots = table - view.getInt32(table, true);
  const bytes = view.getInt16(slots, true);
  return (slot) => {
    const entry = 4 + 2 * slot;
    const offset = entry < bytes ? view.getInt16(slots + entry, true) : 0;
    if (offset < 0) throw new RangeError("a field before its table");
    return offset === 0 ? undefined : table + offset;
  };
}

const byteAt = (view: DataView, at: number | undefined): number => (at === undefined ? 0 : view.getUint8(at));

function countAt(view: DataView, at: number): number {
  const count = Number(view.getBigInt64(at, true));
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError("a count that is none");
  return count;
}

function spend(walk: Walk, bytes: number): void {
  walk.left -= bytes;
  if (walk.left < 0) throw new RangeError("the same bytes over and over");
}

const table =
  (fields: Readonly<Record<number, Check>>): Check =>
  (walk, at, depth) => {
    if (depth > deepest) throw new RangeError("tables in tables without end");
    spend(walk, 8);
    const place = tableAt(walk.view, at);
    for (const [slot, check] of Object.entries(fields)) {
      const where = place(Number(slot));
      if (where !== undefined) check(walk, where, depth + 1);
    }
  };

/** A list of items of `stride` bytes each; a table is an item of four bytes, its offset. */
const vector =
  (stride: number, item?: Check): Check =>
  (walk, at, depth) => {
    const { view } = walk;
    const start = at + view.getInt32(at, true);
    const count = view.getUint32(start, true);
    if (start + 4 + count * stride > view.byteLength) throw new RangeError("a list that is longer than its buffer");
    spend(walk, 4 + count * stride);
    if (item !== undefined) for (let index = 0; index < count; index++) item(walk, start + 4 + index * stride, depth);
  };

const text = vector(1);
const pairs = vector(4, table({ 0: text, 1: text }));
const scalars = table({});

/** Its columns are as long as the batch itself; nested ones, whose parts may be longer, are read by nobody here. */
const batch: Check = (walk, at, depth) => {
  const length = tableAt(walk.view, at)(0);
  const rows = length === undefined ? 0 : countAt(walk.view, length);
  const node: Check = ({ view }, place) => {
    if (countAt(view, place) !== rows) throw new RangeError("a column of another length than its batch");
    walk.values += rows;
  };
  table({ 1: vector(16, node), 2: vector(16), 3: scalars, 4: vector(8) })(walk, at, depth);
};

/** By type: what is no plain number in the table that describes it. */
const types: Readonly<Record<number, Check>> = { 10: table({ 1: text }), 14: table({ 1: vector(4) }) };

const field: Check = (walk, at, depth) => {
  const type = byteAt(walk.view, tableAt(walk.view, at)(2));
  table({ 0: text, 3: types[type] ?? scalars, 4: table({ 1: scalars }), 5: vector(4, field), 6: pairs })(walk, at, depth);
};

/** By kind of message: schema, dictionary, record batch. */
const headers: Readonly<Record<number, Check>> = {
  1: table({ 1: vector(4, field), 2: pairs }),
  2: table({ 1: batch }),
  3: batch,
};
