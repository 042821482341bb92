import { expect, test } from "vitest";
import { problemsOf } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import { bindModel, type DeclaredBinding, type ModelFacts, type Port } from "./index.ts";

const port = (name: string, width: number | null = 1, type: Port["type"] = "float32"): Port => ({ name, type, shape: [null, width] });

const facts = (inputs: readonly Port[], more: Partial<ModelFacts> = {}): ModelFacts => ({
  bytes: 1,
  externalFiles: [],
  irVersion: 8,
  opsets: { "ai.onnx": 17 },
  producer: "",
  nodes: 1,
  parameters: 1,
  inputs,
  outputs: [port("label", 1, "int64"), port("scores", 2), port("embedding", 8), { ...port("odd"), type: "other" }],
  classes: ["0", "1"],
  labelOutput: "label",
  scoreOutput: "scores",
  scores: "probabilities",
  scoreCount: 2,
  ...more,
});

const number = (name: string, more: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name,
  kind: "number",
  missing: 0,
  distinct: 50,
  integer: false,
  min: 0,
  max: 1,
  ...more,
});
const text = (name: string, ...texts: string[]): ColumnFacts => ({
  name,
  kind: "text",
  missing: 0,
  distinct: texts.length,
  values: texts.map((value) => ({ value, rows: 1 })),
});
const decision = text("decision", "no", "yes");
const target = number("target", { distinct: 2, integer: true });

const numbers = (count: number) => Array.from({ length: count }, (_, index) => number(`n${index}`));

const declared = (columns: readonly ColumnFacts[], more: Partial<DeclaredBinding> = {}): DeclaredBinding => ({
  model: "credit",
  dataset: "applicants",
  columns,
  label: "target",
  ...more,
});

const bind = (modelFacts: ModelFacts, declaration: DeclaredBinding) =>
  bindModel({ path: "/p/m.onnx", root: "/p", facts: modelFacts }, declaration, (path) => ({ file: "sextant.yaml", at: path.join(".") }));

function problems(modelFacts: ModelFacts, declaration: DeclaredBinding) {
  try {
    bind(modelFacts, declaration);
  } catch (error) {
    return problemsOf(error);
  }
  return [];
}

test("an input per column is filled by name, whatever the case and punctuation", () => {
  const made = bind(facts([port("age"), port("hours_per_week")]), declared([number("Hours-Per-Week"), number("age"), target]));
  expect(made.inputs).toEqual([
    { input: "age", columns: ["age"] },
    { input: "hours_per_week", columns: ["Hours-Per-Week"] },
  ]);
});

test("two columns that differ in punctuation alone are not guessed between", () => {
  const [problem] = problems(facts([port("ab"), port("c")]), declared([number("a-b"), number("a_b"), number("c"), target]));
  expect(problem?.message).toMatch(/has an input “ab”; dataset “applicants” has no column of that name/);
});

test("a single input of k numbers is filled by all k columns but the label and the unused, in the file's order", () => {
  const made = bind(facts([port("X", 3)]), declared([number("b"), target, number("a"), number("id"), number("c")], { unused: ["id"] }));
  expect(made.inputs).toEqual([{ input: "X", columns: ["b", "a", "c"] }]);
});

test("declared inputs and features come before names", () => {
  expect(bind(facts([port("X", 2)]), declared([...numbers(3), target], { features: ["n2", "n0"] })).inputs[0]?.columns).toEqual([
    "n2",
    "n0",
  ]);
  expect(bind(facts([port("X", 2), port("n0")]), declared([...numbers(3), target], { inputs: { X: ["n2", "n1"] } })).inputs).toEqual([
    { input: "X", columns: ["n2", "n1"] },
    { input: "n0", columns: ["n0"] },
  ]);
});

test("one text column too many is told with what each encoding would give", () => {
  const [problem, ...others] = problems(facts([port("X", 54)]), declared([...numbers(53), text("housing", "own", "rent", "free"), target]));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: "MODEL_INPUT_MISMATCH", place: { file: "sextant.yaml", at: "inputs.X" } });
  expect(problem?.message).toBe(
    "model “credit” takes 54 numbers; dataset “applicants” gives 53, and column “housing” (“own”, “rent”, “free”) is text",
  );
  expect(problem?.remedy).toMatch(
    /One-hot encoding “housing” gives 56, an ordinal code gives 54: say which \(`encode: \{ "housing": ordinal \}`\)/,
  );
});

