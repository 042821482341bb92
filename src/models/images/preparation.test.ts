import { describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import type { ColumnFacts, PictureFacts } from "../../data/index.ts";
import { bindModel } from "../bind.ts";
import type { ModelFacts, Port } from "../model.ts";
import { alternativesTo, asPreparedBy } from "./alternatives.ts";
import { type DeclaredPreparation, describePreparation, type Preparation } from "./preparation.ts";
import { prepare } from "./prepare.ts";

const factsWith = (port: Partial<Port>, metadata: Record<string, string> = {}): ModelFacts => ({
  bytes: 1,
  externalFiles: [],
  irVersion: 8,
  opsets: { "ai.onnx": 17 },
  producer: "",
  metadata,
  nodes: 1,
  parameters: 1,
  inputs: [{ name: "x", type: "float32", shape: [null, 3, 4, 5], ...port }],
  outputs: [{ name: "p", type: "float32", shape: [null, 2] }],
  classes: null,
  labelOutput: null,
  scoreOutput: "p",
  scores: "probabilities",
  scoreCount: 2,
});

const pictures = (picture: Partial<PictureFacts> = {}): ColumnFacts[] => [
  {
    name: "image",
    kind: "image",
    missing: 0,
    distinct: 9,
    picture: { size: { height: 4, width: 5 }, channels: 3, values: "bytes", min: 0, max: 255, ...picture } as PictureFacts,
  },
  {
    name: "label",
    kind: "text",
    missing: 0,
    distinct: 2,
    values: [
      { value: "a", rows: 4 },
      { value: "b", rows: 5 },
    ],
  },
];

function preparationFor(facts: ModelFacts, image: DeclaredPreparation = {}, columns = pictures()): Preparation {
  const { inputs } = bindModel(
    { path: "/p/m.onnx", root: "/p", facts },
    { model: "m", dataset: "d", columns, label: "label", classes: ["a", "b"], image },
  );
  const [input] = inputs;
  if (input?.image === undefined) throw new Error("no pictures are bound");
  expect(input.columns).toEqual(["image"]);
  return input.image;
}
const wrong = (facts: ModelFacts, image: DeclaredPreparation = {}, columns = pictures()) => {
  try {
    preparationFor(facts, image, columns);
  } catch (error) {
    return problemsOf(error).map(({ code, message, remedy }) => `${code} ${message}. ${remedy}`);
  }
  throw new Error("it fits");
};

describe("how pictures are put to a model", () => {
  it.each([
    ["channels first, by its shape", { shape: [null, 3, 4, 5] }, {}, "NCHW", "shape"],
    ["channels last, by its shape", { shape: [null, 4, 5, 3] }, {}, "NHWC", "shape"],
    ["as declared, where the shape is open", { shape: [null, null, null, null] }, { layout: "NHWC" }, "NHWC", "declared"],
    [
      "by the file's denotations",
      { shape: [null, null, null, null], denotations: ["DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE"] },
      {},
      "NCHW",
      "metadata",
    ],
    ["one row of numbers", { shape: [null, 60] }, {}, "flat", "shape"],
  ] as const)("%s", (_, port, image, layout, told) => {
    const made = preparationFor(factsWith(port), image);
    expect(made).toMatchObject({ layout, height: 4, width: 5, colours: "rgb", resize: null });
    expect(made.told.layout).toBe(told);
  });

  it("takes range, colours, mean and std from the declaration, then from the file's metadata, else assumes and says so", () => {
    const told = {
      "Image.BitmapPixelFormat": "Bgr8",
      "Image.NominalPixelRange": "Normalized_1_1",
      image_mean: "[0.1, 0.2, 0.3]",
      image_std: "0.5",
    };
    expect(preparationFor(factsWith({}, told))).toMatchObject({
      colours: "bgr",
      range: [-1, 1],
      mean: [0.1, 0.2, 0.3],
      std: [0.5, 0.5, 0.5],
    });
    const made = preparationFor(factsWith({}, told), { colours: "rgb", range: [0, 255], mean: 3 });
    expect(made).toMatchObject({
      colours: "rgb",
      range: [0, 255],
      mean: [3, 3, 3],
      told: { colours: "declared", range: "declared", std: "metadata" },
    });
    expect(preparationFor(factsWith({}))).toMatchObject({ range: [0, 1], told: { range: "assumed", colours: "assumed" } });
    expect(preparationFor(factsWith({ type: "uint8" }))).toMatchObject({ range: [0, 255], told: { range: "type" } });
    expect(describePreparation(made)).toBe(
      "takes pictures of 4 x 5 (from the input's shape); NCHW (from the input's shape); rgb (declared); black 0, white 255 (declared); mean 3, std 0.5 (declared)",
    );
  });

  it.each([
    [
      "a shape that does not tell",
      factsWith({ shape: [null, 3, 4, 3] }),
      {},
      pictures(),
      /does not tell where its channels are.*layout: NCHW/,
    ],
    [
      "grey where it takes colours",
      factsWith({}),
      {},
      pictures({ channels: 1 }),
      /takes colours \(3 channels\); the pictures .* are grey.*images: \{ channels: 3 \}/,
    ],
    [
      "another size",
      factsWith({}),
      {},
      pictures({ size: { height: 8, width: 8 } }),
      /takes pictures of 4 x 5; those of dataset “d” are 8 x 8.*resize: \{ fit: stretch \}/,
    ],
    ["several sizes", factsWith({}), {}, pictures({ size: null }), /are of several sizes/],
    ["another declared size", factsWith({}), { size: [9, 9] }, pictures(), /takes pictures of 4 x 5, not of 9 x 9/],
    ["whole numbers that are no bytes", factsWith({ type: "int32" }), {}, pictures(), /of type int32/],
    ["a mean for bytes", factsWith({ type: "uint8" }), { mean: 1 }, pictures(), /takes bytes, 0 to 255/],
    ["two means of three", factsWith({}), { mean: [1, 2] }, pictures(), /another number of them/],
    ["a deviation of nothing", factsWith({}), { std: 0 }, pictures(), /divides by nothing/],
    ["grey of three channels", factsWith({}), { colours: "grey" }, pictures(), /has 3 channels, which are not “grey”/],
    [
      "another count of numbers",
      factsWith({ shape: [null, 61] }),
      {},
      pictures(),
      /takes 61 numbers; a picture of 4 x 5 with 3 channels gives 60/,
    ],
    [
      "floats beyond what is declared",
      factsWith({}),
      { range: [0, 1] },
      pictures({ values: "floats", min: 0, max: 7 }),
      /given numbers from 0 to 7/,
    ],
  ] as const)("%s is a Problem before anything runs", (_, facts, image, columns, says) => {
    const [first] = wrong(facts, image as DeclaredPreparation, [...columns]);
    expect(first).toMatch(/^MODEL_INPUT_MISMATCH/);
    expect(first).toMatch(says);
  });

  it("pictures of another size are brought to the model's as declared", () => {
    const made = preparationFor(factsWith({}), { resize: { fit: "crop", shorter: 6 } }, pictures({ size: null }));
    expect(made.resize).toEqual({ height: 4, width: 5, fit: "crop", shorter: 6, filter: "bilinear" });
  });
});

const base: Preparation = {
  layout: "NHWC",
  height: 1,
  width: 2,
  colours: "rgb",
  range: [0, 1],
  mean: [0, 0, 0],
  std: [1, 1, 1],
  resize: null,
  isFloat: false,
  told: {},
};
/** Two pictures of 1 x 2. */
const bytes = Uint8Array.of(0, 51, 255, 10, 20, 30, 255, 255, 255, 1, 2, 3);

describe("the numbers that a model gets", () => {
  const made = (more: Partial<Preparation>) =>
    Array.from(prepare(bytes, { ...base, ...more }, new Float32Array(bytes.length)), (value) => Math.round(value * 1e4) / 1e4);

  it("are in its range, less the mean, by the deviation", () => {
    expect(made({}).slice(0, 3)).toEqual([0, 0.2, 1]);
    expect(made({ range: [-1, 1] }).slice(0, 3)).toEqual([-1, -0.6, 1]);
    expect(made({ mean: [0.5, 0.1, 0], std: [0.5, 0.1, 2] }).slice(0, 3)).toEqual([-1, 1, 0.5]);
  });

  it("lie in its layout and its order of colours", () => {
    expect(made({ range: [0, 255], layout: "NCHW" })).toEqual([0, 10, 51, 20, 255, 30, 255, 1, 255, 2, 255, 3]);
    expect(made({ range: [0, 255], colours: "bgr" }).slice(0, 6)).toEqual([255, 51, 0, 30, 20, 10]);
    expect(made({ range: [0, 255], layout: "NCHW", colours: "bgr" }).slice(0, 6)).toEqual([255, 30, 51, 20, 0, 10]);
  });

  it("are the bytes themselves where it takes bytes as they lie", () => {
    expect(prepare(bytes, { ...base, range: [0, 255] }, new Uint8Array(bytes.length))).toBe(bytes);
    const planar = prepare(bytes, { ...base, range: [0, 255], layout: "NCHW" }, new Uint8Array(bytes.length));
    expect(Array.from(planar)).toEqual([0, 10, 51, 20, 255, 30, 255, 1, 255, 2, 255, 3]);
  });

  it("of floats are as stored, less the mean, by the deviation", () => {
    const floats = Float32Array.of(0.5, 1, 2, 3, 4, 5);
    expect(Array.from(prepare(floats, { ...base, isFloat: true, mean: [1, 1, 1], std: [2, 2, 2] }, new Float32Array(6)))).toEqual([
      -0.25, 0, 0.5, 1, 1.5, 2,
    ]);
  });
});

describe("other usual preparations", () => {
  const column = { height: 1, width: 2, channels: 3 as const, range: [0, 255] as const, read: async () => bytes, resized: () => column };
  const chosen = { ...base, mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4] };
  const shades = { mean: [0.3, 0.3, 0.3], std: [0.2, 0.2, 0.2] };

  it("give the model what it would get if they were declared, through one that is not", async () => {
    for (const colours of ["rgb", "bgr"] as const) {
      for (const way of alternativesTo({ ...chosen, colours }, shades, false)) {
        const through = prepare(
          await asPreparedBy(column, way, { ...chosen, colours }).read(Int32Array.of(0)),
          { ...chosen, colours },
          new Float32Array(bytes.length),
        );
        const declared = prepare(
          bytes,
          { ...base, colours: way.colours, range: way.range, mean: way.mean, std: way.std },
          new Float32Array(bytes.length),
        );
        through.forEach((value, at) => {
          expect(Math.abs(value - (declared[at] ?? Number.NaN))).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
        });
      }
    }
  });

  it("hold the other order of colours with the same numbers, whichever is declared", () => {
    for (const [colours, other] of [
      ["bgr", "rgb"],
      ["rgb", "bgr"],
    ] as const) {
      const way = alternativesTo({ ...chosen, colours }, shades, false).find(({ name }) => name === "red and blue exchanged");
      expect(way).toMatchObject({ colours: other, declare: `colours: ${other}`, range: chosen.range, mean: chosen.mean, std: chosen.std });
    }
  });

  it("leave out what gives the same numbers, and what a model of bytes cannot take", () => {
    const names = alternativesTo(base, { mean: [0, 0, 0], std: [1, 1, 1] }, false).map(({ name }) => name);
    expect(names).not.toContain("black as 0 and white as 1");
    expect(names).not.toContain("mean and standard deviation of these pictures");
    expect(alternativesTo({ ...base, range: [0, 255] }, shades, true).map(({ name }) => name)).toEqual([
      "black and white exchanged",
      "red and blue exchanged",
    ]);
    expect(alternativesTo({ ...base, width: 1 }, shades, true).map(({ name }) => name)).toContain("rows and columns exchanged");
  });
});
