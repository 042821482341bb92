import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Assessment } from "../assess/index.ts";
import { sextant } from "./testing/run.ts";

const example = fileURLToPath(new URL("../../examples/fashion", import.meta.url));
const claims = [
  "weak-algorithm/success-metric",
  "weak-algorithm/picture-preparation",
  "contaminated-data/split-overlap",
  "unbalanced-data/class-balance",
];
const only = claims.flatMap((claim) => ["--only", claim]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sextant-fashion-"));
  cpSync(example, folder, { recursive: true, filter: (path) => !path.includes(".sextant") });
});
afterAll(() => rmSync(folder, { recursive: true }));

const assessed = async () => JSON.parse((await sextant("assess", folder, "--format", "json", ...only)).out) as Assessment;

it("the example of pictures is measured, its model's preparation is shown, and every report is made", async () => {
  const { results, artefacts } = await assessed();
  const measured = results.filter(({ claim }) => claims.includes(claim));
  expect(measured.map(({ claim, verdict, reason }) => (verdict === "errored" ? `${claim}: ${reason}` : claim)).toSorted()).toEqual(
    claims.toSorted(),
  );
  const of = (claim: string) => measured.find((result) => result.claim === claim);
  // README.md of the example: 0.8370, as onnxruntime in Python has it.
  expect(of("weak-algorithm/success-metric")?.measures.find(({ name }) => name === "accuracy")?.value).toBeCloseTo(0.837, 6);
  expect(of("weak-algorithm/picture-preparation")?.verdict).toBe("met");
  expect(artefacts.find(({ id }) => id === "model:net")?.about).toContain(
    "takes pictures of 28 x 28 (from the input's shape); NCHW (from the input's shape); grey (from the input's shape); black 0, white 1 (declared); mean 0.2866, std 0.3535 (declared)",
  );
  for (const format of ["text", "html", "json"]) {
    const path = join(folder, `out.${format}`);
    expect((await sextant("report", folder, "--format", format, "-o", path)).code, format).toBe(0);
    expect(readFileSync(path, "utf8")).toContain("Shelf sorting");
  }
});

it("the net falls to attacks that know its gradients, and the page shows pictures as they were and as they became", async () => {
  const white = "adversarial-attack/white-box";
  const { out } = await sextant("assess", folder, "--format", "json", "--only", white);
  const found = (JSON.parse(out) as Assessment).results.find(({ claim }) => claim === white);
  expect(found?.verdict, found?.reason).toBe("unmet");
  const curve = found?.series[0]?.y.values ?? [];
  expect(curve[0]).toBeGreaterThan(0.8);
  expect(curve.at(-1)).toBe(0);
  expect(found?.pictures.map(({ digest }) => digest)).toEqual(found?.attachments);
  expect(found?.pictures.length).toBe(12);
  const page = readFileSync(join(folder, ".sextant", "report.html"), "utf8");
  for (const digest of found?.attachments ?? []) {
    const png = readFileSync(join(folder, ".sextant", "evidence", `${digest.slice(7)}.png`));
    expect(page).toContain(`src="data:image/png;base64,${png.toString("base64")}"`);
  }
});

it("with the numbers of another framework, the preparation that fits is named", async () => {
  const path = join(folder, "sextant.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/image: \{.*\}/, "image: { range: [0, 255] }"));
  const { results } = await assessed();
  const found = results.find(({ claim }) => claim === "weak-algorithm/picture-preparation");
  expect(found?.verdict).toBe("unmet");
  expect(found?.reason).toMatch(
    /^prepared with mean and standard deviation of these pictures accuracy is higher than as declared by 2\d\.\d points/,
  );
  expect(found?.remedy).toMatch(/image: \{ range: \[0, 1\], mean: \[0\.2\d+\], std: \[0\.3\d+\] \}/);
});
