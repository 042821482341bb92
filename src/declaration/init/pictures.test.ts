import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDeclaration } from "../read.ts";
import { resolveSystem } from "../resolve.ts";
import { inspecting, project } from "../testing/project.ts";
import { namedPictures } from "./pictures.ts";
import { proposeDeclaration } from "./propose.ts";

const inspect = inspecting();
const vectors = join(import.meta.dirname, "../../../vectors/images/files");
const png = (name: string) => readFileSync(join(vectors, `${name}.png`));
const idx = (values: readonly number[], shape: readonly number[]) =>
  Buffer.concat([Buffer.from([0, 0, 8, shape.length]), ...shape.map((axis) => Buffer.from([0, 0, 0, axis])), Buffer.from(values)]);

async function proposed(root: string) {
  const { text, notes } = await proposeDeclaration(root, inspect);
  writeFileSync(join(root, "sextant.yaml"), text);
  return { text, notes, system: await resolveSystem(await readDeclaration(root), inspect) };
}

test("folders of classes become splits by their names, and resolve as they were proposed", async () => {
  const root = project({
    "photos/train/cat/1.png": png("rgb"),
    "photos/train/dog/1.png": png("palette"),
    "photos/test/cat/1.png": png("alpha"),
    "photos/test/dog/1.png": png("rgb"),
  });
  const { system, text } = await proposed(root);
  expect(system.declaration.datasets?.[0]).toMatchObject({ splits: { train: "photos/train", test: "photos/test" }, label: "label" });
  expect(system.datasets[0]?.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ["image", "image"],
    ["label", "text"],
  ]);
  expect(text).toContain("image (image)");
});

test("pairs of IDX files become splits of pictures and labels; t10k is MNIST's word for the test part", async () => {
  const root = project({
    "data/train-images-idx3-ubyte": idx([1, 2, 3, 4], [2, 1, 2]),
    "data/train-labels-idx1-ubyte": idx([0, 1], [2]),
    "data/t10k-images-idx3-ubyte": idx([5, 6, 7, 8], [2, 1, 2]),
    "data/t10k-labels-idx1-ubyte": idx([1, 0], [2]),
  });
  const { system } = await proposed(root);
  expect(system.declaration.datasets?.[0]?.splits).toEqual({
    train: { images: "data/train-images-idx3-ubyte", labels: "data/train-labels-idx1-ubyte" },
    test: { images: "data/t10k-images-idx3-ubyte", labels: "data/t10k-labels-idx1-ubyte" },
  });
  expect(system.datasets[0]?.splits.test?.rows).toBe(2);
});

test("a lone folder of pictures, and pictures without labels, are no dataset", () => {
  expect(namedPictures(["docs/logo/a.png", "x/images-idx3-ubyte", "cat/1.png", "dog/1.png"])).toEqual([]);
  expect(namedPictures(["p/a/1.jpg", "p/b/2.JPEG", "p/b/c/3.webp", "p/b/d/3.webp"])).toEqual(["p"]);
});
