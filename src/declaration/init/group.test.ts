import { expect, test } from "vitest";
import { groupTables } from "./group.ts";
import { namedTables } from "./parts.ts";

test.each([
  [["train.csv", "test.csv"], [{ name: "", splits: { train: "train.csv", test: "test.csv" } }]],
  [
    ["data/training.parquet", "data/validation.parquet", "data/holdout.parquet"],
    [{ name: "", splits: { train: "data/training.parquet", evaluation: "data/validation.parquet", test: "data/holdout.parquet" } }],
  ],
  [["adult/train.csv", "adult/eval.csv"], [{ name: "adult", splits: { train: "adult/train.csv", evaluation: "adult/eval.csv" } }]],
  [
    ["adult_train.csv", "adult.test.csv", "dev-adult.csv"],
    [{ name: "adult", splits: { train: "adult_train.csv", test: "adult.test.csv", evaluation: "dev-adult.csv" } }],
  ],
  [
    ["train/people.csv", "test/people.csv", "train/cars.csv"],
    [
      { name: "people", splits: { train: "train/people.csv", test: "test/people.csv" } },
      { name: "cars", splits: { train: "train/cars.csv" } },
    ],
  ],
  [
    ["a.csv", "b.csv"],
    [
      { name: "a", splits: { train: "a.csv" }, guessed: true },
      { name: "b", splits: { train: "b.csv" }, guessed: true },
    ],
  ],
  [
    ["data/train-*-of-00002.jsonl.gz", "data/test-*-of-00001.jsonl.gz"],
    [{ name: "", splits: { train: "data/train-*-of-00002.jsonl.gz", test: "data/test-*-of-00001.jsonl.gz" } }],
  ],
  [["sales/train/part-*.parquet", "sales/test"], [{ name: "sales", splits: { train: "sales/train/part-*.parquet", test: "sales/test" } }]],
  [["restraint.csv"], [{ name: "restraint", splits: { train: "restraint.csv" }, guessed: true }]],
])("%j", (paths, groups) => {
  expect(groupTables(paths)).toEqual(groups.map((group) => expect.objectContaining(group)));
});

test("of two files of one split the Parquet one stands, and of a whole and its parts the parts", () => {
  expect(groupTables(["train.csv", "train.parquet"])).toMatchObject([{ splits: { train: "train.parquet" }, beside: ["train.csv"] }]);
  expect(groupTables(["adult.csv", "adult-train.csv", "adult-test.csv"])).toMatchObject([
    { splits: { train: "adult-train.csv", test: "adult-test.csv" }, guessed: false, beside: ["adult.csv"] },
  ]);
});

test.each([
  ["files of different names", ["a.csv", "b.csv", "a-2.csv"], ["a-2.csv", "a.csv", "b.csv"]],
  ["parts as Spark writes them", ["s/part-00000-2f3c.snappy.parquet", "s/part-00001-2f3c.snappy.parquet"], ["s/part-*.snappy.parquet"]],
  ["parts as Hugging Face writes them", ["train-00000-of-00002.jsonl.gz", "train-00001-of-00002.jsonl.gz"], ["train-*.jsonl.gz"]],
  ["one part alone", ["part-0.csv"], ["part-0.csv"]],
  ["years, which are no parts", ["sales-2023.csv", "sales-2024.csv"], ["sales-2023.csv", "sales-2024.csv"]],
  ["numbered parts", ["rows-001.csv", "rows-002.csv"], ["rows-*.csv"]],
  ["folders of keys", ["d/year=2023/m=1/a.parquet", "d/year=2024/m=1/a.parquet", "d.csv"], ["d", "d.csv"]],
  ["folders of keys in the project's own", ["k=1/a.csv"], ["."]],
])("of %s, what is named", (_, files, named) => {
  expect(namedTables(files)).toEqual(named.toSorted());
});
