import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { type Engine, openEngine, type TableSource } from "../index.ts";
import { parseIdxHeader } from "./idx.ts";
import { write, writeIdx, writeNpy, writePng } from "./made.fixture.ts";
import { arrayPictures } from "./pictures.ts";
import type { ArrayPictures, PictureSource } from "./types.ts";

const black = [0, 0, 0, 0];
const white = [255, 255, 255, 255];
const slope = [0, 80, 160, 240];
const size = [2, 2] as const;

let folder: string;
let spill: string;
let engine: Engine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pictures-"));
  spill = mkdtempSync(join(tmpdir(), "pictures-spill-"));
  engine = await openEngine({ memoryBytes: 2 ** 27, spillFolder: spill });
});
afterAll(async () => {
  await engine.close();
  for (const each of [folder, spill]) rmSync(each, { recursive: true });
});

function mkdirs(...parts: readonly [string, string]): string {
  mkdirSync(join(...parts), { recursive: true });
  return join(...parts);
}
const pictured = (path: string, pictures: Partial<PictureSource> & Pick<PictureSource, "from">): TableSource => ({
  path: join(folder, path),
  format: "images",
  pictures: { column: "image", ...pictures },
});
const folders = (path: string, more: Partial<PictureSource> = {}) => pictured(path, { from: { kind: "folders", label: "kind" }, ...more });
const arrays = (path: string, labels?: string, more: Partial<ArrayPictures> = {}) =>
  pictured(path, { from: { kind: "arrays", label: "kind", ...(labels === undefined ? {} : { labels: { file: labels } }), ...more } });
async function problemOf(asked: Promise<unknown>) {
  const error = await asked.catch((caught: unknown) => caught);
  const problems = problemsOf(error);
  if (problems.length === 0) throw error instanceof Error ? error : new Error("no problem");
  return problems.map(({ code, message, place }) => `${code} ${(place.file ?? "").replace(`${folder}/`, "")}: ${message}`);
}
const rowsOf = async (source: TableSource, rows: readonly number[]) => {
  const table = await engine.read(source, "all");
  return Array.from((await table.images?.image?.read(Int32Array.from(rows))) ?? []);
};
const textsOf = async (source: TableSource, column: string) => {
  const found = (await engine.read(source, [column])).columns[column];
  return found?.kind === "text" ? Array.from(found.codes, (code) => found.categories[code]) : Array.from(found?.values ?? []);
};

