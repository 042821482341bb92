import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folders } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();
const vector = (path: string) => readFileSync(new URL(`../../vectors/foreign/files/${path}`, import.meta.url));
const answered = [
  "x,y_true,y_pred,y_score",
  ...Array.from({ length: 60 }, (_, at) => `${at / 7},${at % 2},${at % 3 === 0 ? 0 : 1},0.${at % 3 === 0 ? 2 : 7}`),
  "",
].join("\n");

it("init prints how a pickle comes to ONNX, on the columns that it found, and says that loading it runs code", async () => {
  const folder = await folderOf({ "models/old.pkl": vector("numbers/logistic.pkl"), "test.csv": answered });
  const { code, out } = await sextant("init", folder);
  expect(code).toBe(0);
  for (const said of [
    "trust whoever made it",
    "python -m pip install scikit-learn==",
    'joblib.load("models/old.pkl")',
    'pandas.read_csv("test.csv")',
    'columns=["y_true", "y_pred", "y_score"]',
  ])
    expect(out).toContain(said);
  const json = await folderOf({ "old.pkl": vector("numbers/logistic.pkl"), "test.csv": answered });
  const { foreign } = JSON.parse((await sextant("init", json, "--format", "json")).out);
  expect(foreign).toEqual([expect.objectContaining({ path: "old.pkl", kind: "pickle", command: expect.stringContaining("to_onnx") })]);
});

it("a pickle that would run a command is recognised and never opened", async () => {
  const mark = join(await folderOf({}), "ran");
  const folder = await folderOf({ "evil.pkl": `cos\nsystem\n(S'touch ${mark}'\ntR.`, "test.csv": answered });
  const { out } = await sextant("init", folder);
  expect(out).toContain("“evil.pkl” is a pickle");
  expect(existsSync(mark)).toBe(false);
});

it("a folder with nothing but a model of another format is told what it lacks", async () => {
  const { code, err } = await sextant("init", await folderOf({ "net.keras": vector("keras/net.keras") }));
  expect([code, err]).toEqual([2, expect.stringMatching(/DECLARATION_FILES_NONE[\s\S]*is a Keras model[\s\S]*table of its test rows/)]);
});

it("init finds answers in a folder's table, and what it writes is assessed as it is", async () => {
  const folder = await folderOf({ "answers.csv": answered });
  const { err } = await sextant("init", folder);
  expect(err).toContain("Answers: column “y_pred”");
  const planned = await sextant("assess", folder, "--plan");
  expect([planned.code, planned.err]).toEqual([0, ""]);
  expect(planned.out).toMatch(/measure {4}weak-algorithm\/success-metric/);
});

it("init --quiet gives no note: what it wrote, and how models of other formats come to ONNX", async () => {
  const { code, out, err } = await sextant(
    "init",
    "-q",
    await folderOf({ "old.pkl": vector("numbers/logistic.pkl"), "test.csv": answered }),
  );
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^Wrote .*sextant\.yaml\.\n\n“old.pkl” is a pickle/);
  expect(out).not.toMatch(/Dataset|Answers: column|Next:/);
});

it.skipIf(process.getuid?.() === 0)("a table in a folder that cannot be written is a Problem that says where to go", async () => {
  const folder = await folderOf({ "predictions.csv": answered });
  chmodSync(folder, 0o555);
  const { code, err } = await sextant("assess", join(folder, "predictions.csv"));
  chmodSync(folder, 0o755);
  expect([code, err]).toEqual([2, expect.stringMatching(/FILES_REFUSED[\s\S]*Copy the table/)]);
});
