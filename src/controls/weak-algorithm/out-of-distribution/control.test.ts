import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { ImageColumn, Table } from "../../../data/index.ts";
import { type Unlikely, unlikeRecipe } from "../../needs/unlike.ts";
import { rangesOf } from "../../shared/ranges.ts";
import { unlikeImages } from "../../shared/unlike/images.ts";
import { unlikeTables } from "../../shared/unlike/tables.ts";
import { toldApart } from "../../shared/unlike/told-apart.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { creditNet } from "../../testing/credit-net.ts";
import { testControl } from "../../testing/test-control.ts";
import { outOfDistribution } from "./control.ts";

/** Each kind by the share of its rows that are answered at least as surely as half of the test rows, and whether a tree tells them from test rows. */
type Kinds = { readonly [name: string]: { readonly sure: number; readonly isTold?: boolean } | null };

/** A model that gives most rows one and the same confidence. */
const saturated = (share: { readonly usual: number; readonly made: number }) => {
  const { unlike } = on(2000, { noise: { sure: 0.5 } });
  const given = (of: number) => Float64Array.from({ length: 2000 }, (_, row) => (row < 2000 * of ? 1 : 0.6 + row / 10_000));
  const kinds = unlike.kinds.map((kind) => ({ ...kind, confidences: given(share.made) }));
  return { unlike: { ...unlike, usual: given(share.usual), kinds } };
};

function on(n: number, kinds: Kinds, random: Random = seededRandom(4)) {
  const drawn = (make: () => number) => Float64Array.from({ length: n }, make);
  const seen: Unlikely = {
    usual: drawn(() => 0.5 + random.uniform() / 2),
    kinds: Object.entries(kinds).map(([name, kind]) => ({
      name,
      // The test rows' median is 0.75.
      confidences: kind === null ? null : drawn(() => (random.uniform() < kind.sure ? 0.75 : 0.5) + random.uniform() / 4),
      told: {
        usual: drawn(() => random.uniform() * 0.6),
        made: drawn(() => (kind?.isTold === false ? random.uniform() * 0.6 : 0.5 + random.uniform() / 2)),
      },
    })),
    questions: n * (1 + Object.keys(kinds).length),
  };
  return { unlike: seen };
}

testControl(outOfDistribution, {
  met: [
    {
      called: "a model that doubts what it does not know",
      ...on(2000, { noise: { sure: 0.1 }, "other things": { sure: 0.05 } }),
      reason:
        /^the model doubts what is unlike .* of rows with noise, \d+\.\d % \(joint 95 % interval .*; limit 25\.0 %\) are answered as surely as the surer half of test rows/,
    },
    {
      called: "a kind that nothing tells from test rows, answered surely",
      ...on(2000, { noise: { sure: 0.1 }, alike: { sure: 0.5, isTold: false } }),
    },
    { called: "a share that policy allows", ...on(2000, { noise: { sure: 0.5 } }), policy: { sure: 0.6 } },
    {
      called: "a kind that is not answered",
      ...on(2000, { noise: { sure: 0.1 }, holes: null }),
      reason: /; rows with holes are not answered at all$/,
    },
  ],
  unmet: [
    {
      called: "a model that is surer than ever",
      ...on(2000, { noise: { sure: 0.95 } }),
      reason: /^of rows with noise, 9\d\.\d % .*area of 0\.\d\d, where 0\.5 is chance and a shallow tree reaches/,
    },
    {
      called: "a model that notices nothing, of either kind",
      ...on(2000, { noise: { sure: 0.5 }, far: { sure: 0.6 } }),
      reason: /rows with noise go beyond the limit too/,
    },
  ],
  undecided: [
    { called: "forty rows", ...on(40, { noise: { sure: 0.2 } }), reason: /too few rows to tell/ },
    {
      called: "no kind that is told from test rows",
      ...on(2000, { alike: { sure: 0.5, isTold: false } }),
      reason: /no rows were made that a tree/,
    },
    {
      called: "no kind that is answered",
      ...on(2000, { holes: null }),
      reason: /no rows unlike the training data were answered; rows with holes/,
    },
    {
      called: "a model whose confidences are all 1, of test rows and of made ones",
      ...saturated({ usual: 0.9, made: 0.8 }),
      reason: /too many have the very same confidence to tell/,
      remedy: /^More rows would not decide/,
    },
    { called: "no row", ...on(0, { noise: { sure: 0.5 } }) },
  ],
  planted: {
    effect: (random) => on(1000, { noise: { sure: 0.4 } }, random),
    null: (random) => on(1000, { noise: { sure: 0.25 } }, random),
    found: 0.95,
    falseAlarms: 0.05,
  },
});

