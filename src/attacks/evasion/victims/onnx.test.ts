import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { openEngine, selectRows, type TableSource } from "../../../data/index.ts";
import { bindModel, columnsOf, type DeclaredBinding, describeModel, type OnnxBinding, openModel } from "../../../models/index.ts";
import type { Points, Victim } from "../attack.ts";
import { apgd } from "../gradient/apgd.ts";
import { rowOf } from "../points.ts";
import { pictureSpace } from "../space/pictures.ts";
import { tableSpace } from "../space/tables.ts";
import { strike } from "../strike.ts";
import { openVictim } from "./file.ts";
import { BudgetSpent, counter, modelVictim } from "./model.ts";
import { onnxVictim } from "./onnx.ts";

const examples = fileURLToPath(new URL("../../../../examples/", import.meta.url));
const spillFolder = mkdtempSync(join(tmpdir(), "sextant-"));
const engine = await openEngine({ memoryBytes: 2 ** 28, spillFolder });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(spillFolder, { recursive: true });
});
const rows = 40;

async function bound(root: string, file: string, source: TableSource, declared: Partial<DeclaredBinding>): Promise<OnnxBinding> {
  const path = `${root}models/${file}`;
  const { columns } = await engine.describe(source);
  const facts = await describeModel(path, root);
  return bindModel({ path, root, facts }, { model: "m", dataset: "d", columns, label: "", ...declared });
}

async function credit() {
  const root = `${examples}credit/`;
  const source: TableSource = { path: `${root}data/test.parquet`, format: "parquet" };
  const binding = await bound(root, "net.onnx", source, { label: "income-per-year" });
  const table = await engine.read(source, columnsOf(binding));
  const space = tableSpace(columnsOf(binding), [table]);
  return { binding, space, table: selectRows(table, space.complete(table).slice(0, rows)) };
}

async function fashion() {
  const root = `${examples}fashion/`;
  const pictures = { column: "image", from: { kind: "arrays", label: "label" } } as const;
  const source: TableSource = { path: `${root}data/test-images-idx3-ubyte.gz`, format: "images", pictures };
  const classes = Array.from({ length: 10 }, (_, at) => String(at));
  const binding = await bound(root, "net.onnx", source, {
    unused: ["label"],
    classes,
    image: { range: [0, 1], mean: 0.2866, std: 0.3535 },
  });
  const image = binding.inputs[0]?.image;
  if (image === undefined) throw new Error("no picture");
  const table = selectRows(
    await engine.read(source, ["image"]),
    Int32Array.from({ length: rows }, (_, row) => row),
  );
  return { binding, space: pictureSpace("image", image), table };
}

describe.each([
  ["a table's model, with texts", credit],
  ["a model of pictures", fashion],
])("%s as a victim", (_, open) => {
  it("answers points as the model answers the rows that they stand for", async () => {
    const { binding, space, table } = await open();
    await using model = await openModel(binding);
    await using victim = await onnxVictim(binding, space);
    const points = await space.pointsOf(table);
    const { labels, probabilities } = await model.predict(table);
    expect([...(await victim.labels(points))]).toEqual([...labels]);
    expect([...(await modelVictim(model, space, victim.classes).labels(points))]).toEqual([...labels]);
    const scores = await victim.scores!(points);
    for (let row = 0; row < rows; row++)
      for (const [at, share] of softmax(scores.subarray(row * victim.classes, (row + 1) * victim.classes)).entries())
        expect(share).toBeCloseTo(probabilities![row * victim.classes + at]!, 4);
  });

  it("gives the slope of the margin that differences of its own scores show", async () => {
    const { binding, space, table } = await open();
    await using victim = await onnxVictim(binding, space);
    const random = seededRandom(3);
    // Equal pixels side by side, as a dark ground has them, tie in a pool's windows: there no slope is.
    const clean = await space.pointsOf(table);
    const points = { ...clean, values: clean.values.map((value) => value + 0.05 * random.uniform()) };
    // Of another class than the answered one: of a sure answer the loss is next to nothing in float32.
    const labels = (await victim.labels(points)).map((label) => (label + 1) % victim.classes);
    const { gradients } = await victim.slopes!(points, labels, "cross-entropy");
    const direction = Float32Array.from(points.values, () => random.normal());
    const step = 3e-5;
    const [after, before] = await Promise.all([1, -1].map((sign) => losses(victim, moved(points, direction, sign * step), labels)));
    const apart: number[] = [];
    for (let row = 0; row < rows; row++) {
      const found = (after![row]! - before![row]!) / (2 * step);
      const told = rowOf(gradients, row, space.width).reduce((sum, each, at) => sum + each * direction[row * space.width + at]!, 0);
      apart.push(Math.abs(found - told) / (Math.abs(told) + 1e-3));
    }
    // Kinks of ReLU and pools lie within the step of some rows, the fewer the shorter it is: the middle row tells.
    expect(apart.sort((a, b) => a - b)[rows / 2]).toBeLessThan(0.02);
  });

  it("falls to an attack as its real rows do, judged by the model itself", async () => {
    const { binding, space, table } = await open();
    await using model = await openModel(binding);
    const asked = counter();
    await using victim = await onnxVictim(binding, space, { queries: asked });
    const points = await space.pointsOf(table);
    const { labels } = await model.predict(table);
    const judge = modelVictim(model, space, victim.classes);
    const goal = { norm: "linf", eps: 0.2, queries: 1e6, random: seededRandom(1) } as const;
    const { fooled, invalid } = await strike(apgd({ loss: "cross-entropy", iterations: 10 }), { victim, judge }, points, labels, goal);
    expect(fooled.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(rows / 2);
    expect(invalid).toBe(0);
    expect(asked.asked()).toBeGreaterThan(0);
  });
});

it("asks nothing more when its budget is spent", async () => {
  const { binding, space, table } = await credit();
  await using victim = await onnxVictim(binding, space, { queries: counter(rows + 1) });
  const points = await space.pointsOf(table);
  await victim.labels(points);
  await expect(victim.labels(points)).rejects.toThrow(BudgetSpent);
});

it("a model's own input is attacked without a declaration, and a range that holds nothing is refused", async () => {
  const path = `${examples}fashion/models/net.onnx`;
  await using victim = await openVictim(path, { range: [-0.8107, 2.0182] });
  expect([victim.width, victim.classes, victim.shape]).toEqual([784, 10, [1, 28, 28]]);
  await expect(openVictim(path, { range: [1, 0] })).rejects.toThrow(/holds nothing/);
  await expect(openVictim(`${examples}credit/models/net.onnx`, { range: [0, 1] })).rejects.toThrow(/one input of float32/);
});

const moved = (points: Points, direction: Float32Array, by: number): Points => ({
  ...points,
  values: points.values.map((value, at) => value + by * direction[at]!),
});

async function losses(victim: Victim, points: Points, labels: Int32Array): Promise<Float64Array> {
  const scores = await victim.scores!(points);
  return Float64Array.from(
    labels,
    (label, row) => -Math.log(softmax(scores.subarray(row * victim.classes, (row + 1) * victim.classes))[label]!),
  );
}

function softmax(logits: Float32Array): Float64Array {
  const most = Math.max(...logits);
  const powers = Float64Array.from(logits, (each) => Math.exp(each - most));
  const sum = powers.reduce((all, each) => all + each, 0);
  return powers.map((each) => each / sum);
}
