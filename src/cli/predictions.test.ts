import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { controls } from "../controls/index.ts";
import { reportFormats } from "../report/index.ts";
import { folders } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();

/** P(1) is what the score says, so that it is calibrated; the answer is the likelier class. */
function rowsOf(rows: number, seed: string): { id: string; sex: string; x: string; truth: number; answer: number; score: string }[] {
  const random = seededRandom(5, seed);
  return Array.from({ length: rows }, (_, at) => {
    const x = random.normal();
    const score = 1 / (1 + Math.exp(-2 * x));
    const truth = random.uniform() < score ? 1 : 0;
    return {
      id: `${seed}${at}`,
      sex: at % 2 === 0 ? "f" : "m",
      x: x.toFixed(4),
      truth,
      answer: score > 0.5 ? 1 : 0,
      score: score.toFixed(4),
    };
  });
}

const tableOf = (rows: ReturnType<typeof rowsOf>) =>
  [
    "id,sex,x,y_true,y_pred,y_score",
    ...rows.map(({ id, sex, x, truth, answer, score }) => [id, sex, x, truth, answer, score].join(",")),
    "",
  ].join("\n");
const table = tableOf(rowsOf(300, "t"));

const assess = (folder: string, name: string, ...options: string[]) => sextant("assess", join(folder, name), ...options);

interface Shown {
  readonly results: readonly {
    readonly claim: string;
    readonly verdict: string;
    readonly reason: string;
    readonly remedy: string;
    readonly measures: readonly { readonly name: string; readonly low?: number; readonly value: number }[];
  }[];
}
const resultsIn = async (folder: string): Promise<Shown["results"]> =>
  (JSON.parse((await sextant("report", folder, "--format", "json")).out) as Shown).results;
const about = (results: Shown["results"], claim: string) => results.find((result) => result.claim === claim);