test("a date is called one, and how to leave it out is told with what that gives", () => {
  const date = (name: string): ColumnFacts => ({ ...text(name, "2026-01-01", "2026-01-02"), kind: "date" });
  const [alone] = problems(facts([port("X", 3)]), declared([date("ts"), ...numbers(3), target]));
  expect(alone?.message).toMatch(/column “ts” \(“2026-01-01”, “2026-01-02”\) is a date$/);
  expect(alone?.remedy).toMatch(/`unused: \[ts\]`, which leaves 3, as many as it takes\.$/);
  expect(alone?.remedy).not.toMatch(/encod/);
  const [both] = problems(facts([port("X", 4)]), declared([date("the day"), ...numbers(3), text("job", "a", "b"), target]));
  expect(both?.message).toMatch(/column “job” \(“a”, “b”\) and 1 more are text or dates$/);
  expect(both?.remedy).toMatch(/One-hot encoding “job” gives 5, an ordinal code gives 4: .*`unused: \["the day"\]`\.$/);
});

test("a column that another input takes, the label and the unused are never proposed for an input", () => {
  const columns = [number("age"), number("agent"), number("aged"), target];
  const inputs = [port("age"), port("ages")];
  const remedies = (more: Partial<DeclaredBinding>) => problems(facts(inputs), declared(columns, more)).map(({ remedy }) => remedy);
  expect(remedies({})).toEqual(['Say which column fills it: `inputs: { "ages": "aged" }`.']);
  expect(remedies({ unused: ["aged"] })).toEqual(['Say which column fills it: `inputs: { "ages": "agent" }`.']);
  expect(remedies({ unused: ["aged", "agent"] })[0]).toMatch(/No column is left/);
  expect(remedies({ inputs: { age: "aged", ages: "agex" } })[0]).toMatch(/Did you mean “age”\? There is “age”, “agent”\./);
});

test("encodings are spelt out in sorted order, as they were most likely made", () => {
  const columns = [...numbers(1), text("housing", "own", "rent", "free"), target];
  expect(bind(facts([port("X", 2)]), declared(columns, { encode: { housing: "ordinal" } })).encode).toEqual({
    housing: { free: 0, own: 1, rent: 2 },
  });
  expect(bind(facts([port("X", 4)]), declared(columns, { encode: { housing: "one-hot" } })).oneHot).toEqual({
    housing: ["free", "own", "rent"],
  });
});

