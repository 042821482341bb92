import type { Random } from "../../base/index.ts";
import type { Grouping } from "../needs/groups.ts";
import type { Predictions } from "../needs/predictions.ts";

const classes = ["no", "yes"] as const;
type Label = (typeof classes)[number];

/** Some people who are alike: their groups by column, what is true of them and what the model answers. */
export interface Alike {
  readonly of: { readonly [column: string]: string };
  readonly truth: Label;
  readonly answer: Label;
  readonly rows: number;
}

/** What a control of group fairness sees of these people; `yes` is the label that they wish for. */
export function people(all: readonly Alike[]): { answers: Predictions; groups: Grouping[]; favourable: string } {
  const rows = all.reduce((sum, alike) => sum + alike.rows, 0);
  const filled = (codeOf: (alike: Alike) => number) => {
    const values = new Int32Array(rows);
    let at = 0;
    for (const alike of all) {
      values.fill(codeOf(alike), at, at + alike.rows);
      at += alike.rows;
    }
    return values;
  };
  const columns = [...new Set(all.flatMap(({ of }) => Object.keys(of)))];
  return {
    answers: {
      rows,
      classes,
      truth: filled(({ truth }) => classes.indexOf(truth)),
      answers: filled(({ answer }) => classes.indexOf(answer)),
      probabilities: null,
    },
    groups: columns.map((column) => {
      const groups = [...new Set(all.map(({ of }) => of[column] ?? ""))];
      return { column, groups, members: filled(({ of }) => groups.indexOf(of[column] ?? "")) };
    }),
    favourable: "yes",
  };
}

/** How many of `n` have something that each has with this probability. */
export function drawn(probability: number, n: number, random: Random): number {
  let found = 0;
  for (let at = 0; at < n; at++) if (random.uniform() < probability) found++;
  return found;
}

/** Favourable answers among people of one true label, by group: `rates({ women: [810, 1000], men: [812, 1000] })`. A group without any stands in the other label alone. */
export function rates(
  by: { readonly [group: string]: readonly [favourable: number, of: number] },
  { truth = "yes" as Label, column = "sex" } = {},
): Alike[] {
  const other = truth === "yes" ? "no" : "yes";
  return Object.entries(by).flatMap(([group, [favourable, n]]): Alike[] => {
    const of = { [column]: group };
    return [
      { of, truth, answer: "yes", rows: favourable },
      { of, truth, answer: "no", rows: n - favourable },
      ...(n === 0 ? [{ of, truth: other, answer: "no", rows: 5 } as const] : []),
    ];
  });
}
