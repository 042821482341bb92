/** The net of examples/fashion as a victim, and pictures of its test split. Call it in an isolated child. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Points } from "../../src/attacks/evasion/attack.ts";
import { rowsOf } from "../../src/attacks/evasion/points.ts";
import { pictureSpace } from "../../src/attacks/evasion/space/pictures.ts";
import { type OpenVictim, onnxVictim } from "../../src/attacks/evasion/victims/onnx.ts";
import { openEngine, type TableSource } from "../../src/data/index.ts";
import { bindModel, describeModel } from "../../src/models/index.ts";

const root = fileURLToPath(new URL("../../examples/fashion", import.meta.url));

export const fashion = {
  model: join(root, "models/net.onnx"),
  /** As examples/fashion/sextant.yaml declares it. */
  image: { range: [0, 1], mean: 0.2866, std: 0.3535 },
  classes: 10,
} as const;

const source: TableSource = {
  path: join(root, "data/test-images-idx3-ubyte.gz"),
  format: "images",
  pictures: { column: "image", from: { kind: "arrays", label: "label" } },
};

export interface Fashion {
  readonly victim: OpenVictim;
  readonly points: Points;
  /** What the net answers at each. */
  readonly labels: Int32Array;
}

/** The first `rows` pictures of the test split; what the net answers there counts as right. */
export async function openFashion(rows: number, spillFolder: string): Promise<Fashion> {
  const engine = await openEngine({ memoryBytes: 2 ** 29, threads: 2, spillFolder });
  const { columns } = await engine.describe(source);
  const facts = await describeModel(fashion.model, root);
  const classes = Array.from({ length: fashion.classes }, (_, at) => String(at));
  const binding = bindModel(
    { path: fashion.model, root, facts },
    { model: "net", dataset: "articles", columns, label: "", unused: ["label"], image: { ...fashion.image }, classes },
  );
  const preparation = binding.inputs[0]?.image;
  if (preparation === undefined) throw new Error("the net takes no pictures");
  const space = pictureSpace("image", preparation);
  const table = await engine.read(source, "all");
  const victim = await onnxVictim(binding, space);
  const points = rowsOf(
    await space.pointsOf(table),
    Int32Array.from({ length: rows }, (_, row) => row),
  );
  return { victim, points, labels: await victim.labels(points) };
}