describe("a table of predictions and one command", () => {
  it("gives a report with success, calibration and groups; what was guessed is said and written down", async () => {
    const folder = await folderOf({ "predictions.csv": table });
    const { code, out, err } = await assess(folder, "predictions.csv", "--favourable", "1");
    expect(code).toBe(4);
    expect(out).toContain("report.html");
    for (const said of [
      "Truth: column “y_true” of 300 rows",
      "Answers: column “y_pred”",
      "Scores: “y_score” (of class “1”)",
      "Groups: “sex”",
      "Wrote ",
    ])
      expect(err).toContain(said);
    const written = readFileSync(join(folder, "sextant.yaml"), "utf8");
    expect(written).toMatch(/label: y_true {2}# guessed/);
    expect(written).toMatch(/scores: \{ "1": y_score \} {2}# guessed/);
    const results = await resultsIn(folder);
    const success = about(results, "weak-algorithm/success-metric");
    expect(success).toMatchObject({
      verdict: "unassessed",
      reason: expect.stringMatching(
        /^the model's balanced accuracy is \d\d\.\d % \(95 % interval .*\); the declaration gives no system\.success\.target$/,
      ),
      measures: expect.arrayContaining([expect.objectContaining({ name: "balanced-accuracy", low: expect.any(Number) })]),
    });
    expect(about(results, "weak-algorithm/calibration")?.measures.length).toBeGreaterThan(0);
    expect(about(results, "algorithm-bias/equal-opportunity")?.measures.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, ".sextant", "report.html"))).toBe(true);
  });

  it("asks the second time what was written down, and nothing is measured again", async () => {
    const folder = await folderOf({ "predictions.csv": table });
    await assess(folder, "predictions.csv", "--label", "y_true");
    const again = await assess(folder, "predictions.csv", "--label", "y_true");
    expect(again.err).toBe("");
    expect(again.out).toMatch(/ 0 measured, \d+ kept/);
    const other = await assess(folder, "predictions.csv", "--label", "x");
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/DECLARATION_EXISTS[\s\S]*otherwise than --label/)]);
  });

  it("measures again once an answer changed", async () => {
    const folder = await folderOf({ "predictions.csv": table });
    await assess(folder, "predictions.csv", "--only", "weak-algorithm/calibration");
    const rows = rowsOf(300, "t");
    writeFileSync(
      join(folder, "predictions.csv"),
      tableOf(rows.map((row, at) => (at === 0 ? { ...row, score: "0.5001", answer: 1 } : row))),
    );
    expect((await assess(folder, "predictions.csv", "--only", "weak-algorithm/calibration")).out).toMatch(/ 1 measured, 0 kept/);
  });

  it("writes nothing for a plan", async () => {
    const folder = await folderOf({ "predictions.csv": table });
    const { code, out } = await assess(folder, "predictions.csv", "--plan");
    expect([code, existsSync(join(folder, "sextant.yaml")), existsSync(join(folder, ".sextant"))]).toEqual([0, false, false]);
    expect(out).toContain("measure    weak-algorithm/calibration");
  });

  it("writes what was said as said, and what was guessed as guessed", async () => {
    const folder = await folderOf({ "p.csv": table });
    const { err } = await assess(folder, "p.csv", "--label", "y_true", "--sensitive", "sex", "--plan");
    expect(err).toContain("Truth: column “y_true” of 300 rows, as was said.");
    expect(err).toContain("Groups: “sex”, as was said.");
    expect(err).toContain("Answers: column “y_pred”, because it is called like answers.");
  });

  it("is no other table's declaration", async () => {
    const folder = await folderOf({ "predictions.csv": table, "more.csv": table });
    await assess(folder, "predictions.csv", "--plan");
    writeFileSync(join(folder, "sextant.yaml"), "version: 1\nsystem: { name: Other }\n");
    const { code, err } = await assess(folder, "more.csv");
    expect([code, err]).toEqual([2, expect.stringMatching(/DECLARATION_EXISTS[\s\S]*does not name “more\.csv”[\s\S]*folder of its own/)]);
  });

  it("knows a folder's options from a table's", async () => {
    const folder = await folderOf({ "sextant.yaml": "version: 1\nsystem: { name: Other }\n" });
    const { code, err } = await sextant("assess", folder, "--label", "y");
    expect([code, err]).toEqual([2, expect.stringContaining("of a table")]);
  });

  const csv = (header: string, ...lines: string[]) => [header, ...lines, ""].join("\n");
  const many = (line: (at: number) => string) => Array.from({ length: 40 }, (_, at) => line(at));
  it.each<[string, Record<string, string | Uint8Array>, readonly string[], RegExp]>([
    ["that is not there", {}, [], /ARTEFACT_MISSING[\s\S]*there is no/],
    ["that is empty", { "p.csv": "" }, [], /p\.csv[\s\S]*TABLE_EMPTY/],
    ["that is binary", { "p.csv": Uint8Array.from({ length: 600 }, (_, at) => (at * 37) % 251) }, [], /p\.csv.*TABLE_/],
    [
      "without a column of truth",
      { "p.csv": csv("x,y_pred", ...many((at) => `${at / 7},${at % 2}`)) },
      [],
      /PREDICTIONS_COLUMNS[\s\S]*hold the truth[\s\S]*--label COLUMN/,
    ],
    [
      "without a column of answers",
      { "p.csv": csv("x,y_true", ...many((at) => `${at / 7},${at % 2}`)) },
      [],
      /PREDICTIONS_COLUMNS[\s\S]*--prediction COLUMN/,
    ],
    ["whose named column is not there", { "p.csv": table }, ["--label", "truth"], /no column “truth”[\s\S]*“y_true”/],
    ["of one class", { "p.csv": csv("y_true,y_pred", ...many((at) => `1,${at % 2}`)) }, ["--label", "y_true"], /LABEL_ONE_CLASS/],
    [
      "with an empty truth",
      { "p.csv": csv("y_true,y_pred", ...many((at) => `${at === 3 ? "" : at % 2},${at % 2}`)) },
      [],
      /LABEL_UNKNOWN[\s\S]*empty in 1 rows/,
    ],
    [
      "with answers of other classes",
      { "p.csv": csv("y_true,y_pred", ...many((at) => `${at % 2 ? "no" : "yes"},${at % 2 ? "ham" : "spam"}`)) },
      [],
      /none of the classes/,
    ],
  ])("%s: one Problem that says what to do, exit 2, and nothing is written", async (_, files, options, says) => {
    const folder = await folderOf(files);
    const { code, err } = await assess(folder, "p.csv", ...options);
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
    expect(err).not.toContain("    at ");
    expect(existsSync(join(folder, "sextant.yaml"))).toBe(false);
  });

  it.each<[string, (row: ReturnType<typeof rowsOf>[number]) => object, RegExp]>([
    ["an empty score", () => ({ score: "" }), /row 7: score column “y_score” is empty/],
    ["an empty answer", () => ({ answer: "" }), /row 7: column “y_pred” holds no answer/],
    ["a score of 7", () => ({ score: "7" }), /row 7: 7 in column “y_score” is no probability/],
  ])("%s is told with its row, and what does not need it is measured", async (what, change, says) => {
    const rows = rowsOf(60, "t").map((row, at) => (at === 7 ? { ...row, ...change(row) } : row)) as ReturnType<typeof rowsOf>;
    const folder = await folderOf({ "predictions.csv": tableOf(rows) });
    const { code } = await assess(folder, "predictions.csv", ...(what === "a score of 7" ? ["--scores", "1=y_score"] : []));
    expect(code).toBe(3);
    const results = await resultsIn(folder);
    expect(about(results, "weak-algorithm/success-metric")).toMatchObject({ verdict: "errored", reason: expect.stringMatching(says) });
    expect(about(results, "contaminated-data/conflicting-labels")?.verdict).not.toBe("errored");
  });
});