describe("folders of classes", () => {
  beforeAll(async () => {
    await writePng(folder, "a/cats/1.png", slope, size);
    await writePng(folder, "a/cats/deeper/2.png", black, size);
    await writePng(folder, "a/dogs, big/1.png", white, size);
    write(folder, "a/README.txt", "not a picture");
    write(folder, "a/cats/.DS_Store", "litter");
  });

  it("are a table of pictures and labels, in the order of their names", async () => {
    const { rows, columns, reading } = await engine.describe(folders("a"));
    expect(rows).toBe(3);
    expect(columns[0]).toEqual({
      name: "image",
      kind: "image",
      missing: 0,
      distinct: 3,
      picture: { size: { height: 2, width: 2 }, channels: 1, values: "bytes", min: 0, max: 255 },
    });
    expect(columns[1]).toMatchObject({ name: "kind", kind: "text", distinct: 2 });
    expect(reading).toEqual({ format: "images", notes: ["They are 2 x 2, grey."] });
    expect(await textsOf(folders("a"), "kind")).toEqual(["cats", "cats", "dogs, big"]);
    expect(await rowsOf(folders("a"), [2, 0])).toEqual([...white, ...slope]);
  });

  it("come in pieces with their own rows", async () => {
    const seen: number[] = [];
    for await (const piece of engine.stream(folders("a"), "all", { batch: 2 }))
      seen.push(...((await piece.images?.image?.read(Int32Array.of(piece.rows - 1))) ?? []));
    expect(seen).toEqual([...black, ...white]);
  });

  it("hold no links, and no picture beside the classes", async () => {
    await writePng(folder, "b/cats/1.png", black, size);
    symlinkSync(join(folder, "a/cats/1.png"), join(folder, "b/cats/2.png"));
    expect(await problemOf(engine.describe(folders("b")))).toEqual([
      "ARTEFACT_ESCAPES b/cats/2.png: this is a link, and may lead out of the project",
    ]);
    await writePng(folder, "c/stray.png", black, size);
    await writePng(folder, "c/cats/1.png", black, size);
    expect(await problemOf(engine.describe(folders("c")))).toEqual([
      "IMAGES_UNCLEAR c/stray.png: the picture lies beside the folders of classes, in none of them",
    ]);
    write(folder, "d/none.txt", "");
    expect((await problemOf(engine.describe(folders("d"))))[0]).toMatch(/^TABLE_EMPTY/);
  });

  it("tell every picture that cannot be read, together", async () => {
    await writePng(folder, "e/x/good.png", black, size);
    write(folder, "e/x/text.png", "no picture");
    write(folder, "e/y/page.jpg", "<!doctype html>");
    expect(await problemOf(engine.describe(folders("e")))).toEqual([
      "IMAGE_FORMAT e/x/text.png: it is no picture that is read: JPEG, PNG or WebP",
      "IMAGE_FORMAT e/y/page.jpg: it is a web page or other markup; pictures are read from JPEG, PNG and WebP alone",
    ]);
  });

  it("of grey and of colours are refused until it is said what they become; of several sizes, they are read in one", async () => {
    await writePng(folder, "f/x/grey.png", black, size);
    await writePng(folder, "f/x/red.png", [255, 0, 0], [1, 1]);
    expect((await problemOf(engine.describe(folders("f"))))[0]).toMatch(/^IMAGES_UNCLEAR.*some pictures are grey and some are in colours/);
    const asGrey = folders("f", { channels: 1 });
    const { columns } = await engine.describe(asGrey);
    expect(columns[0]?.picture).toMatchObject({ size: null, channels: 1 });
    const table = await engine.read(asGrey, ["image"]);
    const image = table.images?.image?.resized({ height: 1, width: 1, fit: "stretch", filter: "box" });
    expect(await image?.read(Int32Array.of(0, 1))).toEqual(Uint8Array.of(0, 76)); // 255 * 0.299
  });
});

it("what pictures say and nobody asked for is passed over, and counted for people", async () => {
  const files = join(import.meta.dirname, "../../../vectors/images/files");
  for (const name of ["rgb.png", "alpha.png", "turned.jpg"]) copyFileSync(join(files, name), join(mkdirs(folder, "g/x"), name));
  expect((await engine.describe(folders("g"))).reading.notes).toEqual([
    "They are 24 x 33, in colours.",
    "1 picture says which side is up, and that is not followed: `images: { turned: true }` follows it.",
    "1 picture has transparency, which is left out.",
  ]);
  expect((await engine.describe(folders("g", { turned: true }))).reading.notes[0]).toBe("They are of several sizes, in colours.");
});

