import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { columnFromArray, decimal, tableFromColumns, tableToIPC, utf8 } from "@uwdata/flechette";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { openArrow } from "./index.ts";
import { headOf } from "./metadata.ts";

const vectors = fileURLToPath(new URL("../../../vectors/data/formats/", import.meta.url));
const dictionaries = await readFile(join(vectors, "dictionaries.arrows"));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "arrow-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The rows of a file of these bytes, or the code of what is wrong with it. */
async function readRows(bytes: Uint8Array, most = 2 ** 24): Promise<number | string | undefined> {
  const path = join(folder, "table.arrows");
  await writeFile(path, bytes);
  try {
    await using arrow = await openArrow(path, path, most);
    let rows = 0;
    for await (const batch of arrow.batches) rows += batch.rows;
    return rows;
  } catch (error) {
    const [problem] = problemsOf(error);
    if (problem === undefined) throw error;
    return problem.code;
  }
}

const changed = (bytes: Uint8Array, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
};

const streamOf = (columns: Parameters<typeof tableFromColumns>[0]): Buffer =>
  Buffer.from(tableToIPC(tableFromColumns(columns), { format: "stream" }) ?? []);

describe("An Arrow file that claims more than it holds", () => {
  it("is a Problem, whichever single byte of it claims so", async () => {
    for (let at = 0; at < dictionaries.length; at++) {
      const outcome = await readRows(changed(dictionaries, at, at % 2 === 0 ? 1 : 127));
      expect([0, 1, 2, 3, 4, 5, 6, "TABLE_DAMAGED", "TABLE_TOO_LARGE", "TABLE_COLUMN_NESTED"]).toContain(outcome);
    }
  });

  it("is a Problem where a list of its metadata is longer than the file", async () => {
    expect([...dictionaries.subarray(40, 48)]).toEqual([4, 0, 0, 0, 1, 0, 0, 0]); // the list of fields begins four bytes on: it has one
    expect(await readRows(changed(dictionaries, 40, 1))).toBe("TABLE_DAMAGED"); // one byte on: it has 16,777,216
    expect(await readRows(dictionaries)).toBe(6);
  });

  it("is a Problem where its texts are the same bytes over and over", async () => {
    const texts = Array.from({ length: 1000 }, (_, row) => String(row).padStart(100, "x"));
    const bytes = streamOf({ text: columnFromArray(texts, utf8()) });
    expect(await readRows(bytes, 200_000)).toBe(1000);
    const offsets = bytes.indexOf(Buffer.from(Int32Array.of(0, 100, 200, 300).buffer));
    for (let row = 0; row <= 1000; row++) bytes.writeInt32LE(row % 2 === 0 ? 0 : 100_000, offsets + 4 * row);
    expect(await readRows(bytes, 200_000)).toBe("TABLE_TOO_LARGE");
  });

  it("is a Problem where its decimals have more digits than there are", async () => {
    expect(await readRows(streamOf({ n: columnFromArray([1, 2], decimal(18, 3, 128)) }))).toBe(2);
    expect(await readRows(streamOf({ n: columnFromArray([1, 2], decimal(18, 77, 128)) }))).toBe("TABLE_DAMAGED");
  });
});

describe("The metadata of a message", () => {
  const metadata = dictionaries.subarray(8, 8 + dictionaries.readInt32LE(4));

  it("names the kind of the message, and how long its body is", () => {
    expect(headOf(metadata)).toEqual({ kind: 1, bodyBytes: 0, values: 0 });
  });

  it("is refused or has a body and values of some number, whatever its bytes are", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(metadata.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const bytes = Buffer.from(metadata);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { bodyBytes, values } = headOf(bytes);
          expect(Math.min(bodyBytes, values)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  /** A schema of one field, whose list of children lies at this place. */
  function schemaOfOneField(children: number): Uint8Array {
    const view = new DataView(new ArrayBuffer(80));
    const offset = (at: number, to: number) => view.setInt32(at, to - at, true);
    const table = (at: number, slots: number) => view.setInt32(at, at - slots, true);
    const slots = (at: number, ...entries: readonly number[]) => {
      for (const [entry, value] of [4 + 2 * entries.length, 12, ...entries].entries()) view.setInt16(at + 2 * entry, value, true);
    };
    offset(0, 16);
    slots(4, 0, 4, 8);
    table(16, 4); // the message
    view.setUint8(20, 1);
    offset(24, 36);
    slots(28, 0, 4);
    table(36, 28); // the schema
    offset(40, 44);
    view.setInt32(44, 1, true); // its fields
    offset(48, 68);
    slots(52, 0, 0, 0, 0, 0, 4);
    table(68, 52); // the field
    offset(72, children); // at 76 stands a list of none
    return new Uint8Array(view.buffer);
  }

  it("is refused where a field is its own child", () => {
    expect(headOf(schemaOfOneField(76))).toEqual({ kind: 1, bodyBytes: 0, values: 0 });
    expect(() => headOf(schemaOfOneField(44))).toThrow(RangeError);
  });
});