describe("the example without a model", () => {
  const example = fileURLToPath(new URL("../../examples/predictions/", import.meta.url));
  const names = ["sextant.yaml", "predictions.csv"];

  it("gives every report, and verdicts of both kinds", async () => {
    const folder = await folderOf(Object.fromEntries(names.map((name) => [name, readFileSync(join(example, name))])));
    const { code, err } = await sextant("assess", folder);
    expect([code, err]).toEqual([1, ""]);
    const results = await resultsIn(folder);
    expect(about(results, "weak-algorithm/success-metric")).toMatchObject({ verdict: "met" });
    expect(about(results, "weak-algorithm/class-confusion")).toMatchObject({ verdict: "unmet" });
    expect(results.filter(({ verdict }) => verdict === "errored")).toEqual([]);
    for (const format of Object.keys(reportFormats)) {
      const report = await sextant("report", folder, "--format", format);
      expect([format, report.code, report.err, report.out.length > 500]).toEqual([format, 0, "", true]);
    }
    expect(existsSync(join(folder, ".sextant", "report.html"))).toBe(true);
  });

  it("its table alone, without the declaration, gives the same answers", async () => {
    const folder = await folderOf({ "predictions.csv": readFileSync(join(example, "predictions.csv")) });
    const { err } = await assess(folder, "predictions.csv", "--only", "weak-algorithm/success-metric");
    for (const said of [
      "Truth: column “actual”",
      "Answers: column “predicted”",
      "“p_good” (of class “good”)",
      "Groups: “age”",
      "Favourable label: “good”",
    ])
      expect(err).toContain(said);
    const success = about(await resultsIn(folder), "weak-algorithm/success-metric");
    expect(success?.measures.find(({ name }) => name === "accuracy")?.value).toBeCloseTo(0.753, 12);
  });
});

const project = (predictions: string, more = "") => `version: 1
system: { name: Answers }
datasets:
  - { id: people, splits: { train: train.csv, test: test.csv }, label: y_true, favourable: 1, sensitive: [sex], identifying: [id] }
models:
  - id: written
    testedOn: [people]
    predictions: ${predictions}
${more}`;

