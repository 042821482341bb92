import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { openEngine, selectRows, type Table } from "../../../data/index.ts";
import { bindModel, describeModel, type ModelBinding, type OnnxBinding, openModel } from "../../../models/index.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { creditNet } from "../../testing/credit-net.ts";
import { attackedRecipe } from "./attacked.ts";
import { constrainedRecipe } from "./constrained.ts";
import { guessedRecipe } from "./guessed.ts";
import { nearRecipe } from "./near.ts";

const texts = ["workclass", "education", "marital-status", "occupation", "relationship", "race", "sex", "native-country"];
const spend = { steps: 10, targets: 1, shortest: 0, guesses: 0, blind: 50 };
let net: ModelBinding;
beforeAll(async () => {
  net = await creditNet();
});

const inputs = (most: number) => ({
  model: net as OnnxBinding,
  train: creditSplit("train"),
  test: creditSplit("test"),
  label: "income-per-year",
  frozen: texts,
  whole: [],
  most,
});
const random = () => seededRandom(3);

it("a net falls more the larger the change, the same for the same seed; answers alone do not beat gradients", async () => {
  const asked = () => attackedRecipe.make({ ...inputs(60), ...spend, size: { norm: "linf", eps: 0.1 }, random: random() }, making());
  const [first, second] = [await asked(), await asked()];
  expect(first).toEqual(second);
  const standing = first.found?.fooled.map((fooled) => fooled.filter((each) => each === 0).length) ?? [];
  expect(standing).toEqual(standing.toSorted((a, b) => b - a));
  expect(standing.at(-1)).toBeLessThan(standing[0]!);
  expect(first).toMatchObject({ isHeld: true, why: null, pictures: [], found: { signs: { flat: 0, blind: 0, invalid: 0 } } });
  const guessed = await guessedRecipe.make({ ...inputs(60), queries: 50, size: { norm: "linf", eps: 0.1 }, random: random() }, making());
  expect(guessed.rows).toEqual(first.rows);
  expect(guessed.queries).toBeLessThanOrEqual(60 * (50 + 2));
  const declared = first.found!.fooled[first.found!.epsilons.indexOf(0.1)]!;
  expect(guessed.found!.fooled[0]!.filter((each, at) => each === 1 && declared[at] === 0).length).toBe(0);
});

/** A model that answers from a table's columns, one number each. */
async function trees(name: string): Promise<{ binding: OnnxBinding; path: string; distances: readonly number[] }> {
  const folder = join(import.meta.dirname, "../../../../vectors/attacks");
  const { rows, labels, distances } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as {
    readonly rows: readonly (readonly number[])[];
    readonly labels: readonly number[];
    readonly distances: readonly number[];
  };
  const width = rows[0]!.length;
  const columns = Array.from({ length: width }, (_, at) => `x${at}`);
  const path = join(mkdtempSync(join(tmpdir(), "sextant-")), "rows.csv");
  writeFileSync(path, [[...columns, "label"], ...rows.map((row, at) => [...row, labels[at]])].map((line) => line.join(",")).join("\n"));
  await using engine = await openEngine({ memoryBytes: 2 ** 28, spillFolder: making().spillFolder });
  const found = await engine.describe({ path, format: "csv" });
  const model = { path: join(folder, `${name}.onnx`), root: folder, facts: await describeModel(join(folder, `${name}.onnx`), folder) };
  const bound = await bindModel(model, { model: "trees", dataset: "rows", columns: found.columns, label: "label" });
  return { binding: bound as OnnxBinding, path, distances };
}

