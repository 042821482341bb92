import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { arraysIn, openArray } from "./index.ts";
import { openArrays } from "./table.ts";

const vectors = fileURLToPath(new URL("../../../vectors/data/numpy/", import.meta.url));
const expected = JSON.parse(await readFile(join(vectors, "expected.json"), "utf8")) as Record<
  string,
  { readonly shape: readonly number[]; readonly values: readonly unknown[] }
>;

describe("NumPy arrays", () => {
  let spillFolder: string;
  beforeAll(async () => {
    spillFolder = await mkdtemp(join(tmpdir(), "numpy-"));
  });
  afterAll(() => rm(spillFolder, { recursive: true }));

  const open = (name: string, array: string | null = null) => openArray(join(vectors, name), array, { spillFolder });
  const valuesOf = async (name: string, array: string | null = null) => {
    await using found = await open(name, array);
    return [...(await found.read(0, found.shape[0] ?? 1))];
  };
  /** Infinities, NaN and whole numbers beyond 2^53 stand as texts in JSON. */
  const asWritten = (value: unknown) => {
    if (typeof value === "bigint") return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : String(value);
    return typeof value === "number" && !Number.isFinite(value)
      ? { NaN: "nan", Infinity: "inf", "-Infinity": "-inf" }[String(value)]
      : value;
  };

  it.each(Object.entries(expected))("%s holds what numpy wrote", async (name, { shape, values }) => {
    await using found = await open(`${name}.npy`);
    expect(found.shape).toEqual(shape);
    const wanted = values.map((value) => (typeof value === "boolean" ? Number(value) : value));
    expect((await valuesOf(`${name}.npy`)).map(asWritten)).toEqual(
      name.startsWith("nanoseconds") ? ["2024-02-29T12:30:00.500", "1969-12-31T23:59:59"] : wanted,
    );
  });

  it("rows are read alone, in C order, whatever the order on disk", async () => {
    await using cube = await open("cube-fortran.npy");
    expect([...(await cube.read(1, 1))].map(Number)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
    await using matrix = await open("float64-fortran.npy");
    expect([...(await matrix.read(0, 1))]).toEqual([1.5, -2.25, 0.1]);
  });

  it.each(["stored.npz", "deflated.npz", "zip64.npz"])("the arrays of %s are read by name", async (name) => {
    expect(await arraysIn(join(vectors, name))).toEqual(["X", "y"]);
    expect(await valuesOf(name, "X")).toEqual([1.5, 2, 3, 4, 5, 6]);
    expect(await valuesOf(name, "y")).toEqual(["a", "b", "a"]);
    expect(await readdir(spillFolder)).toEqual([]);
  });

  it("a version 3 header reads", async () => {
    expect(await valuesOf("version-3.npy")).toEqual([1, 2]);
  });

  it.each([
    ["objects.npy", null, "TABLE_PICKLED", /pickled/],
    ["fields.npy", null, "TABLE_ARRAY", /fields/],
    ["stored.npz", "z", "TABLE_ARRAY", /no array “z”/],
    ["stored.npz", null, "TABLE_ARRAY", /several arrays/],
    ["expected.json", null, "TABLE_DAMAGED", /does not begin/],
    ["gone.npy", null, "ARTEFACT_MISSING", /no such file/],
  ])("%s, array %s, is a Problem", async (name, array, code, says) => {
    const [problem] = problemsOf(await open(name, array).catch((error: unknown) => error));
    expect(problem?.code).toBe(code);
    expect(problem?.message).toMatch(says);
  });

  it("an entry that unpacks to more than it says is a Problem, and leaves nothing behind", async () => {
    const bytes = await readFile(join(vectors, "deflated.npz"));
    const directory = bytes.indexOf(Uint8Array.of(0x50, 0x4b, 1, 2));
    const honest = bytes.readUInt32LE(directory + 24);
    for (const claimed of [honest - 1, honest + 1, 0xffff_fffe]) {
      bytes.writeUInt32LE(claimed, directory + 24);
      const path = join(spillFolder, "lying.npz");
      await writeFile(path, bytes);
      const error = await openArray(path, "X", { spillFolder }).catch((caught: unknown) => caught);
      expect(problemsOf(error)).toHaveLength(1);
      await rm(path);
      expect(await readdir(spillFolder)).toEqual([]);
    }
  });

  it("one that is stored and says that it goes on beyond the archive is a Problem", async () => {
    const bytes = await readFile(join(vectors, "stored.npz"));
    bytes.writeUInt32LE(0xffff_fffe, bytes.indexOf(Uint8Array.of(0x50, 0x4b, 1, 2)) + 24);
    const path = join(spillFolder, "beyond.npz");
    await writeFile(path, bytes);
    const [first = ""] = await arraysIn(path);
    await expect(openArray(path, first, { spillFolder })).rejects.toMatchObject({ code: "TABLE_DAMAGED" });
    await rm(path);
  });

  it("of more columns than a table has is refused before they get names", async () => {
    const path = join(spillFolder, "wide.npy");
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 8589934592), }";
    await writeFile(path, Buffer.concat([Buffer.from("\x93NUMPY\x01\0\x80\0", "latin1"), Buffer.from(`${header.padEnd(127)}\n`)]));
    await truncate(path, 138 + 2 ** 33); // takes no room on disk
    const opened = openArrays({ path, format: "numpy" }, spillFolder);
    await expect(opened).rejects.toMatchObject({ code: "TABLE_TOO_LARGE" });
    await rm(path);
  });

  it("whatever is changed or cut off in a file, it reads or is a Problem", async () => {
    const names = ["float64.npy", "text.npy", "cube-fortran.npy", "stored.npz", "deflated.npz", "zip64.npz"];
    const originals = await Promise.all(names.map((name) => readFile(join(vectors, name))));
    const changes = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.nat(names.length - 1), changes, fc.option(fc.nat(700)), async (which, changed, cut) => {
        const bytes = Buffer.from(originals[which] as Buffer);
        for (const [at, value] of changed) bytes[at % bytes.length] = value;
        const path = join(spillFolder, names[which] as string);
        await writeFile(path, bytes.subarray(0, cut ?? bytes.length));
        try {
          for (const name of path.endsWith("z") ? await arraysIn(path) : [null]) {
            await using array = await openArray(path, name, { spillFolder });
            await array.read(0, Math.min(array.shape[0] ?? 1, 10));
          }
        } catch (error) {
          if (problemsOf(error).length === 0) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});
