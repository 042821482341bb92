import { classIndex } from "../../../models/index.ts";
import type { Measure, Measured, Series } from "../../measured.ts";
import { type Grouping, missingGroup } from "../../needs/groups.ts";
import type { Population } from "../../needs/labels.ts";

/** What is counted: the classes of the label or the groups of sensitive columns. */
export type Counted = "class" | "group";
export const plural = (what: Counted) => (what === "class" ? "classes" : "groups");

/** The name of the measure of how many classes or groups are not listed, since there are very many. */
export const notListed = (what: Counted) => `${plural(what)}-not-listed`;

interface CountedGroup {
  readonly name: string;
  readonly rows: number;
  /** Declared share among the people that the system is for. */
  readonly declared?: number;
}

interface CountedColumn {
  readonly column: string;
  readonly groups: readonly CountedGroup[];
  /** Rows with a value. */
  readonly total: number;
  readonly missing: number;
  readonly population: "none" | "declared" | "of-other-groups";
  /** What the declared shares leave for values that they do not name. */
  readonly undeclared: number;
}

const mostGroups = 60;
const mostSeries = 50;
/** A declared share below this is none: nothing can be rarer. */
const leastShare = 1e-9;
/** Declared shares that sum to this leave nothing for others: they were rounded. */
const whole = 0.995;

/** Counts a whole split, so no number here has an interval. The rarest groups come first; of very many, the rarest alone are kept. */
export function measureBalance(what: Counted, groupings: readonly Grouping[], population: Population): Measured {
  const columns = groupings.map((grouping) =>
    counted(grouping, Object.hasOwn(population, grouping.column) ? population[grouping.column] : undefined),
  );
  return {
    measures: columns.flatMap((column) => measuresOf(what, column)),
    series: columns.slice(0, mostSeries).map((column) => bars(what, column)),
  };
}

function counted({ column, groups, members }: Grouping, shares: Population[string] | undefined): CountedColumn {
  const rows = new Float64Array(groups.length);
  for (const member of members) if (member >= 0) rows[member]! += 1;
  const all = groups.map((name, at) => ({ name, rows: rows[at]! }));
  const known = all.filter(({ name }) => name !== missingGroup);
  const total = known.reduce((sum, group) => sum + group.rows, 0);
  const base = { column, total, missing: members.length - total };
  if (shares === undefined) return { ...base, groups: rarestFirst(known), population: "none", undeclared: 1 };
  const declared = declaredGroups(known, shares);
  if (known.length > 0 && declared.every(({ rows: none }) => none === 0))
    return { ...base, groups: rarestFirst(known), population: "of-other-groups", undeclared: 1 };
  const others = known.filter(({ name }) => !declared.some((group) => group.name === name));
  const sum = Object.values(shares).reduce((so, share) => so + share, 0);
  return { ...base, groups: rarestFirst([...declared, ...others]), population: "declared", undeclared: sum >= whole ? 0 : 1 - sum };
}

/** Groups that the declaration names, with their rows: none for one that does not stand in the data. */
function declaredGroups(known: readonly CountedGroup[], shares: Population[string]): CountedGroup[] {
  const indexOf = classIndex(known.map(({ name }) => name));
  return Object.entries(shares).map(([name, declared]) => {
    const found = known[indexOf(name) ?? -1];
    return { name: found?.name ?? name, rows: found?.rows ?? 0, declared };
  });
}

const rarestFirst = (groups: readonly CountedGroup[]) => groups.toSorted((a, b) => a.rows - b.rows);

function measuresOf(what: Counted, { column, groups, total, missing, population, undeclared }: CountedColumn): Measure[] {
  const even = groups.length > 0 ? 1 / groups.length : 1;
  const listed = mostTelling(groups, total);
  const perGroup = listed.flatMap(({ name, rows, declared }): Measure[] => {
    const of = { column, [what]: name };
    const share = total > 0 ? rows / total : 0;
    return [
      { name: `${what}-rows`, value: rows, unit: "rows", n: total, of },
      { name: `${what}-share`, value: share, unit: "share", baseline: declared ?? even, n: total, of },
      ...(declared === undefined || declared < leastShare
        ? []
        : [{ name: `${what}-share-to-population`, value: share / declared, unit: "ratio", baseline: 1, n: total, of } as const]),
      ...(declared === undefined && population === "declared" && undeclared > 0
        ? [{ name: `${what}-rows-not-in-population`, value: rows, unit: "rows", of } as const]
        : []),
    ];
  });
  const [rarest, commonest] = [groups[0]?.rows ?? 0, groups.at(-1)?.rows ?? 0];
  return [
    ...perGroup,
    ...(rarest > 0
      ? [
          {
            name: "imbalance-ratio",
            value: commonest / rarest,
            unit: "ratio",
            baseline: 1,
            n: total,
            of: { column, [plural(what)]: groups.length },
          } as const,
        ]
      : []),
    ...(listed.length < groups.length
      ? [{ name: notListed(what), value: groups.length - listed.length, unit: "rows", of: { column } } as const]
      : []),
    ...(missing > 0 ? [{ name: `rows-without-${what}`, value: missing, unit: "rows", of: { column } } as const] : []),
    ...(population === "declared"
      ? []
      : [
          {
            name: population === "none" ? "rows-without-population" : "rows-of-another-population",
            value: total,
            unit: "rows",
            of: { column },
          } as const,
        ]),
  ];
}

/** The rarest by count and the rarest against their declared share. */
function mostTelling(groups: readonly CountedGroup[], total: number): CountedGroup[] {
  if (groups.length <= mostGroups) return [...groups];
  const against = ({ rows, declared = 0 }: CountedGroup) => rows / total / declared;
  const declared = groups.filter((group) => group.declared).toSorted((a, b) => against(a) - against(b));
  const kept = new Set(declared.slice(0, mostGroups / 2));
  for (const group of groups) if (kept.size < mostGroups) kept.add(group);
  return groups.filter((group) => kept.has(group));
}

function bars(what: Counted, { column, groups, total, population }: CountedColumn): Series {
  const shown = groups.slice(0, mostGroups).toReversed();
  return {
    name: `training rows by ${column}`,
    kind: "bars",
    x: { label: column, values: shown.map(({ name }) => name) },
    y: { label: "share of the training rows", values: shown.map(({ rows }) => (total > 0 ? rows / total : 0)) },
    ...reference(what, shown, groups.length, population),
  };
}

/** The declared shares where all are declared; an even share for classes without a population. */
function reference(
  what: Counted,
  shown: readonly CountedGroup[],
  all: number,
  population: CountedColumn["population"],
): { reference?: number[] } {
  const declared = shown.flatMap((group) => group.declared ?? []);
  if (population === "declared") return declared.length === shown.length ? { reference: declared } : {};
  return what === "class" ? { reference: shown.map(() => 1 / all) } : {};
}