it("trees fall by their leaves to what is within the exact distance of the mixed-integer program, and to nothing less", async () => {
  const { binding, path, distances } = await trees("trees-boosting-two");
  const corners = path.replace("rows.csv", "corners.csv");
  const [head = "", ...lines] = readFileSync(path, "utf8").split("\n");
  const width = head.split(",").length - 1;
  // Every column then goes from 0 to 1, so that distances are those of the rows themselves.
  writeFileSync(corners, [head, ...lines, `${"0,".repeat(width)}0`, `${"1,".repeat(width)}1`].join("\n"));
  const eps = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)]! * 1.001;
  const given = {
    model: binding,
    train: { path: corners, format: "csv" },
    test: { path, format: "csv" },
    label: "label",
    frozen: [],
    whole: [],
    most: 1000,
  } as const;
  const { found, tried } = await attackedRecipe.make({ ...given, ...spend, size: { norm: "linf", eps }, random: random() }, making());
  expect(tried).toBe("leaf-tuples");
  const fooled = found!.fooled[found!.epsilons.indexOf(eps)]!;
  expect([...fooled]).toEqual(distances.map((far) => Number(far <= eps)));
});

it("training rows that lie within some distance of the boundary are turned by a change of that size, and no shorter one is told", async () => {
  const near = await nearRecipe.make(
    { ...inputs(40), test: creditSplit("train"), size: { norm: "l2", eps: 0.2 }, steps: 60, queries: 50, random: random() },
    making(),
  );
  expect(near).toMatchObject({ isFree: true, tried: "fmn" });
  expect([...near.distances].every((far, at) => !Number.isFinite(far) || (far > 0 && near.becomes[at] !== near.answers[at]))).toBe(true);
  expect(near.distances.filter(Number.isFinite).length).toBeGreaterThan(20);
});

it("a row that somebody could hand in keeps to what is declared, and the model answers it otherwise when it is written down", async () => {
  const changes = {
    columns: {
      age: { immutable: true },
      education: { immutable: true },
      "hours-per-week": { min: 1, max: 99, direction: "down" as const },
    },
    rules: ["`capital-gain` == 0 or `capital-loss` == 0"],
  };
  const given = {
    ...inputs(30),
    frozen: ["age", "education"],
    whole: null,
    changes,
    knows: "gradients",
    aim: "truth",
    queries: 100,
  } as const;
  const { examples, rows, labels, invalid, tried } = await constrainedRecipe.make({ ...given, random: random() }, making());
  expect({ invalid, tried }).toEqual({ invalid: 0, tried: "capgd, moeva" });
  expect(examples.length).toBeGreaterThan(0);
  await using engine = await openEngine({ memoryBytes: 2 ** 28, spillFolder: making().spillFolder });
  const table = selectRows(await engine.read(creditSplit("test"), "all"), rows);
  const changed = written(table, examples);
  await using model = await openModel(net);
  const answers = await model.predict(changed);
  for (const { at, becomes, changes: own } of examples) {
    expect(answers.labels[at]).toBe(becomes);
    expect(becomes).not.toBe(labels[at]);
    for (const { column, was, becomes: now } of own) {
      expect(["age", "education"]).not.toContain(column);
      if (column === "hours-per-week") expect(now).toBeLessThan(Number(was));
      if (typeof now === "number") expect(Number.isInteger(now)).toBe(true);
    }
    const [gain, loss] = ["capital-gain", "capital-loss"].map((name) => numberAt(changed, name, at));
    expect(gain === 0 || loss === 0).toBe(true);
  }
});

const numberAt = ({ columns }: Table, name: string, row: number) => {
  const column = columns[name];
  return column?.kind === "number" ? column.values[row] : undefined;
};

/** The table with each example's changes written into it. */
function written(
  table: Table,
  examples: readonly { at: number; changes: readonly { column: string; becomes: string | number }[] }[],
): Table {
  const columns: Record<string, Table["columns"][string]> = { ...table.columns };
  for (const { at, changes } of examples)
    for (const { column: name, becomes } of changes) {
      const column = columns[name]!;
      if (column.kind === "number") columns[name] = { ...column, values: column.values.with(at, Number(becomes)) };
      else columns[name] = { ...column, codes: column.codes.with(at, column.categories.indexOf(String(becomes))) };
    }
  return { rows: table.rows, columns };
}
