import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { openEngine, selectRows } from "../../../data/index.ts";
import { columnsOf, openModel } from "../../../models/index.ts";
import { isMissing } from "../../define.ts";
import { flipsRecipe } from "../../needs/flips.ts";
import { creditSplit, making } from "../../testing/contamination-vector.ts";
import { creditNet } from "../../testing/credit-net.ts";
import { drawnFlips } from "../../testing/drawn-flips.ts";
import { testControl } from "../../testing/test-control.ts";
import { counterfactualFlips } from "./control.ts";

const on = (n: number, columns: { readonly [column: string]: number }, random = seededRandom(6)) => ({
  flips: drawnFlips(random, n, columns),
  artefact: "people/test",
});

testControl(counterfactualFlips, {
  met: [
    {
      called: "a sensitive column that turns no answer",
      ...on(2000, { sex: 0 }),
      reason:
        /^nothing but another value of a sensitive column turns 0\.0 % \(joint 95 % interval 0\.0 to 0\.2; limit 1\.0 %\) of the answers$/,
    },
    { called: "some answers, where policy allows them", ...on(2000, { sex: 0.03 }), policy: { flips: 0.06 } },
  ],
  unmet: [
    { called: "one answer in ten for sex alone", ...on(2000, { sex: 0.1, race: 0 }), reason: /most of all sex \(\d+\.\d %\)$/ },
    { called: "two columns, each of which turns some", ...on(4000, { sex: 0.015, race: 0.02 }), reason: /sex .* and race/ },
  ],
  undecided: [
    { called: "fifty rows, of which none turns", ...on(50, { sex: 0 }), reason: /too few rows to tell/ },
    { called: "no row", ...on(0, { sex: 0 }), reason: /no row/ },
  ],
  inapplicable: [{ called: "a model that takes no sensitive column", ...on(500, {}), reason: /takes no sensitive column/ }],
  planted: {
    effect: (random) => on(2000, { sex: 0.03, race: 0 }, random),
    null: (random) => on(2000, { sex: 0.01, race: 0 }, random),
    found: 0.99,
    falseAlarms: 0.05,
  },
});

describe("counterfactual flips", () => {
  it("counts a row whose answer any seen value of the column turns: brute force, row by row, on a real net", async () => {
    const model = await creditNet();
    const inputs = { model, train: creditSplit("train"), test: creditSplit("test"), rare: 0, random: seededRandom(1) };
    const { rows, columns, answers } = await flipsRecipe.make({ ...inputs, columns: ["relationship"], questions: 700 }, making());
    expect(rows.length).toBe(100);
    await using engine = await openEngine({ memoryBytes: 2 ** 28, spillFolder: making().spillFolder });
    const table = await engine.read(creditSplit("test"), columnsOf(model));
    await using net = await openModel(model);
    for (const [at, row] of rows.entries()) {
      const own = selectRows(table, Int32Array.of(row));
      const texts = own.columns.relationship?.kind === "text" ? own.columns.relationship.categories : [];
      const each = await Promise.all(
        texts.map((_, code) => {
          const codes = Int32Array.of(code);
          return net.predict({ ...own, columns: { ...own.columns, relationship: { kind: "text", categories: texts, codes } } });
        }),
      );
      expect(texts.length).toBe(6);
      expect(columns[0]?.flipped[at]).toBe(each.some(({ labels }) => labels[0] !== answers[at]) ? 1 : 0);
    }
    expect(columns[0]?.flipped.includes(1)).toBe(true);
  });

  it("asks for sensitive columns where none is declared", () => {
    const declaration = { version: 1 as const, system: { name: "empty" } };
    const planned = counterfactualFlips.needs.flips.plan({ system: { declaration, root: "/", datasets: [], models: [] }, budget: "quick" });
    expect(isMissing(planned)).toBe(true);
  });
});