describe("answers in tables of their own", () => {
  const split = (rows: ReturnType<typeof rowsOf>) =>
    csvOf(
      "id,sex,x,y_true",
      rows.map(({ id, sex, x, truth }) => [id, sex, x, truth]),
    );
  const answers = (rows: ReturnType<typeof rowsOf>) =>
    csvOf(
      "id,answer,score",
      rows.map(({ id, answer, score }) => [id, answer, score]),
    );
  const csvOf = (header: string, rows: readonly (readonly (string | number)[])[]) =>
    [header, ...rows.map((row) => row.join(",")), ""].join("\n");
  const train = rowsOf(200, "a");
  const test = rowsOf(200, "b");
  const files = { "train.csv": split(train), "test.csv": split(test) };
  const keyed = "{ files: { test: preds.csv }, key: id, label: answer, scores: { 1: score } }";
  const only = ["--only", "weak-algorithm/calibration", "--only", "weak-algorithm/generalisation-gap"];

  it("are joined by their key, in whatever order they stand: as if they stood in the split", async () => {
    const beside = await folderOf({ ...files, "sextant.yaml": project(keyed), "preds.csv": answers(test.toReversed()) });
    const inside = await folderOf({
      "train.csv": split(train),
      "test.csv": tableOf(test),
      "sextant.yaml": project("{ label: y_pred, scores: { 1: y_score } }"),
    });
    for (const folder of [beside, inside]) expect((await sextant("assess", folder, ...only)).err).toBe("");
    const [first, second] = [await resultsIn(beside), await resultsIn(inside)].map(
      (results) => about(results, "weak-algorithm/calibration")?.measures,
    );
    expect(first).toEqual(second);
    expect(first?.length).toBeGreaterThan(0);
    expect(about(await resultsIn(inside), "weak-algorithm/generalisation-gap")).toMatchObject({
      verdict: "unassessed",
      reason: expect.stringContaining("do not answer the train split"),
    });
  });

  it("to every split give what compares splits", async () => {
    const declared = project("{ files: { train: trained.csv, test: preds.csv }, label: answer, scores: score }");
    const folder = await folderOf({ ...files, "sextant.yaml": declared, "trained.csv": answers(train), "preds.csv": answers(test) });
    expect((await sextant("assess", folder, ...only)).err).toBe("");
    expect(about(await resultsIn(folder), "weak-algorithm/generalisation-gap")?.measures.length).toBeGreaterThan(0);
  });

  it.each<[string, string, string, RegExp]>([
    [
      "fewer rows and no key",
      "{ files: { test: preds.csv }, label: answer }",
      answers(test.slice(1)),
      /sextant\.yaml:8:[\s\S]*PREDICTIONS_ROWS_DIFFER[\s\S]*199 rows[\s\S]*200[\s\S]*key: id/,
    ],
    [
      "a column that is not there",
      "{ files: { test: preds.csv }, label: answered }",
      answers(test),
      /sextant\.yaml:8:[\s\S]*TABLE_COLUMN_MISSING[\s\S]*Did you mean “answer”/,
    ],
    [
      "a key that is not there",
      "{ files: { test: preds.csv }, label: answer, key: number }",
      answers(test),
      /TABLE_COLUMN_MISSING[\s\S]*“number”/,
    ],
    ["a file that is not there", "{ files: { test: pred.csv }, label: answer }", answers(test), /ARTEFACT_MISSING[\s\S]*preds\.csv/],
    [
      "a split that is not there",
      "{ files: { evaluation: preds.csv }, label: answer }",
      answers(test),
      /DECLARATION_REFERENCE[\s\S]*no evaluation split/,
    ],
    ["neither labels nor scores", "{ files: { test: preds.csv } }", answers(test), /DECLARATION_VALUE[\s\S]*`label`, `scores` or both/],
    [
      "a threshold beside labels",
      "{ files: { test: preds.csv }, label: answer, scores: score, threshold: 0.3 }",
      answers(test),
      /threshold makes answers/,
    ],
    [
      "scores of a class that is none",
      "{ files: { test: preds.csv }, scores: { yes: score } }",
      answers(test),
      /“yes” is none of the classes/,
    ],
    [
      "unknown classes",
      "{ files: { test: preds.csv }, label: answer }",
      answers(test).replaceAll(",1,", ",maybe,"),
      /MODEL_CLASSES_MISMATCH[\s\S]*“maybe”/,
    ],
    ["the truth as the answers", "{ label: y_true }", answers(test), /is the label, which holds the truth/],
    ["a key and no tables", "{ label: x, key: id }", answers(test), /no `files` of answers are named/],
  ])("%s: a Problem at its line", async (_, predictions, preds, says) => {
    const folder = await folderOf({ ...files, "sextant.yaml": project(predictions), "preds.csv": preds });
    const { code, err } = await sextant("assess", folder, "--plan");
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });

  it.each<[string, string, RegExp]>([
    [
      "a key that stands twice",
      answers([...test, test[4] ?? test[0]!].filter((row) => row !== undefined)),
      /preds\.csv row 200: column “id”: the key “b4” stands in row 4 already/,
    ],
    ["a row without an answer", answers(test.slice(1)), /test\.csv row 0: column “id”: no answer in “preds\.csv” has the key “b0”/],
    [
      "a bad score, by the row of its own table",
      answers(test.toReversed()).replace(/,0\.\d+\n/, ",2\n"),
      /preds\.csv row 0: 2 in column “score”/,
    ],
  ])("%s is told where it stands", async (_, preds, says) => {
    const folder = await folderOf({ ...files, "sextant.yaml": project(keyed), "preds.csv": preds });
    expect((await sextant("assess", folder, ...only)).code).toBe(3);
    expect(about(await resultsIn(folder), "weak-algorithm/calibration")).toMatchObject({
      verdict: "errored",
      reason: expect.stringMatching(says),
    });
  });

  it("a model is a file or answers, not both and not neither", async () => {
    for (const [kind, says] of [
      ["file: a.onnx\n    predictions: { label: x }", /exactly one of/],
      ["base: none", /exactly one of/],
    ] as const) {
      const folder = await folderOf({ "sextant.yaml": `version: 1\nsystem: { name: A }\nmodels:\n  - id: m\n    ${kind}\n`, "a.onnx": "" });
      const { code, err } = await sextant("assess", folder, "--plan");
      expect([code, err]).toEqual([2, expect.stringMatching(says)]);
    }
  });
});

