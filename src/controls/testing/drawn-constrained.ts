import type { Random } from "../../base/index.ts";
import type { Constrained, Example } from "../needs/evasion/constrained.ts";

/** `n` rows of two classes, each of which some change turns with this probability; `wrong` of them err from the start. */
export function drawnConstrained(random: Random, n: number, turned: number, { wrong = 0, tried = "moeva" } = {}): Constrained {
  const rows = Int32Array.from({ length: n }, (_, row) => 2 * row);
  const labels = rows.map((_, row) => row % 2);
  const examples = [...rows.keys()]
    .filter((at) => at >= wrong && random.uniform() < turned)
    .map((at): Example => ({ at, becomes: 1 - labels[at]!, changes: at % 3 === 0 ? [hours] : [hours, housing] }));
  const fell = new Set(examples.map(({ at }) => at));
  return {
    classes: ["no", "yes"],
    rows,
    labels,
    fooled: Uint8Array.from(rows.keys(), (at) => Number(at < wrong || fell.has(at))),
    wrong,
    examples,
    tried,
    queries: 200 * n,
    learned: [],
    invalid: 0,
  };
}

const hours = { column: "hours", was: 40, becomes: 45, cost: 5 };
const housing = { column: "housing", was: "rent", becomes: "own", cost: 1 };
