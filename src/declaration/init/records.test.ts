import { expect, test } from "vitest";
import { inspecting, project } from "../testing/project.ts";
import { proposeDeclaration } from "./propose.ts";

const inspect = inspecting();
const records = (rows: number) => Array.from({ length: rows }, (_, at) => ({ a: at / 7, label: at % 2 ? "yes" : "no" }));

test("tables called .json are read: an array of records, records in lines; settings and models beside them are not", async () => {
  const root = project({
    "web/package.json": '{\n  "name": "x"\n}\n',
    "web/settings.json": '{"debug":true}\n',
    "web/words.json": '["a", "b"]',
    "buyers-train.json": JSON.stringify(records(40), null, 2),
    "buyers-test.json": `\ufeff${JSON.stringify(records(30))}`,
    "lines.json": records(20)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(""),
  });
  const { text, notes } = await proposeDeclaration(root, inspect);
  expect(text).toContain("train: buyers-train.json  # 40 rows");
  expect(text).toContain("test: buyers-test.json  # 30 rows");
  expect(text).toContain("train: lines.json  # 20 rows");
  expect(text).not.toContain("web/");
  expect(notes.join("\n")).not.toContain("web/");
});

test("one whose records are no rows of a table is left out with a note that says why", async () => {
  const root = project({ "a.csv": "x,y\n1,2\n2,1\n", "deep.json": '[{ "x": { "y": [1, 2] } }]' });
  const { notes } = await proposeDeclaration(root, inspect);
  expect(notes).toContainEqual(expect.stringMatching(/^Left out “deep.json”: /));
});
