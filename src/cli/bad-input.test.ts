import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { applicants, declaration, type Files, folders, tinyModel, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();

const yaml = (from: string | RegExp, to: string) => ({ "sextant.yaml": declaration.replace(from, to) });
const csv = applicants(seededRandom(5), 50);
const lines = csv.split("\n");

/** What is wrong, the files that make it so, and what must be said: a code, and where. */
const cases: readonly (readonly [what: string, files: Files, code: string | RegExp, said: RegExp])[] = [
  [
    "an alias bomb",
    { "sextant.yaml": `a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n` },
    /DECLARATION_/,
    /sextant\.yaml/,
  ],
  ["a duplicate key", yaml("seed: 7", "seed: 7\nseed: 8"), /DECLARATION_/, /sextant\.yaml:\d+:\d+/],
  ["a tab", yaml("  name: Tiny credit", "\tname: Tiny credit"), /DECLARATION_/, /sextant\.yaml:\d+:\d+/],
  ["an unknown key", yaml("sensitive:", "sensitve:"), /DECLARATION_/, /sextant\.yaml:12:5[\s\S]*Did you mean `?sensitive/],
  ["a prototype key", yaml("seed: 7", "__proto__: { seed: 7 }"), /DECLARATION_/, /sextant\.yaml/],
  ["a path that leaves the project", yaml("train.csv", "../../etc/passwd"), "ARTEFACT_ESCAPES", /sextant\.yaml:9:\d+/],
  ["an absolute path", yaml("train.csv", "/etc/passwd"), "ARTEFACT_ESCAPES", /sextant\.yaml:9:\d+/],
  ["a file that is not there", yaml("train.csv", "trian.csv"), "ARTEFACT_MISSING", /sextant\.yaml:9:\d+[\s\S]*train\.csv/],
  ["a label that is no column", yaml("label: decision", "label: desicion"), /./, /sextant\.yaml:10:\d+[\s\S]*decision/],
  ["a sensitive column that is none", yaml("[sex]", "[gender]"), /./, /sextant\.yaml:12:\d+/],
  [
    "a favourable label that does not occur",
    yaml("favourable: granted", "favourable: approved"),
    /LABEL_FAVOURABLE_UNKNOWN/,
    /sextant\.yaml:11:\d+/,
  ],
  ["inputs that do not match the columns", yaml("[income, debt]", "[income]"), /MODEL_/, /sextant\.yaml:19:\d+/],
  ["a text column where the model takes numbers", yaml("[income, debt]", "[income, sex]"), /MODEL_/, /sextant\.yaml:19:\d+[\s\S]*sex/],
  [
    "a policy value that does not exist",
    yaml("seed: 7", 'policy: { claims: { algorithm-bias/equal-opportunity: { gapp: 0.1, because: "x" } } }'),
    "POLICY_UNKNOWN",
    /Did you mean gap\?/,
  ],
  [
    "a policy without a reason",
    yaml("seed: 7", "policy: { claims: { algorithm-bias/equal-opportunity: { gap: 0.1 } } }"),
    /DECLARATION_/,
    /because/,
  ],
  ["an empty table", { "train.csv": "" }, /TABLE_/, /train\.csv/],
  ["a table with a header alone", { "test.csv": `${lines[0]}\n` }, /TABLE_/, /test\.csv/],
  [
    "a ragged table",
    { "train.csv": [...lines.slice(0, 20), "1,2,f,granted,surplus", ...lines.slice(20)].join("\n") },
    /TABLE_/,
    /train\.csv:21/,
  ],
  ["a quote that is never closed", { "train.csv": csv.replace(lines[3] ?? "", '1,2,"f,granted') }, /TABLE_/, /train\.csv/],
  [
    "half a UTF-8 letter",
    { "train.csv": Buffer.concat([Buffer.from(csv.replaceAll(",f,", ",fée€,")), Buffer.from([0xe2, 0x82])]) },
    /TABLE_/,
    /train\.csv/,
  ],
  [
    "UTF-16 with an odd number of bytes",
    { "train.csv": Buffer.from(`\ufeff${csv}`, "utf16le").subarray(0, -1) },
    /TABLE_/,
    /train\.csv:\d+[\s\S]*utf-16/i,
  ],
  [
    "a label of one class",
    { "train.csv": csv.replaceAll("refused", "granted"), "test.csv": csv.replaceAll("refused", "granted") },
    /LABEL_ONE_CLASS/,
    /./,
  ],
  ["a column missing from one split", { "test.csv": csv.replace("income,", "salary,") }, /./, /test\.csv|sextant\.yaml/],
  ["a model that is no ONNX", { "tiny.onnx": "this is no model" }, /MODEL_/, /tiny\.onnx/],
  ["a truncated model", { "tiny.onnx": tinyModel().slice(0, 60) }, /MODEL_/, /tiny\.onnx/],
  ["an empty model", { "tiny.onnx": new Uint8Array() }, /MODEL_/, /tiny\.onnx/],
  [
    "an unknown operator",
    { "tiny.onnx": Buffer.from(Buffer.from(tinyModel()).toString("latin1").replace("Sigmoid", "Sigmiod"), "latin1") },
    /MODEL_/,
    /Sigmiod/,
  ],
  ["Parquet that is none", { ...yaml("train.csv", "train.parquet"), "train.parquet": csv }, /TABLE_/, /train\.parquet/],
];

describe("bad input is a Problem with its place and what to do, exit 2, and nothing else", () => {
  it.each(cases)("%s", async (_what, files, code, said) => {
    const folder = await folderOf({ ...tinyProject({ rows: 60 }), ...files });
    const { code: exit, out, err } = await sextant("assess", folder);
    expect(err).toMatch(said);
    expect(err).toMatch(code);
    expect([exit, out]).toEqual([2, ""]);
    expect(err, "no stack trace").not.toMatch(/\n\s+at |node:internal/);
  });

  it("a link that leaves the project", async () => {
    const folder = await folderOf(tinyProject({ rows: 60 }));
    rmSync(join(folder, "train.csv"));
    symlinkSync("/etc/passwd", join(folder, "train.csv"));
    expect(await sextant("assess", folder)).toMatchObject({ code: 2, err: expect.stringContaining("ARTEFACT_ESCAPES") });
  });

  it("a folder where a table should be", async () => {
    const folder = await folderOf(tinyProject({ rows: 60 }));
    rmSync(join(folder, "train.csv"));
    mkdirSync(join(folder, "train.csv"));
    expect((await sextant("assess", folder)).code).toBe(2);
  });

  it("all mistakes at once, each with its line", async () => {
    const wrong = declaration.replace("train.csv", "nope.csv").replace("sensitive:", "sensitve:").replace("learns: false", "learns: maybe");
    const folder = await folderOf({ ...tinyProject({ rows: 60 }), "sextant.yaml": wrong });
    const { err } = await sextant("assess", folder);
    for (const line of [9, 12, 21]) expect(err).toContain(`sextant.yaml:${line}:`);
  });

  it("names that would run in a terminal or in HTML are shown, not obeyed", async () => {
    const evil = "\u001b[2J<script>alert(1)</script>";
    const named = tinyProject({ rows: 60 });
    const folder = await folderOf({ ...named, "sextant.yaml": declaration.replace("Tiny credit", JSON.stringify(evil)) });
    const { out, err } = await sextant("assess", folder);
    expect(out + err).not.toContain("\u001b");
    expect(out).toContain("\\u{1b}[2J");
    expect((await sextant("assess", folder, "--plan")).out).not.toContain("\u001b");
    const html = await sextant("report", folder, "--format", "html");
    expect(html.out).not.toContain("<script>alert");
  });

  it("a declaration that cannot be read, or is not there", async () => {
    const folder = await folderOf({});
    expect(await sextant("assess", folder)).toMatchObject({ code: 2, err: expect.stringContaining("sextant init") });
    writeFileSync(join(folder, "sextant.yaml"), Buffer.from([0xff, 0xfe, 0x00, 0x01]));
    expect((await sextant("assess", folder)).code).toBe(2);
  });
});

describe("init", () => {
  it("writes a declaration that assesses with no edit", async () => {
    const { "sextant.yaml": _, ...files } = tinyProject({ rows: 300 });
    const folder = await folderOf(files);
    const init = await sextant("init", folder);
    expect([init.code, init.err]).toEqual([0, expect.stringContaining("Dataset “data”: train 300 rows")]);
    const { code, out, err } = await sextant("assess", folder);
    expect([err, [1, 4].includes(code)]).toEqual(["", true]);
    expect(out).toContain("Weak algorithm");
    expect(await sextant("init", folder)).toMatchObject({ code: 2, err: expect.stringContaining("DECLARATION_EXISTS") });
  });

  it("says what it looked for in an empty folder", async () => {
    const folder = await folderOf({ "notes.txt": "nothing here" });
    const { code, err } = await sextant("init", folder);
    expect(code).toBe(2);
    expect(err).toMatch(/\.csv.*\.parquet/);
  });
});

describe("threats", () => {
  it("shows 13 rows by 6 stages, with why", async () => {
    const folder = await folderOf(tinyProject({ rows: 60 }));
    const { code, out } = await sextant("threats", folder);
    expect(code).toBe(0);
    for (const row of ["Algorithm bias", "Contaminated data"]) expect(out).toContain(row);
    const { out: json } = await sextant("threats", folder, "--format", "json");
    expect((JSON.parse(json) as { cells: unknown[] }).cells).toHaveLength(27);
  });
});