test.each<readonly [string, ModelFacts, DeclaredBinding, string, RegExp]>([
  [
    "too few numbers",
    facts([port("X", 5)]),
    declared([...numbers(4), target]),
    "inputs.X",
    /takes 5 numbers; dataset “applicants” gives 4/,
  ],
  [
    "an input that the model has not",
    facts([port("age")]),
    declared([number("age"), target], { inputs: { agee: "age" } }),
    "inputs.agee",
    /no input “agee”/,
  ],
  [
    "a column that the dataset has not",
    facts([port("age")]),
    declared([number("age"), target], { inputs: { age: "agee" } }),
    "inputs.age",
    /no column “agee”/,
  ],
  [
    "a feature that the dataset has not",
    facts([port("X", 1)]),
    declared([number("age"), target], { features: ["agee"] }),
    "features",
    /no column “agee”/,
  ],
  [
    "text where a number is needed",
    facts([port("age"), port("b")]),
    declared([text("age", "old", "young"), number("b"), target]),
    "inputs.age",
    /takes 1 number in “age”|takes 1 number;/,
  ],
  [
    "fractions where whole numbers are needed",
    facts([port("age", 1, "int64"), port("b")]),
    declared([number("age"), number("b"), target]),
    "inputs.age",
    /whole numbers; column “age” holds fractions/,
  ],
  [
    "gaps where whole numbers are needed",
    facts([port("age", 1, "int64"), port("b")]),
    declared([number("age", { integer: true, missing: 3 }), number("b"), target]),
    "inputs.age",
    /empty in 3 rows/,
  ],
  [
    "fractions where texts are needed",
    facts([port("age", 1, "string"), port("b")]),
    declared([number("age"), number("b"), target]),
    "inputs.age",
    /takes texts; column “age” holds fractions/,
  ],
  [
    "an image",
    facts([{ name: "X", type: "float32", shape: [null, 3, 224, 224] }]),
    declared([...numbers(3), target]),
    "inputs.X",
    /takes 150528 numbers \(\[3, 224, 224\]\); dataset “applicants” gives 3/,
  ],
  [
    "complex numbers",
    facts([{ ...port("X", 2, "other"), other: "complex64" }]),
    declared([...numbers(2), target]),
    "inputs.X",
    /of type complex64/,
  ],
  [
    "a sequence of tensors",
    facts([{ ...port("X", 2, "other"), other: "sequence" }]),
    declared([...numbers(2), target]),
    "inputs.X",
    /takes a sequence in “X” \(a list of tensors of any length\), and a row of a table fills one tensor/,
  ],
  [
    "steps before rows",
    facts([{ name: "X", type: "float32", shape: [20, null, 3] }]),
    declared([...numbers(60), target]),
    "inputs.X",
    /exactly 20 rows at a time in “X”, or its steps come before its rows \(time-major\): the shape is \[20, \?, 3\]/,
  ],
  [
    "a first dimension that the answers do not have",
    facts([{ name: "X", type: "float32", shape: [20, null, 1] }]),
    declared([...numbers(20), target]),
    "inputs.X",
    /exactly 20 rows at a time/,
  ],
  [
    "a shape that two open dimensions leave unknown",
    facts([{ name: "X", type: "float32", shape: [null, null, null] }]),
    declared([...numbers(6), target]),
    "inputs.X",
    /leaves its shape \[\?, \?\] open, and 6 values for each row do not tell it/,
  ],
  [
    "a declared shape of other columns",
    facts([{ name: "X", type: "float32", shape: [null, null, null] }]),
    declared([...numbers(6), target], { shapes: { X: [2, 4] } }),
    "shapes.X",
    /\[2, 4\], 8 values for each row; 6 are given/,
  ],
  [
    "a declared shape that the file contradicts",
    facts([{ name: "X", type: "float32", shape: [null, 3, null] }]),
    declared([...numbers(6), target], { shapes: { X: [2, 3] } }),
    "shapes.X",
    /is of shape \[3, \?\] for each row, not \[2, 3\]/,
  ],
  [
    "a declared shape of no input",
    facts([port("X", 1)]),
    declared([number("h"), target], { shapes: { Y: [1] } }),
    "shapes.Y",
    /no input “Y”/,
  ],
  [
    "what a regression predicts",
    facts([port("X", 1)], { scores: "amounts" }),
    declared([number("h"), target]),
    "output",
    /an amount, not a score of a class/,
  ],
  [
    "a fixed number of rows",
    facts([{ name: "X", type: "float32", shape: [8, 2] }]),
    declared([...numbers(2), target]),
    "inputs.X",
    /exactly 8 rows/,
  ],
  [
    "a text without a code",
    facts([port("X", 1)]),
    declared([text("h", "a", "b"), target], { encode: { h: { a: 1 } } }),
    "encode.h",
    /holds “b”, without a code/,
  ],
  [
    "an encoding of numbers",
    facts([port("X", 1)]),
    declared([number("h"), target], { encode: { h: "ordinal" } }),
    "encode.h",
    /holds numbers/,
  ],
  [
    "an encoding of no column",
    facts([port("X", 1)]),
    declared([number("h"), target], { encode: { g: "ordinal" } }),
    "encode.g",
    /no column “g”/,
  ],
  [
    "too many texts to guess an order",
    facts([port("X", 1)]),
    declared([{ ...text("h", "a", "b"), distinct: 900 }, target], { encode: { h: "ordinal" } }),
    "encode.h",
    /900 different texts/,
  ],
  [
    "scores from no output",
    facts([port("X", 1)]),
    declared([number("h"), target], { output: { scores: "proba" } }),
    "output.scores",
    /no output “proba”/,
  ],
  [
    "labels from an output of fractions",
    facts([port("X", 1)]),
    declared([number("h"), target], { output: { labels: "scores" } }),
    "output.labels",
    /cannot hold labels/,
  ],
  [
    "no known output",
    facts([port("X", 1)], { scoreOutput: null, labelOutput: null }),
    declared([number("h"), target]),
    "output",
    /is not clear/,
  ],
  [
    "labels that the model does not know",
    facts([port("X", 1)]),
    declared([number("h"), decision], { label: "decision" }),
    "classes",
    /holds “no”, “yes”; the classes of model “credit” are “0”, “1”/,
  ],
  [
    "too many classes",
    facts([port("X", 1)]),
    declared([number("h"), target], { classes: ["0", "1", "2"] }),
    "classes",
    /3 classes are declared; model “credit” answers 2/,
  ],
  ["one class twice", facts([port("X", 1)]), declared([number("h"), target], { classes: ["1", "true"] }), "classes", /same label/],
  [
    "classes in another order than the file's",
    facts([port("X", 1)]),
    declared([number("h"), target], { classes: ["1", "0"] }),
    "classes",
    /contradicts the model's file/,
  ],
  [
    "classes that nobody names",
    facts([port("X", 1)], { classes: null }),
    declared([number("h"), decision], { label: "decision" }),
    "classes",
    /does not say what its 2 classes are called/,
  ],
])("%s is told where it is declared", (_, modelFacts, declaration, at, says) => {
  expect(problems(modelFacts, declaration).map(({ message, place }) => [place.at, message])).toContainEqual([
    at,
    expect.stringMatching(says),
  ]);
});