describe("rows unlike the training data", () => {
  const random = seededRandom(11);
  const rows = 4000;
  const ages = Float64Array.from({ length: rows }, () => 20 + random.integer(50));
  const table: Table = {
    rows,
    columns: {
      age: { kind: "number", values: ages },
      // Three years more, for everybody.
      later: { kind: "number", values: ages.map((age) => age + 3) },
      colour: { kind: "text", codes: Int32Array.from({ length: rows }, () => random.integer(2)), categories: ["blue", "red"] },
    },
  };
  const names = Object.keys(table.columns);
  const ranges = rangesOf(table, names);
  const made = (name: string) => unlikeTables.find((each) => each.name === name)?.make(table, ranges, 2000, seededRandom(2)) ?? table;
  const numbers = (of: Table, name: string) => {
    const column = of.columns[name];
    return column?.kind === "number" ? column.values : new Float64Array();
  };

  it("take each value from another row, so that what belongs together does not", () => {
    const mixed = made("each value from another row");
    const together = numbers(mixed, "age").filter((age, row) => numbers(mixed, "later")[row] === age + 3).length;
    expect(together / 2000).toBeCloseTo(1 / 50, 1.7);
    expect([...numbers(mixed, "age")].every((age) => ages.includes(age))).toBe(true);
  });

  it("lie anywhere in their range, whole where training is, or far outside it", () => {
    for (const age of numbers(made("values anywhere in their range"), "age")) {
      expect(age).toBeGreaterThanOrEqual(20);
      expect(age).toBeLessThanOrEqual(69);
      expect(Number.isInteger(age)).toBe(true);
    }
    for (const age of numbers(made("numbers far outside their range"), "age")) expect(age < 20 - 48 || age > 69 + 48).toBe(true);
  });

  it("are none where there is no number to carry outside", () => {
    const texts: Table = { rows, columns: { colour: table.columns.colour! } };
    const far = unlikeTables.find(({ name }) => name === "numbers far outside their range");
    expect(far?.make(texts, rangesOf(texts, ["colour"]), 10, seededRandom(1))).toBeNull();
  });

  it("are told from test rows by a tree where they are unlike, and not where they are alike", () => {
    const area = ({ usual, made: others }: ReturnType<typeof toldApart>) => {
      let above = 0;
      for (const one of others) for (const other of usual) above += one > other ? 1 : one === other ? 0.5 : 0;
      return above / others.length / usual.length;
    };
    const told = (of: Table) => area(toldApart(table, of, table, names));
    expect(told(made("numbers far outside their range"))).toBeGreaterThan(0.99);
    // Where nothing belongs together, rows with each value from another row are like any others.
    const unrelated: Table = { rows, columns: { age: table.columns.age!, colour: table.columns.colour! } };
    const alike = unlikeTables[0]?.make(unrelated, rangesOf(unrelated, ["age", "colour"]), 2000, seededRandom(2)) ?? unrelated;
    expect(area(toldApart(unrelated, alike, unrelated, ["age", "colour"]))).toBeCloseTo(0.5, 1);
  });

  it("are put to a real net, the same for the same seed; its confidences are its largest probabilities", async () => {
    const inputs = { model: await creditNet(), train: creditSplit("train"), test: creditSplit("test"), most: 300 };
    const asked = () => unlikeRecipe.make({ ...inputs, random: seededRandom(3) }, making());
    const [first, second] = [await asked(), await asked()];
    expect(first).toEqual(second);
    expect(first.kinds.map(({ name }) => name)).toEqual(unlikeTables.map(({ name }) => name));
    expect(first.questions).toBe(300 * 4);
    for (const { confidences } of first.kinds) for (const each of confidences ?? []) expect(each).toBeGreaterThanOrEqual(0.5 - 1e-6);
  });
});

describe("pictures unlike the training data", () => {
  const [height, width] = [8, 8];
  const light = Uint8Array.from({ length: 6 * height * width }, (_, at) => (at * 37) % 256);
  const each = height * width;
  const column = (values: Uint8Array): ImageColumn => ({
    height,
    width,
    channels: 1,
    range: [0, 255],
    read: async (rows) =>
      Uint8Array.from({ length: rows.length * each }, (_, at) => values[(rows[Math.floor(at / each)] ?? 0) * each + (at % each)] ?? 0),
    resized: () => column(values),
  });
  const training: Table = { rows: 6, columns: {}, images: { picture: column(light) } };
  const all = Int32Array.from({ length: 20 }, (_, at) => at);
  const made = async (name: string) => {
    const kind = unlikeImages.find((one) => one.name === name)?.make(training, new Map(), 20, seededRandom(3));
    const values = (await kind?.images?.picture?.read(all)) ?? new Uint8Array();
    return Array.from({ length: 20 }, (_, at) => [...values.subarray(at * each, (at + 1) * each)]);
  };
  const pictures = Array.from({ length: 6 }, (_, at) => [...light.subarray(at * each, (at + 1) * each)]);
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);

  it("are noise, that looks like none of them", async () => {
    const values = (await made("noise for pictures")).flat();
    expect(values.reduce((sum, value) => sum + value, 0) / values.length / 255).toBeCloseTo(0.5, 1);
  });

  it("hold the shades of a training picture in other places", async () => {
    for (const picture of await made("pictures in shuffled pieces")) {
      const origin = pictures.find((one) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(picture)));
      expect(origin).toBeDefined();
      expect(picture).not.toEqual(origin);
    }
  });

  it("are dark where a training picture is light", async () => {
    for (const picture of await made("black and white exchanged")) expect(pictures).toContainEqual(picture.map((value) => 255 - value));
  });

  it("are none where there are no pictures", () => {
    expect(unlikeImages.every(({ make }) => make({ rows: 3, columns: {} }, new Map(), 5, seededRandom(1)) === null)).toBe(true);
  });
});
