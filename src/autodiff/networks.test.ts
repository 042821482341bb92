import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gradient } from "./gradient.ts";

/** A network as PyTorch's exporters write it, and what PyTorch gives in float64 from the same weights (fixtures/autodiff/make_networks.py). */
interface Network {
  readonly files: Readonly<Record<string, string>>;
  readonly inputs: readonly { readonly dims: readonly number[]; readonly values: readonly number[] }[];
  readonly labels: readonly number[];
  readonly losses: readonly number[];
  /** By each input of real numbers. */
  readonly gradients: readonly (readonly number[])[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

const folder = "vectors/autodiff";
const networks = ["lenet", "resnet", "mobilenet", "densenet", "vit", "table", "lstm", "gru", "hourglass"];

const exported = networks.flatMap((name) => {
  const network: Network = JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
  return Object.entries(network.files).map(([exporter, file]) => ({ name, exporter, file, network }));
});

/** How far off each row is, relative to its norm. */
function distances(given: ArrayLike<number>, expected: readonly number[], rows: number): number[] {
  const width = expected.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    let [off, size] = [0, 0];
    for (let at = row * width; at < (row + 1) * width; at++) {
      off += ((given[at] ?? Number.NaN) - (expected[at] ?? 0)) ** 2;
      size += (expected[at] ?? 0) ** 2;
    }
    return Math.sqrt(off / size);
  });
}

/** One row in eight may stand at a kink, on whose other side float32 falls. */
const upperQuantile = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(0.85 * (values.length - 1))] ?? Number.NaN;

describe("the gradient of a whole network is PyTorch's in float64, to 1e-4 of its norm", () => {
  it.each(exported)("$name by the exporter $exporter", async ({ file, network }) => {
    const rows = network.labels.length;
    const inputs = Object.fromEntries(network.inputs.map(({ values }, at) => [`input${at}`, values]));
    await using g = await gradient(`${folder}/${file}`, { loss: "cross-entropy", batch: rows, threads: 1 });
    const { loss, gradients } = await g.run(inputs, network.labels);
    expect(upperQuantile(distances(loss, network.losses, rows))).toBeLessThan(1e-4);
    for (const [at, expected] of network.gradients.entries())
      expect(upperQuantile(distances(gradients[`input${at}`] ?? [], expected, rows))).toBeLessThan(1e-4);
  });

  const weighted = exported.filter(({ network }) => Object.keys(network.weights).length > 0);
  it.each(weighted)("by weights: $name by the exporter $exporter", async ({ file, network }) => {
    const wrt = Object.keys(network.weights);
    await using g = await gradient(`${folder}/${file}`, { loss: "cross-entropy", batch: network.labels.length, threads: 1, wrt });
    const { gradients } = await g.run(Object.fromEntries(network.inputs.map(({ values }, at) => [`input${at}`, values])), network.labels);
    for (const name of wrt) expect(distances(gradients[name] ?? [], network.weights[name] ?? [], 1)[0], name).toBeLessThan(1e-4);
  });
});
