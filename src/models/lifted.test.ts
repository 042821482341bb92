import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { liftProgram, readModel, readProgram, writeProgram } from "../onnx/index.ts";
import { casesIn, lifted, runCase } from "./backend.fixture.ts";
import { answersOf, exportersFolder, furthest, namesIn, vectorOf, zooFolder } from "./zoo.fixture.ts";

/** Optional values do not cross into onnxruntime-node; of one answer it has another view than the standard had. */
const silent = /^test_optional_|^test_resize_downsample_scales_linear_align_corners of 1\.[68]/;
const old = casesIn("old-cases.json").filter(({ name }) => !silent.test(name));

test.for(old.map((each) => [each.name, each] as const))("%s answers as it stands and in the canonical opset", async ([, each]) => {
  expect(await runCase(each)).toEqual({ runs: true });
  expect(await runCase(each, lifted)).toEqual({ runs: true });
});

/** They give no answers before, which the tests of these models say. */
const refused = [
  "hand-opset-28-changed",
  "hand-opset-6",
  "hand-sequence-alone",
  "skl-gaussian-process",
  "skl-regression",
  "tf-unknown-operator",
  "torchscript-time-major",
];
const models = [zooFolder, exportersFolder].flatMap((folder) => namesIn(folder).map((name) => [name, folder] as const));

/** The answers of the model in the canonical opset, asked as it is asked itself. */
async function liftedAnswers(folder: string, name: string) {
  const scratch = mkdtempSync(join(tmpdir(), "lifted-"));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  copyFileSync(join(folder, `${name}.json`), join(scratch, `${name}.json`));
  const model = await readModel(join(folder, `${name}.onnx`), { root: folder });
  writeFileSync(join(scratch, `${name}.onnx`), writeProgram(liftProgram(await readProgram(model))));
  return answersOf(scratch, name);
}

/** Numbers of 16 bits round where onnxruntime puts its casts, which it does otherwise in another graph: these lie as near as the origin's. */
const rounding = ["float16-shuffle", "float16-weights"];

test.for(models.filter(([name]) => !refused.includes(name)))("%s answers in the canonical opset as before", async ([name, folder]) => {
  const [before, after] = [await answersOf(folder, name), await liftedAnswers(folder, name)];
  expect(after.classes).toEqual(before.classes);
  expect(after.labels).toEqual(before.labels);
  const within = rounding.includes(name) ? (vectorOf(folder, name).within ?? 0) : 1e-6;
  if (before.probabilities === null) expect(after.probabilities).toBeNull();
  else expect(furthest([Array.from(before.probabilities)], after.probabilities)).toBeLessThan(within);
});

test("a file of opset 6, which onnxruntime has no operators for, answers as its origin does once it is lifted", async () => {
  const { expected } = vectorOf(exportersFolder, "hand-opset-6");
  const { labels, classes, probabilities } = await liftedAnswers(exportersFolder, "hand-opset-6");
  expect(Array.from(labels, (index) => classes[index])).toEqual(expected.labels);
  expect(furthest(expected.probabilities ?? [], probabilities)).toBeLessThan(1e-6);
});
