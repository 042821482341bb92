import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { exportLines, findForeign, foreignExport } from "./index.ts";
import { recognise } from "./recognise.ts";
import { text } from "./script.ts";

const vectors = fileURLToPath(new URL("../../../vectors/foreign/", import.meta.url));
const rows = { path: "test.csv", without: ["bought"] };

interface Outcome {
  readonly folder: string;
  readonly path: string;
  readonly kind: string;
  readonly install: string | null;
  readonly command: string | null;
  readonly exit?: number;
  readonly onnx?: boolean;
  readonly largestDifference?: number;
  readonly sameLabel?: number;
}

const outcomes = ["sklearn", "tensorflow", "torch"].flatMap((part) => {
  const { versions, outcomes } = JSON.parse(readFileSync(join(vectors, `${part}.json`), "utf8"));
  return (outcomes as Outcome[]).map((outcome) => ({ ...outcome, versions: versions as Record<string, string> }));
});

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), "sextant-foreign-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const found = (files: Readonly<Record<string, string | Buffer>>) => findForeign(folderOf(files), Object.keys(files));

describe("files that real libraries wrote", () => {
  const folder = join(vectors, "files");
  const files = (name: string) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const under = (name: string) => files(name).map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1));

  test.each(readdirSync(folder))("%s: each is recognised by its bytes, and gets the command that was run", async (name) => {
    const models = await findForeign(join(folder, name), under(name));
    const told = models.map((model) => {
      const { path, kind, doubtful, install, command } = foreignExport(model, rows);
      return { path, kind, doubtful, install, command };
    });
    expect(told).toEqual(
      outcomes
        .filter((outcome) => outcome.folder === name)
        .map(({ path, kind, install, command }) => ({ path, kind, doubtful: false, install, command })),
    );
  });

  test("the name plays no part where the bytes tell", async () => {
    const bytes = (path: string) => readFileSync(join(folder, path));
    const models = await found({
      "a.bin": bytes("boosted/lightgbm.txt"),
      "b.model": bytes("boosted/xgboost.ubj"),
      "c.zip": bytes("torch/net.pt"),
    });
    expect(models.map(({ kind }) => kind)).toEqual(["lightgbm", "xgboost", "torch"]);
  });
});

test.each(outcomes.filter(({ path, command }) => command !== null && path !== "weights.pth"))(
  "$folder/$path: the command made a model that answers as its origin does, with the versions that it names",
  ({ exit, onnx, largestDifference, sameLabel, install, versions }) => {
    expect({ exit, onnx, sameLabel }).toEqual({ exit: 0, onnx: true, sameLabel: 1 });
    expect(largestDifference).toBeLessThan(1e-6);
    for (const pinned of install?.split(" ") ?? []) expect(versions[pinned.split("==")[0] ?? ""]).toBe(pinned.split("==")[1]);
  },
);

test("weights without their network end the command with what to do", () => {
  expect(outcomes.find(({ path }) => path === "weights.pth")).toMatchObject({ exit: 1, onnx: false });
});

const zip = (...names: string[]) =>
  Buffer.from(`PK\u0003\u0004${names[0]}${"\0".repeat(100)}${names.map((name) => `PK\u0001\u0002${name}`).join("")}`, "latin1");

