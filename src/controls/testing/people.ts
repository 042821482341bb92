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
  const rows = all.flatMap((alike) => Array.from({ length: alike.rows }, () => alike));
  const columns = [...new Set(all.flatMap(({ of }) => Object.keys(of)))];
  const index = (label: Label) => classes.indexOf(label);
  return {
    answers: {
      rows: rows.length,
      classes,
      truth: Int32Array.from(rows, ({ truth }) => index(truth)),
      answers: Int32Array.from(rows, ({ answer }) => index(answer)),
      probabilities: null,
    },
    groups: columns.map((column) => {
      const groups = [...new Set(all.map(({ of }) => of[column] ?? ""))];
      return { column, groups, members: Int32Array.from(rows, ({ of }) => groups.indexOf(of[column] ?? "")) };
    }),
    favourable: "yes",
  };
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
