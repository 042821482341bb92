import type { Random } from "../../../base/index.ts";
import { discoveryRates, fisherGreater } from "../../../tensor/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Finding, Measure, Measured } from "../../measured.ts";
import { columnGroups, type Grouping } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { artefactOf } from "../../needs/splits.ts";
import { pointAmounts } from "../../shared/amounts.ts";
import { plain } from "../../shared/pairs/seen.ts";
import { excessErrors, type Sides } from "../../shared/segments/excess.ts";
import { isIn, type Segment, weakest } from "../../shared/segments/search.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { count, met, percent, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
/** Of each half: among fewer rows than 96 an error is known no better than within ten points either way. */
const least = 100;
/** Segments taken over to the other half. The more there are, the wider each interval. */
const most = 10;
/** More rows find nothing that these would not. */
const mostSearched = 200_000;
const falseDiscoveries = 0.05;

/** Claims that no segment that looked weak on one half of the test split proves, on the other half, to be wrong more often than other rows by more than `excess`. */
export const weakSegments = defineControl({
  claim: "weak-algorithm/weak-segments",
  needs: {
    answers: predictions({ split: "test" }),
    columns: columnGroups({ split: "test" }),
    artefact: artefactOf({ split: "test" }),
    random: randomness("weak-algorithm/weak-segments"),
    depth: effort({ quick: 2, standard: 2, thorough: 3 }),
    beam: effort({ quick: 200, standard: 500, thorough: 1000 }),
  },
  policy: {
    excess: number(0.1, "our own convention: of a hundred answers in the segment, ten more are wrong than elsewhere", "points"),
  },

  measure({ answers, columns, artefact, random, depth, beam }) {
    const [first, second] = halves(answers.truth, random);
    const isWrong = Uint8Array.from(answers.truth, (truth, row) => (truth === answers.answers[row] ? 0 : 1));
    const { segments, searched } = weakest(columns, first.subarray(0, mostSearched), isWrong, { depth, beam, least, most });
    const seen = segments.map((segment) => confirmed(segment, columns, second, isWrong));
    return measuredOf(seen, { searched, rows: first.length + second.length, artefact });
  },

  judge({ measures }, { excess: limit }) {
    const segments = measures.filter(({ name }) => name === "excess-error");
    const { value: searched = 0, n = 0 } = measures.find(({ name }) => name === "segments-searched") ?? {};
    const half = Math.floor(n / 2);
    if (searched === 0) {
      return undecided(`no column cuts ${count(half)} rows, half of the test split, into segments of at least ${least}`, {
        remedy: `Test on more rows, at least ${count(Math.max(4 * least, 2 * n))} with a label, and on columns that differ among them.`,
      });
    }
    const [worst] = segments;
    const looked = `of ${count(searched)} segments of at least ${least} rows`;
    if (worst === undefined) return met(`${looked}, none stood out on one half of the test split`);
    const furthest = segments.toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0));
    const decisive = furthest.slice(0, 8).map((measure) => ({ measure, limit, better: "low" as const }));
    const proven = furthest.filter((segment) => sideOf(segment, limit, "low") === "bad");
    const [weak] = proven;
    if (weak !== undefined) {
      const more =
        proven.length > 1 ? `; ${proven.length - 1} more of the segments found lie${proven.length === 2 ? "s" : ""} beyond the limit` : "";
      return unmet(`${says(weak, limit)}${more}`, { remedy: remedyFor(weak), decisive });
    }
    const open = segments.filter((segment) => sideOf(segment, limit, "low") === "both").toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    const [widest] = open;
    if (widest !== undefined) {
      const rest = open.length > 1 ? `, as for ${open.length - 1} more of the segments found` : "";
      const remedy = moreRows({ ...widest, n }, limit);
      return undecided(`${says(widest, limit)}: too few rows to tell${rest}`, { remedy, decisive });
    }
    const [highest] = segments.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0));
    const others = `${looked}, the ${segments.length} that looked weakest on one half of the test split hold up on the other`;
    return met(highest === undefined ? others : `${others}: at worst, ${says(highest, limit)}`, { decisive });
  },
});

