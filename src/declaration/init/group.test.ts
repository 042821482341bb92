import { expect, test } from "vitest";
import { groupTables } from "./group.ts";

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
