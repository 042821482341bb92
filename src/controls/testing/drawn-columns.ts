import type { Random } from "../../base/index.ts";
import type { Grouping } from "../needs/groups.ts";
import type { Predictions } from "../needs/predictions.ts";

/** `n` rows of `columns` columns of `groups` groups each, `a`, `b`, ...; a row is answered wrong with the probability that its groups give. */
export function drawnErrors(
  random: Random,
  n: number,
  errorOf: (groups: readonly number[]) => number,
  { columns = 4, groups = 4 } = {},
): { readonly answers: Predictions; readonly columns: Grouping[] } {
  const members = Array.from({ length: columns }, () => Int32Array.from({ length: n }, () => random.integer(groups)));
  const truth = Int32Array.from({ length: n }, () => random.integer(2));
  const answers = truth.map((label, row) => (random.uniform() < errorOf(members.map((each) => each[row]!)) ? 1 - label : label));
  const names = Array.from({ length: groups }, (_, at) => String.fromCharCode(97 + at));
  return {
    answers: { rows: n, classes: ["no", "yes"], truth, answers, probabilities: null },
    columns: members.map((each, at) => ({ column: `c${at}`, groups: names, members: each })),
  };
}