test.each<readonly [readonly (number | null)[], readonly number[] | undefined, readonly number[] | undefined]>([
  [[null, 6], undefined, undefined],
  [[null, 1, 2, 3], undefined, [1, 2, 3]],
  [[null, null, 3], undefined, [2, 3]],
  [
    [null, null, null],
    [3, 2],
    [3, 2],
  ],
  [[], [2, 3], [2, 3]],
])("six columns fill an input of shape %j, declared %j, as %j", (shape, stated, expected) => {
  const shapes = stated === undefined ? undefined : { X: stated };
  const { inputs } = bind(facts([{ name: "X", type: "float32", shape }]), declared([...numbers(6), target], { shapes }));
  expect(inputs[0]?.shape).toEqual(expected);
});

test("all that does not fit is told at once", () => {
  const found = problems(
    facts([port("a"), port("b")], { classes: null, scoreOutput: null, labelOutput: null }),
    declared([text("c", "x"), decision], { label: "decision", encode: { d: "ordinal" } }),
  );
  expect(found.map(({ place }) => place.at).sort()).toEqual(["classes", "encode.d", "inputs", "inputs", "output"]);
});

test("classes of the file are called as the label column writes them", () => {
  const flag: ColumnFacts = { ...text("target", "true", "false"), kind: "boolean" };
  expect(bind(facts([port("X", 1)]), declared([number("h"), flag]))).toMatchObject({ classes: ["false", "true"], answers: ["0", "1"] });
  expect(bind(facts([port("X", 1)]), declared([number("h"), text("target", "1.0", "0.0")]))).toMatchObject({
    classes: ["0.0", "1.0"],
    answers: ["0", "1"],
  });
});

test("declared classes name the file's in the order of its scores", () => {
  expect(bind(facts([port("X", 1)]), declared([number("h"), decision], { label: "decision", classes: ["no", "yes"] }))).toMatchObject({
    classes: ["no", "yes"],
    answers: ["0", "1"],
  });
});

test("a file without class names and a label that counts up from 0 agree by counting", () => {
  const three = number("target", { distinct: 3, integer: true, max: 2 });
  expect(bind(facts([port("X", 1)], { classes: null, scoreCount: 3 }), declared([number("h"), three])).classes).toEqual(["0", "1", "2"]);
  expect(problems(facts([port("X", 1)], { classes: null, scoreCount: 4 }), declared([number("h"), three]))).toHaveLength(1);
});

test("columns called as properties of every object are columns like others", () => {
  const odd = ["constructor", "__proto__", "toString"].map((name) => number(name));
  const names = ["constructor", "__proto__", "toString"];
  expect(bind(facts(names.map((name) => port(name))), declared([...odd, target])).inputs.map(({ columns }) => columns[0])).toEqual(names);
});

test("another output may be declared to hold the scores, and its width is the number of classes", () => {
  const classes = Array.from({ length: 8 }, (_, index) => String(index));
  const eight = number("target", { distinct: 8, integer: true, max: 7 });
  const made = bind(
    facts([port("X", 1)], { classes: null, scores: "logits" }),
    declared([number("h"), eight], { classes, output: { scores: "embedding" } }),
  );
  expect(made).toMatchObject({ scoreOutput: "embedding", scores: "probabilities", classes });
});

test("declared kind of scores comes before what the file tells", () => {
  expect(bind(facts([port("X", 1)]), declared([number("h"), target], { output: { kind: "logits" } })).scores).toBe("logits");
});
