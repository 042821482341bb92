import { readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDeclaration } from "./read.ts";
import { resolveSystem } from "./resolve.ts";
import { brief, inspecting, problemsFrom, project } from "./testing/project.ts";

const inspect = inspecting();
const vectors = join(import.meta.dirname, "../../vectors/images/files");
const picture = (name: string) => readFileSync(join(vectors, name));
const net = readFileSync(join(import.meta.dirname, "../../examples/fashion/models/net.onnx"));

const head = (dataset: string, model = "") => `version: 1
system: { name: A }
datasets:
  - id: d
${dataset
  .split("\n")
  .map((line) => `    ${line}\n`)
  .join("")}${model}`;
const folders = { "p/a/1.png": picture("grey.png"), "p/b/1.png": picture("grey-alpha.png") };
const resolving = async (root: string) => resolveSystem(await readDeclaration(root), inspect);
const wrong = async (files: Record<string, string | Uint8Array>) => {
  const root = project(files);
  return brief(await problemsFrom(() => resolving(root))).map((each) => each.replaceAll(`${root}/`, ""));
};

describe("a split of pictures", () => {
  it("may be a folder of class folders, whose label needs no name; what was found goes along", async () => {
    const { datasets } = await resolving(project({ ...folders, "sextant.yaml": head("splits: { test: p }") }));
    const [dataset] = datasets;
    expect(dataset?.declared.label).toBe("label");
    expect(dataset?.features).toEqual(["image"]);
    expect(dataset?.splits.test).toMatchObject({
      rows: 2,
      source: { format: "images", pictures: { column: "image", facts: { size: { height: 24, width: 33 }, channels: 1 } } },
    });
  });

  it("may be an index: a table with a column of paths that start from a folder", async () => {
    const index = { "lists/test.csv": "file,site,kind\na/1.png,x,cat\nb/1.png,y,dog\n" };
    const declared = head("splits: { test: lists/test.csv }\nimages: { column: file, folder: p }\nlabel: kind");
    const { datasets } = await resolving(project({ ...folders, ...index, "sextant.yaml": declared }));
    expect(datasets[0]?.features).toEqual(["file", "site"]);
    expect(datasets[0]?.splits.test?.source.pictures?.from).toEqual({ kind: "index", format: "csv", folder: "../p" });
    const unnamed = head("splits: { test: lists/test.csv }\nimages: { folder: p }\nlabel: kind");
    expect((await wrong({ ...folders, ...index, "sextant.yaml": unnamed }))[0]).toMatch(/DECLARATION_KEY_MISSING/);
  });

  it("is the same whatever the folder is called, and another one when any of its files is", async () => {
    const declared = { "sextant.yaml": head("splits: { test: p }") };
    const digestOf = async (root: string) => (await resolving(root)).datasets[0]?.splits.test?.digest;
    const root = project({ ...folders, ...declared });
    const first = await digestOf(root);
    expect(await digestOf(project({ ...folders, ...declared }))).toBe(first);
    renameSync(join(root, "p/a/1.png"), join(root, "p/a/2.png"));
    expect(await digestOf(root)).not.toBe(first);
    renameSync(join(root, "p/a/2.png"), join(root, "p/a/1.png"));
    writeFileSync(join(root, "p/a/1.png"), picture("one-bit.png"));
    expect(await digestOf(root)).not.toBe(first);
  });

  it("that leads out of the project, or holds what cannot be read, is told with its line before anything runs", async () => {
    const root = project({ "sextant.yaml": head("splits: { test: out }") });
    symlinkSync(tmpdir(), join(root, "out"));
    expect(brief(await problemsFrom(() => resolving(root)))[0]).toMatch(/ARTEFACT_ESCAPES/);
    const [cmyk] = await wrong({
      "sextant.yaml": head("splits: { test: p }"),
      "p/a/1.jpg": picture("bad-cmyk.jpg"),
      "p/b/1.png": picture("rgb.png"),
    });
    expect(cmyk).toMatch(/IMAGE_FORMAT/);
  });

  it("is of a size that the model takes, or it is said how it is brought there", async () => {
    const model = "models: [{ id: net, file: net.onnx, testedOn: [d], classes: [a, b, c, d, e, f, g, h, i, j]IMAGE }]\n";
    const files = (image: string) => ({
      ...folders,
      "net.onnx": net,
      "sextant.yaml": head("splits: { test: p }", model.replace("IMAGE", image)),
    });
    expect((await wrong(files("")))[0]).toMatch(/MODEL_INPUT_MISMATCH/);
    const { models } = await resolving(project(files(", image: { range: [-1, 1], resize: { fit: pad } }")));
    expect(models[0]?.about).toMatch(
      /28 x 28 \(from the input's shape\); NCHW .*black -1, white 1 \(declared\); pad, bilinear \(declared\)$/,
    );
  });
});
