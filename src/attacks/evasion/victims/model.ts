import type { Model } from "../../../models/index.ts";
import type { Points, Victim } from "../attack.ts";
import type { Space } from "../space/space.ts";

/** Nothing more is asked of the model: a budget is spent. What was found until then counts. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

/** Rows that were asked; `count` throws BudgetSpent before more than `most` would be. */
export interface Counter {
  readonly asked: () => number;
  count(rows: number): void;
}

export function counter(most = Number.POSITIVE_INFINITY): Counter {
  let asked = 0;
  return {
    asked: () => asked,
    count(rows) {
      if (asked + rows > most) throw new BudgetSpent(`${asked} of ${most} queries are spent`);
      asked += rows;
    },
  };
}

/** Keeps logarithms finite: a probability of 0 in float32 is less than this. */
const least = 1e-45;

/** Any model as a victim of attacks by scores or labels alone: points become rows of a table, as whoever calls the model would write them. */
export function modelVictim(model: Model, space: Space, classes: number, { count }: Counter = counter()): Victim {
  const predict = (points: Points) => {
    count(points.rows);
    return model.predict(space.tableOf(points));
  };
  return {
    access: "scores",
    width: space.width,
    classes,
    ...space.box,
    shape: space.shape ?? undefined,
    batch: 4096,
    labels: async (points) => (await predict(points)).labels,
    async scores(points) {
      const { probabilities } = await predict(points);
      if (probabilities === null) throw new Error("this model gives no scores");
      return Float32Array.from(probabilities, (each) => Math.log(Math.max(each, least)));
    },
  };
}
