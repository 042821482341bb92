import { classIndex } from "../../../models/index.ts";
import type { Measure, Measured, Series } from "../../measured.ts";
import { type Grouping, missingGroup } from "../../needs/groups.ts";
import { plain } from "../pairs/seen.ts";
import { excessErrors, type Sides } from "../segments/excess.ts";

const population = "rows like those of the test split";
/** A class or group is rare when its share of the training rows lies below this part of an even share, after the four-fifths rule of 29 CFR 1607.4(D). */
export const rareBelow = 0.8;
const mostRare = 60;

export interface RareGroup {
  readonly name: string;
  /** Of the training rows that have a value. */
  readonly share: number;
  /** The group's place among those of the test split; -1 where it has no row there. */
  readonly place: number;
}

/** The rare groups of a training column, the rarest first, and where each stands in the test split. */
export function rareGroups({ groups, members }: Grouping, test: readonly string[]): RareGroup[] {
  const rows = new Float64Array(groups.length);
  for (const member of members) if (member >= 0) rows[member]! += 1;
  const known = groups.map((name, at) => ({ name, rows: rows[at]! })).filter(({ name }) => name !== missingGroup);
  const total = known.reduce((sum, each) => sum + each.rows, 0);
  const indexOf = classIndex(test);
  return known
    .map(({ name, rows: own }) => ({ name, share: own / total, place: indexOf(name) ?? -1 }))
    .filter(({ share }) => share < rareBelow / known.length)
    .toSorted((a, b) => a.share - b.share);
}

interface Rare extends Sides {
  readonly share: number;
}

/** Of one column: for each rare group, how many of its test rows are answered wrong, and of all others with a group. */
export function rareSides(column: string, rare: readonly RareGroup[], groupOf: (row: number) => number, isWrong: Uint8Array): Rare[] {
  const found = rare.map(({ name, share, place }) => ({
    of: { column, group: name },
    share,
    place,
    inside: { successes: 0, n: 0 },
    elsewhere: { successes: 0, n: 0 },
  }));
  for (let row = 0; row < isWrong.length; row++) {
    const group = groupOf(row);
    if (group < 0) continue;
    for (const each of found) {
      const side = each.place === group ? each.inside : each.elsewhere;
      side.n += 1;
      side.successes += isWrong[row]!;
    }
  }
  return found;
}

/** `excess-error` of each rare group, the most certain first; `test-rows` says of which nothing is known. */
export function measureRare(all: readonly Rare[]): Measured {
  const kept = all.slice(0, mostRare);
  const excess = excessErrors("excess-error", kept, population).toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0));
  const unknown = kept.filter(({ inside, elsewhere }) => inside.n === 0 || elsewhere.n === 0);
  return {
    measures: [
      ...excess,
      ...unknown.map(({ of, inside }): Measure => ({ name: "test-rows", value: inside.n, unit: "rows", of })),
      ...kept.map(({ of, share }): Measure => ({ name: "training-share", value: share, unit: "share", of })),
    ],
    ...(excess.length === 0 ? {} : { series: [bars(excess)] }),
  };
}

const bars = (excess: readonly Measure[]): Series => ({
  name: "error above that of other rows, of what is rare in training",
  kind: "bars",
  x: { label: "rare in training", values: excess.map(({ of = {} }) => `${plain(of.column)} ${plain(of.group)}`) },
  y: { label: "error above that of other rows", unit: "points", values: excess.map(({ value }) => value) },
  low: excess.map(({ low = 0 }) => low),
  high: excess.map(({ high = 0 }) => high),
  reference: excess.map(() => 0),
});