describe("an index", () => {
  beforeAll(async () => {
    for (const [name, pixels] of Object.entries({ one: slope, two: white })) await writePng(folder, `i/pics/${name}.png`, pixels, size);
    write(folder, "i/index.csv", "file,site,kind\none.png,007,cat\ntwo.png,008,dog\none.png,009,dog\n");
  });
  const index = (file: string) => pictured(file, { column: "file", from: { kind: "index", format: "csv", folder: "pics" } });

  it("has the pictures in the place of their names, beside its other columns", async () => {
    const { columns } = await engine.describe(index("i/index.csv"));
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["file", "image"],
      ["site", "text"],
      ["kind", "text"],
    ]);
    const table = await engine.read(index("i/index.csv"), "all");
    expect(Object.keys(table.columns)).toEqual(["site", "kind"]);
    expect(Array.from((await table.images?.file?.read(Int32Array.of(2))) ?? [])).toEqual(slope);
  });

  it("counts equal pixels as equal rows, and sees labels that contradict each other", async () => {
    const source = index("i/index.csv");
    expect(await engine.duplicates(source, ["file"])).toMatchObject({ groups: 1, rows: 1, pairs: [{ first: 0, row: 2 }] });
    expect(await engine.duplicates(source, "all")).toMatchObject({ rows: 0 });
    const { groups, examples } = await engine.conflicts([source], ["file"], "kind");
    expect(groups).toBe(1);
    expect(examples[0]?.map(({ row, label }) => [row, label])).toEqual([
      [0, "cat"],
      [2, "dog"],
    ]);
  });

  it.each([
    ["../i/pics/one.png", /^ARTEFACT_ESCAPES .*does not lie in its folder of pictures/],
    ["/etc/hostname", /^IMAGE_MISSING/],
    ["three.png", /^IMAGE_MISSING i\/pics\/three.png: there is no such picture/],
    ["", /^IMAGE_MISSING .*names no picture/],
  ])("that names %j is refused", async (name, problem) => {
    write(folder, "i/bad.csv", `file,kind\none.png,cat\n"${name}",dog\n`);
    expect((await problemOf(engine.describe(index("i/bad.csv"))))[0]).toMatch(problem);
  });

  it("does not follow a link to a folder", async () => {
    symlinkSync(join(folder, "a"), join(folder, "i/pics/out"));
    write(folder, "i/linked.csv", "file,kind\nout/cats/1.png,cat\n");
    expect((await problemOf(engine.describe(index("i/linked.csv"))))[0]).toMatch(/^ARTEFACT_ESCAPES/);
  });
});

