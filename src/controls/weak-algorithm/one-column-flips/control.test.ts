import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { commonValues, flipsRecipe } from "../../needs/flips.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { creditNet } from "../../testing/credit-net.ts";
import { drawnFlips } from "../../testing/drawn-flips.ts";
import { testControl } from "../../testing/test-control.ts";
import { oneColumnFlips } from "./control.ts";

const on = (n: number, columns: { readonly [column: string]: number }, random = seededRandom(6)) => ({
  flips: drawnFlips(random, n, columns),
  artefact: "people/test",
});

/** None of the first column's values is answered. */
const silent = ({ flips, ...rest }: ReturnType<typeof on>) => ({
  ...rest,
  flips: { ...flips, columns: flips.columns.map((each, at) => (at === 0 ? { ...each, refused: 3 } : each)) },
});

const constant = ({ flips, ...rest }: ReturnType<typeof on>) => ({
  ...rest,
  flips: { ...flips, columns: flips.columns.map((each) => ({ ...each, values: ["a"] })) },
});

testControl(oneColumnFlips, {
  met: [
    {
      called: "few answers hang on one value",
      ...on(2000, { age: 0.1, colour: 0.2 }),
      reason:
        /^another common value of one column alone turns 2\d\.\d % \(joint 95 % interval 2\d\.\d to 3\d\.\d; limit 50\.0 %\) of the answers, most of all colour \(\d\d\.\d %\) and age \(\d+\.\d %\)$/,
    },
    { called: "no answer that turns", ...on(2000, { age: 0, colour: 0 }), reason: /of the answers$/ },
    { called: "many answers, where policy allows them", ...on(2000, { age: 0.8 }), policy: { flips: 0.9 } },
  ],
  unmet: [
    { called: "one column that decides alone", ...on(2000, { age: 0.7, colour: 0 }), reason: /most of all age \(\d\d\.\d %\)$/ },
    { called: "several columns that do together", ...on(2000, { a: 0.3, b: 0.3, c: 0.3 }) },
  ],
  undecided: [
    { called: "thirty rows", ...on(30, { age: 0.4 }), reason: /too few rows to tell/ },
    { called: "no row", ...on(0, { age: 0.4 }), reason: /no row to ask about/ },
    { called: "columns of one value", ...constant(on(2000, { age: 0 })), reason: /no two common values/ },
    {
      called: "values that the model does not answer",
      ...silent(on(2000, { age: 0, colour: 0 })),
      reason: /^some values of age are not answered at all, so that nothing is known of what they turn; otherwise, another common/,
    },
  ],
  planted: {
    effect: (random) => on(1000, { age: 0.58, colour: 0 }, random),
    null: (random) => on(1000, { age: 0.5, colour: 0 }, random),
    found: 0.99,
    falseAlarms: 0.05,
  },
});

describe("answers that hang on one value", () => {
  const vector = JSON.parse(readFileSync(new URL("../../../../vectors/controls/flips.json", import.meta.url), "utf8")) as {
    readonly rows: number;
    readonly any: number;
    readonly columns: { readonly [column: string]: { readonly values: readonly (string | number)[]; readonly flipped: number } };
  };

  it("are those that onnxruntime in Python counts, column by column, on a real net", async () => {
    const seen = await flipsRecipe.make(
      {
        model: await creditNet(),
        train: creditSplit("train"),
        test: creditSplit("test"),
        columns: Object.keys(vector.columns),
        rare: 0.05,
        questions: 1e9,
        random: seededRandom(1),
      },
      making(),
    );
    expect(seen.rows.length).toBe(vector.rows);
    for (const { column, values, refused, flipped } of seen.columns) {
      expect([...values].sort(), column).toEqual(vector.columns[column]?.values.map(String).sort());
      expect(refused).toBe(0);
      expect(
        flipped.reduce((sum, each) => sum + each, 0),
        column,
      ).toBe(vector.columns[column]?.flipped);
    }
    const { measures } = await oneColumnFlips.measure({ flips: seen, artefact: "people/test" });
    expect((measures[0]?.value ?? 0) * vector.rows).toBeCloseTo(vector.any, 6);
    expect(measures[0]?.queries).toBe(vector.rows * (1 + seen.columns.reduce((sum, { values }) => sum + values.length, 0)));
  });

  it("are asked about as few rows as the questions allow, the same for the same seed", async () => {
    const inputs = {
      model: await creditNet(),
      train: creditSplit("train"),
      test: creditSplit("test"),
      columns: ["age"],
      rare: 0.05,
      questions: 600,
    };
    const asked = () => flipsRecipe.make({ ...inputs, random: seededRandom(3) }, making());
    const [first, second] = [await asked(), await asked()];
    // Eleven values and the row as it is.
    expect(first.rows.length).toBe(50);
    expect(first).toEqual(second);
  });

  it("name the columns in findings, and no row", async () => {
    const { findings } = await oneColumnFlips.measure(on(500, { age: 0.3, colour: 0 }));
    expect(findings).toEqual([
      { artefact: "people/test", column: "age", reason: expect.stringMatching(/^another value of age alone turns/) },
    ]);
  });
});

describe("common values", () => {
  it("of numbers are quantiles between the rare ends, whole where all are", () => {
    const values = Float64Array.from({ length: 1001 }, (_, at) => at);
    expect(commonValues({ kind: "number", values }, 0.05)).toEqual([50, 140, 230, 320, 410, 500, 590, 680, 770, 860, 950]);
    expect(commonValues({ kind: "number", values: values.map((each) => each / 1000) }, 0).at(-1)).toBe(1);
  });

  it("of texts are those that are not rare, the most frequent first; of an empty column none", () => {
    const codes = Int32Array.from([...Array(90).fill(1), ...Array(9).fill(0), 2, -1]);
    expect(commonValues({ kind: "text", codes, categories: ["b", "a", "c"] }, 0.05)).toEqual(["a", "b"]);
    expect(commonValues({ kind: "text", codes, categories: ["b", "a", "c"] }, 0)).toEqual(["a", "b", "c"]);
    expect(commonValues({ kind: "number", values: Float64Array.of(Number.NaN) }, 0.05)).toEqual([]);
    expect(commonValues(undefined, 0.05)).toEqual([]);
  });
});
