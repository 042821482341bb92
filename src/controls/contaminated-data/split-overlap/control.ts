import { defineControl, number } from "../../define.ts";
import type { Finding, Measure } from "../../measured.ts";
import { type Overlaps, overlaps, type Shared } from "../../needs/overlap.ts";
import { amount, shareAmounts } from "../../shared/amounts.ts";
import { count, met, percent, undecided, unmet } from "../../verdicts.ts";

const decisiveName = "rows-also-in-training";
/** From this part of the share on, the training split repeats itself about as often as it is repeated. */
const alikeFrom = 0.8;
/** Below this part of the share, most repeated rows are more than the training split's own repetitions explain. */
const copiedBelow = 0.5;

/** Claims that no larger share of evaluation or test rows than `share` also stands in the training split. */
export const splitOverlap = defineControl({
  claim: "contaminated-data/split-overlap",
  needs: { overlaps: overlaps() },
  policy: {
    share: number(
      0.01,
      "our own convention: if a model remembers these rows and no other changes, its accuracy is overstated by less than one point",
      "share",
    ),
  },

  measure: ({ overlaps: seen }) => ({
    measures: seen.splits.flatMap((split) => measuresOf(split, seen)),
    findings: seen.splits.flatMap((split) => findingsOf(split, seen)),
    findingsTotal: seen.splits.reduce((sum, { byAll, byFeatures }) => sum + (byAll ?? byFeatures), 0),
  }),

  judge({ measures }, { share }) {
    const shares = measures.filter(({ name }) => name === decisiveName).toSorted((a, b) => b.value - a.value);
    const decisive = shares.map((measure) => ({ measure, limit: share, better: "low" as const }));
    const [worst] = shares;
    if (worst === undefined) return undecided("no row was compared", { remedy: "Declare a test split that has rows." });
    const [value, rows, split] = [worst.value, worst.n ?? 0, worst.of?.split];
    const seen = `${amount(value, shareAmounts, share)} of the ${split} rows (${count(value * rows)} of ${count(rows)}) also stand in the training split, equal in ${worst.of?.by}`;
    const limit = `(limit ${amount(share, shareAmounts)})`;
    if (value <= share) return met(`${seen} ${limit}`, { decisive });
    return unmet(`${seen} ${limit}; ${chance(worst)}`, { remedy: remedyFor(worst), decisive });
  },
});

function measuresOf({ split, rows, byAll, byFeatures }: Shared, { features, training }: Overlaps): Measure[] {
  const columns = features === 1 ? "the only feature" : `all ${features} features`;
  const share = (name: string, found: number, twins: number, by: string): Measure => ({
    name,
    value: rows === 0 ? 0 : found / rows,
    unit: "share",
    n: rows,
    ...(training.rows === 0 ? {} : { baseline: twins / training.rows }),
    of: { split, by },
  });
  if (byAll === null) return [share(decisiveName, byFeatures, training.twinsByFeatures, columns)];
  return [
    share(decisiveName, byAll, training.twinsByAll ?? 0, `${columns} and the label`),
    share("features-also-in-training", byFeatures, training.twinsByFeatures, columns),
  ];
}

const findingsOf = ({ artefact, pairs }: Shared, { training }: Overlaps): Finding[] =>
  pairs.map(({ row, trainingRow }) => ({ artefact, row, reason: `equal to row ${trainingRow} of ${training.artefact}` }));

/** What the training split's own repetitions say of the shared rows. */
function likeness({ value, baseline = 0 }: Measure): "alike" | "mixed" | "copied" {
  return baseline >= alikeFrom * value ? "alike" : baseline >= copiedBelow * value ? "mixed" : "copied";
}

function chance(worst: Measure): string {
  const own = percent(worst.baseline ?? 0);
  const says = {
    alike: `the training split repeats itself as much (${own} of its rows have a twin there), so either these columns hardly tell rows apart or rows were repeated before the data were split`,
    mixed: `within the training split ${own} of rows have a twin, so some of them were copied beyond what is alike there`,
    copied: `within the training split only ${own} of rows have a twin, so most were copied and are not alike by chance`,
  };
  return says[likeness(worst)];
}

const remedyFor = (worst: Measure) =>
  likeness(worst) === "alike"
    ? "If rows were repeated before the data were split (duplicates in the source, oversampling), split first. Else keep equal rows together in one split, or drop those that stand in the training split from the others; columns that tell such rows apart help too. Then measure again: what is remembered looks like what is understood."
    : `Find how rows came into two splits (duplicates in the source, splitting after oversampling), remove them from the ${worst.of?.split} split, and measure again.`;