describe("arrays", () => {
  it("in IDX files, packed or not, are pictures and labels", async () => {
    for (const end of ["", ".gz"]) {
      writeIdx(folder, `x/images-idx3-ubyte${end}`, [...slope, ...white, ...black], [3, 2, 2]);
      writeIdx(folder, `x/labels-idx1-ubyte${end}`, [1, 0, 1], [3]);
      const source = arrays(`x/images-idx3-ubyte${end}`, `labels-idx1-ubyte${end}`);
      expect((await engine.describe(source)).columns.map(({ name, kind }) => [name, kind])).toEqual([
        ["image", "image"],
        ["kind", "number"],
      ]);
      expect(await textsOf(source, "kind")).toEqual([1, 0, 1]);
      expect(await rowsOf(source, [0, 1])).toEqual([...slope, ...white]);
      expect(await rowsOf(source, [2, 0, 1])).toEqual([...black, ...slope, ...white]);
      const named = arrays(`x/images-idx3-ubyte${end}`, `labels-idx1-ubyte${end}`, { names: ["shirt", "boot"] });
      expect(await textsOf(named, "kind")).toEqual(["boot", "shirt", "boot"]);
    }
  });

  it("share rows with a folder of the same pixels", async () => {
    const source = arrays("x/images-idx3-ubyte", "labels-idx1-ubyte");
    expect(await engine.overlap(source, folders("a"), ["image"])).toEqual({
      rows: 3,
      bRows: 3,
      pairs: [
        { a: 0, b: 0 },
        { a: 2, b: 1 },
        { a: 1, b: 2 },
      ],
    });
  });

  it("in NumPy files are read by their axes", async () => {
    const colours = Uint8Array.from({ length: 24 }, (_, at) => at);
    writeNpy(folder, "n/last.npy", colours, [2, 2, 2, 3]);
    expect(await rowsOf(arrays("n/last.npy"), [1])).toEqual(Array.from(colours.subarray(12)));
    writeNpy(folder, "n/first.npy", colours, [2, 3, 2, 2]);
    expect(await rowsOf(arrays("n/first.npy"), [0])).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    writeNpy(
      folder,
      "n/flat.npy",
      Float64Array.from(colours, (value) => value / 24),
      [6, 4],
    );
    const flat = arrays("n/flat.npy", undefined, { size: { height: 2, width: 2 } });
    expect((await engine.describe(flat)).columns[0]?.picture).toMatchObject({ channels: 1, values: "floats", min: 0 });
    expect((await rowsOf(flat, [1])).map((value) => Math.round(value * 24))).toEqual([4, 5, 6, 7]);
  });

  it("small enough are read once; larger ones give the same rows, read when they are asked for", async () => {
    const values = Uint8Array.from({ length: 60 }, (_, at) => 7 * at);
    writeNpy(folder, "n/kept.npy", values, [5, 3, 2, 2]);
    const open = (memoryBytes: number) =>
      arrayPictures(join(folder, "n/kept.npy"), { kind: "arrays", label: "kind" }, { spillFolder: spill, memoryBytes });
    await using kept = await open(8 * 60);
    await using unkept = await open(8 * 60 - 1);
    const rowsIn = (pictures: typeof kept, rows: readonly number[]) =>
      pictures.readMany?.(Int32Array.from(rows), { height: 2, width: 2, channels: 3 });
    for (const rows of [[0, 1, 2, 3, 4], [3, 4], [4, 0, 2, 3], [1], []])
      expect(await rowsIn(kept, rows)).toEqual(await rowsIn(unkept, rows));
    truncateSync(join(folder, "n/kept.npy"), 100);
    expect(await rowsIn(kept, [4])).toEqual(Uint8Array.from([48, 52, 56, 49, 53, 57, 50, 54, 58, 51, 55, 59], (at) => 7 * at));
    await expect(rowsIn(unkept, [4])).rejects.toThrow(/truncated/);
  });

  it.each([
    ["an array that may have its channels first or last", [2, 3, 2, 3], /^IMAGES_UNCLEAR .*first or last/],
    ["flat rows of no declared size", [6, 6], /^IMAGES_UNCLEAR .*one row of 6 numbers/],
    ["five axes", [1, 1, 3, 3, 4], /^IMAGES_UNCLEAR .*5 axes/],
    ["more pictures than there can be, of no pixels", [4_000_000_000, 0, 28], /^TABLE_EMPTY/],
  ] as const)("%s", async (_, shape, problem) => {
    writeNpy(folder, "n/odd.npy", new Uint8Array(36), shape);
    expect((await problemOf(engine.describe(arrays("n/odd.npy"))))[0]).toMatch(problem);
  });

  it("of another number of labels, cut short, or of unknown labels are refused", async () => {
    writeIdx(folder, "x/two-labels-idx1", [1, 0], [2]);
    expect(await problemOf(engine.describe(arrays("x/images-idx3-ubyte", "two-labels-idx1")))).toEqual([
      "TABLE_ARRAY x/images-idx3-ubyte: there are 3 pictures and 2 labels",
    ]);
    writeIdx(folder, "x/short-idx3", [...slope, 1], [3, 2, 2]);
    expect((await problemOf(engine.describe(arrays("x/short-idx3"))))[0]).toMatch(
      /^TABLE_DAMAGED .*has 21 bytes; an array of 3 x 2 x 2 needs 28/,
    );
    const named = arrays("x/images-idx3-ubyte", "labels-idx1-ubyte", { names: ["shirt"] });
    expect((await problemOf(engine.describe(named)))[0]).toMatch(/^LABEL_UNKNOWN .*beyond the 1 names/);
  });

  it("of bytes at random are read or refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, likeIdx) => {
        writeFileSync(join(folder, "random-idx"), likeIdx ? Buffer.concat([Uint8Array.of(0, 0, 8, 3), bytes]) : bytes);
        const error = await engine.describe(arrays("random-idx")).catch((caught: unknown) => caught);
        if (error instanceof Error) expect(problemsOf(error).length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it("say their type and shape in big-endian order", () => {
    const bytes = Buffer.from([0, 0, 0x0d, 2, 0, 0, 1, 0, 0, 0, 0, 3]);
    expect(parseIdxHeader(bytes, "x")).toEqual({ type: { kind: "float", bytes: 4, bigEndian: true }, shape: [256, 3], start: 12 });
  });
});