/** Rows with a label, at random: one half to look in, the other to confirm on. */
function halves(truth: Int32Array, random: Random): [Int32Array, Int32Array] {
  const rows = random.shuffle(Int32Array.from(truth.keys()).filter((row) => truth[row]! >= 0));
  const middle = rows.length >> 1;
  return [rows.subarray(0, middle), rows.subarray(middle)];
}

function confirmed(segment: Segment, columns: readonly Grouping[], rows: Int32Array, isWrong: Uint8Array): Sides {
  const inside = { successes: 0, n: 0 };
  const elsewhere = { successes: 0, n: 0 };
  for (const row of rows) {
    const side = isIn(segment, columns, row) ? inside : elsewhere;
    side.n += 1;
    side.successes += isWrong[row]!;
  }
  const named = segment.conditions.map(({ column, group }) => [columns[column]?.column ?? "", columns[column]?.groups[group] ?? ""]);
  return { of: Object.fromEntries(named), inside, elsewhere };
}

interface Search {
  readonly searched: number;
  readonly rows: number;
  readonly artefact: string;
}

function measuredOf(seen: readonly Sides[], { searched, rows, artefact }: Search): Measured {
  const segments = excessErrors("excess-error", seen, population).toSorted((a, b) => b.value - a.value);
  return {
    measures: [...segments, { name: "segments-searched", value: searched, unit: "rows", n: rows }],
    findings: discovered(seen, artefact),
    ...(segments.length === 0 ? {} : { series: [bars(segments)] }),
  };
}

/** Segments that are weaker than other rows at all: at most one in twenty of such lists holds a false one. */
function discovered(seen: readonly Sides[], artefact: string): Finding[] {
  const rates = discoveryRates(seen.map(({ inside, elsewhere }) => fisherGreater(inside, elsewhere)));
  const surest = seen.map((each, at) => ({ ...each, rate: rates[at] ?? 1 })).sort((a, b) => a.rate - b.rate);
  return surest.flatMap(({ of, inside, elsewhere, rate }): Finding[] => {
    if (rate > falseDiscoveries) return [];
    const [column, ...others] = Object.keys(of);
    const reason = `${inWords(of)}: ${percent(inside.successes / inside.n)} of ${count(inside.n)} answers are wrong, ${percent(elsewhere.successes / elsewhere.n)} elsewhere`;
    return [
      { artefact, place: inWords(of), probability: 1 - rate, reason, ...(others.length > 0 || column === undefined ? {} : { column }) },
    ];
  });
}

const bars = (segments: readonly Measure[]) => ({
  name: "excess error of segments found on one half, on the other half",
  kind: "bars" as const,
  x: { label: "segment", values: segments.map(({ of = {} }) => inWords(of)) },
  y: { label: "error above that of other rows", unit: "points" as const, values: segments.map(({ value }) => value) },
  low: segments.map(({ low = 0 }) => low),
  high: segments.map(({ high = 0 }) => high),
  reference: segments.map(() => 0),
});

/** `age 17 to 28 and education HS-grad`. */
const inWords = (of: NonNullable<Measure["of"]>) =>
  Object.entries(of)
    .map(([column, group]) => `${plain(column)} ${plain(group)}`)
    .join(" and ");

const says = (segment: Measure, limit: number) =>
  `where ${inWords(segment.of ?? {})}, errors are ${segment.value < 0 ? "no more frequent than elsewhere: they differ" : "more frequent than elsewhere"} by ${besideLimit(segment, limit, pointAmounts, { joint: "joint" })}`;

const remedyFor = ({ of = {} }: Measure) =>
  `Look at the rows where ${inWords(of)}: gather more of them or better features for them, train again, or do not let the model answer there alone. Where the label itself is harder to tell there, say so to those who rely on the answers.`;
