import { type Count, clopperPearson, differenceOf } from "../../../tensor/index.ts";
import type { Measure } from "../../measured.ts";

/** How many of some rows are answered wrong, and of all others. */
export interface Sides {
  readonly of: NonNullable<Measure["of"]>;
  readonly inside: Count;
  readonly elsewhere: Count;
}

const confidence = 0.95;

/**
 * The error inside less that elsewhere, from exact intervals of both (Clopper and Pearson 1934) by the square-root rule of Zou and Donner (2008). Joint over all that are given
 * (Bonferroni), so that the worst may be picked. Sides without a row on one of the two have none.
 */
export function excessErrors(name: string, all: readonly Sides[], population: string): Measure[] {
  const known = all.filter(({ inside, elsewhere }) => inside.n > 0 && elsewhere.n > 0);
  const each = 1 - (1 - confidence) / Math.max(1, known.length);
  return known.flatMap(({ of, inside, elsewhere }): Measure[] => {
    const [own, rest] = [inside, elsewhere].map(({ successes, n }) => clopperPearson(successes, n, each));
    if (!own || !rest) return [];
    const { value, low, high } = differenceOf(own, rest);
    return [{ name, value, unit: "points", low, high, confidence, population, n: inside.n, baseline: 0, of }];
  });
}