describe("of every control it is known before anything runs whether a table of predictions is enough", () => {
  /** What a table of predictions cannot give, in the words that say so. */
  const lacks = [
    /cannot answer rows that are not in it/,
    /is no file/,
    /no gradients/,
    /no service answers with model “\w+” at an endpoint/,
  ];
  const claims = controls.map(({ control: { claim } }) => claim);

  it("each is measured, or says what it would need; of those that ask for answers alone, all are measured", async () => {
    const everywhere = Object.fromEntries(["train", "test", "evaluation"].map((name) => [`${name}.csv`, tableOf(rowsOf(300, name))]));
    const other = "  - { id: other, testedOn: [people], candidate: true, predictions: { scores: y_score, threshold: 0.3 } }\n";
    const declared = project("{ label: y_pred, scores: { 1: y_score } }", `${other}services: [{ id: s, model: written }]\n`)
      .replace("test: test.csv", "test: test.csv, evaluation: evaluation.csv")
      .replace(
        "name: Answers",
        "name: Answers, success: { metric: accuracy, target: 0.6 }, limits: { latencyMs: 50, sizeMiB: 1, costPerMillion: 1 }",
      );
    const folder = await folderOf({ ...everywhere, "sextant.yaml": declared });
    const { out, err } = await sextant("assess", folder, "--plan", "--format", "json");
    expect(err).toBe("");
    const { tasks } = JSON.parse(out) as { tasks: { claim: string; does: string; why: string | null }[] };
    expect(new Set(tasks.map(({ claim }) => claim))).toEqual(new Set(claims));
    const odd = tasks.filter(({ does, why }) => does !== "measure" && !lacks.some((words) => words.test(why ?? "")));
    expect(odd).toEqual([]);
    const measured = new Set(tasks.filter(({ does }) => does === "measure").map(({ claim }) => claim));
    for (const claim of answersAlone) expect(measured).toContain(claim);
  });

  const answersAlone = [
    "algorithm-bias/candidates-worst-group",
    "algorithm-bias/demographic-parity",
    "algorithm-bias/disparate-impact",
    "algorithm-bias/equal-opportunity",
    "algorithm-bias/equalised-odds",
    "contaminated-data/conflicting-labels",
    "contaminated-data/split-overlap",
    "membership-inference/loss-screen",
    "unbalanced-data/rare-class-error",
    "unbalanced-data/rare-group-error",
    "weak-algorithm/beats-baselines",
    "weak-algorithm/calibration",
    "weak-algorithm/candidates-compared",
    "weak-algorithm/class-confusion",
    "weak-algorithm/enough-data",
    "weak-algorithm/generalisation-gap",
    "weak-algorithm/success-metric",
    "weak-algorithm/weak-segments",
  ];
});