test.each<[string, string | Buffer, string | null]>([
  ["m.pkl", Buffer.from([0x80, 5, 0x95]), "pickle"],
  ["m.pkl", "cos\nsystem\n(S'true'\ntR.", "pickle"],
  ["m.dat", Buffer.from([0x80, 4]), "pickle"],
  ["m.skops", zip("schema.json"), "skops"],
  ["m.zip", zip("model.ini", "domains/d000.txt"), "h2o-mojo"],
  ["m.zip", zip("model/net.onnx"), "packed-onnx"],
  ["data.zip", zip("a.csv"), null],
  ["m.bin", "binf\0\0", "xgboost-binary"],
  ["m.safetensors", Buffer.concat([Buffer.from([16, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"w":{"dtype":1}}')]), "safetensors"],
  ["m.pmml", '<?xml version="1.0"?>\n<PMML version="4.4">', "pmml"],
  ["m.rds", Buffer.from([0x1f, 0x8b]), "r"],
  ["m.mlmodel", "\u0008\u0005", "coreml"],
  ["settings.json", '{"version": 1}', null],
  ["package.json", '{"name": "learner"}', null],
  ["notes.txt", "tree of life", null],
])("%s that begins with %j", async (name, content, kind) => {
  expect((await found({ [name]: content }))[0]?.kind ?? null).toBe(kind);
});

test.each(["m.pkl", "m.pt", "m.keras", "m.h5", "m.tflite", "m.cbm", "m.ubj", "m.pmml"])(
  "an empty or cut %s is called doubtful",
  async (name) => {
    for (const content of ["", "P", "\u0080"]) {
      const [model] = await found({ [name]: content });
      expect(model).toMatchObject({ doubtful: true });
      expect(model && exportLines(foreignExport(model, rows))[0]).toContain("does not begin like one");
    }
  },
);

describe("folders", () => {
  const mlmodel =
    "artifact_path: model\nflavors:\n  python_function: { loader_module: mlflow.sklearn }\n  sklearn: { pickled_model: model.pkl }\n";

  test("of MLflow are one model, exported by the library that they name", async () => {
    const [model, more] = await found({ "churn/MLmodel": mlmodel, "churn/model.pkl": Buffer.from([0x80, 4]), "churn/conda.yaml": "" });
    expect(more).toBeUndefined();
    expect(model).toEqual({ path: "churn", kind: "mlflow", doubtful: false, flavours: ["python_function", "sklearn"] });
    const { command, remark } = foreignExport(model ?? { path: "", kind: "mlflow", doubtful: false, flavours: [] }, rows);
    expect(command).toContain('joblib.load("churn/model.pkl")');
    expect(remark).toContain("MLmodel says otherwise");
  });

  test("with an MLmodel that is hostile, vast or no mapping are no model", async () => {
    const anchors = `flavors: &a [${"x,".repeat(10)}]\nb: *a\n`;
    for (const text of [
      anchors,
      "flavors: !!python/object:os.system {}",
      "- a",
      "flavors: [sklearn]",
      `flavors: {sklearn: {}}\n#${"x".repeat(70_000)}`,
      "\0",
    ])
      expect(await found({ "m/MLmodel": text })).toEqual([]);
  });

  test("of TensorFlow are one model", async () => {
    expect(await found({ "net/saved_model.pb": "x", "net/variables/variables.index": "" })).toEqual([
      { path: "net", kind: "saved-model", doubtful: false, flavours: [] },
    ]);
  });
});

test("a link is not followed, and a pipe of any length is not waited for", async () => {
  const root = folderOf({ "real.pkl": Buffer.from([0x80, 4]) });
  symlinkSync("real.pkl", join(root, "link.pkl"));
  expect((await findForeign(root, ["link.pkl", "missing.pkl"])).length).toBe(0);
});

test("whatever a path holds, the command stays one text of Python, and nothing of it is run by a shell", () => {
  const path = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\0/]/.test(text));
  fc.assert(
    fc.property(path, (name) => {
      const { command } = foreignExport(
        { path: `${name}.pkl`, kind: "pickle", doubtful: false, flavours: [] },
        { path: name, without: [name] },
      );
      const lines = command?.split("\n") ?? [];
      expect(lines[0]).toBe("python - <<'END'");
      expect(lines.indexOf("END")).toBe(lines.length - 1);
      const text = /joblib\.load\((".*")\)$/.exec(lines[4] ?? "")?.[1] ?? "";
      expect(JSON.parse(text)).toBe(`${name}.pkl`);
    }),
  );
});

test("whatever the bytes, looking at them ends with a kind or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom("a.pkl", "a.json", "a.zip", "a"), (bytes, name) => {
      const buffer = Buffer.from(bytes);
      expect(() => recognise({ name, head: buffer, tail: buffer })).not.toThrow();
    }),
  );
});

test("one that can run code says so; one that cannot does not", () => {
  const says = (kind: "pickle" | "lightgbm") => foreignExport({ path: "m", kind, doubtful: false, flavours: [] }, rows).says;
  expect(says("pickle")).toContain("trust whoever made it");
  expect(says("lightgbm")).not.toContain("trust");
});

test("an invisible character beyond the first plane keeps its number in a text of Python", () => {
  expect(text("a\u{e0001}\n\u202e")).toBe('"a\\U000e0001\\n\\U0000202e"');
});
