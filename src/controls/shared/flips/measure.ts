import { clopperPearson } from "../../../tensor/index.ts";
import type { Finding, Measure, Measured, Series } from "../../measured.ts";
import type { Flips } from "../../needs/flips.ts";
import { count, percent } from "../../verdicts.ts";
import { plain } from "../pairs/seen.ts";

const population = "rows like those of the test split";
const confidence = 0.95;
const mostColumns = 40;
const mostFindings = 10;

/**
 * `flipped`: the share of rows whose answer some change of one column alone turns, with its exact interval (Clopper and Pearson 1934); `flipped-by-column`: of each column alone, the
 * most telling first, with intervals that hold together with the first (Bonferroni).
 */
export function measureFlips({ rows, columns, questions }: Flips, artefact: string): Measured {
  const n = rows.length;
  const share = (flipped: Uint8Array) => flipped.reduce((sum, each) => sum + each, 0);
  const any = new Uint8Array(n).map((_, row) => (columns.some(({ flipped }) => flipped[row] === 1) ? 1 : 0));
  const each = 1 - (1 - confidence) / (columns.length + 1);
  const measured = (name: Measure["name"], flipped: number, of?: Measure["of"]): Measure[] => {
    const found = clopperPearson(flipped, n, each);
    if (found === null) return [];
    const { value, low, high } = found;
    return [
      {
        name,
        value,
        unit: "share",
        low,
        high,
        confidence,
        population,
        n,
        baseline: 0,
        queries: questions,
        ...(of === undefined ? {} : { of }),
      },
    ];
  };
  const byColumn = columns
    .flatMap(({ column, values, flipped }) => measured("flipped-by-column", share(flipped), { column, values: values.length }))
    .toSorted((a, b) => b.value - a.value);
  return {
    measures: [
      ...measured("flipped", share(any), { columns: columns.length }),
      ...byColumn.slice(0, mostColumns),
      ...columns.flatMap(refusedOf),
    ],
    findings: byColumn
      .filter(({ value }) => value > 0)
      .slice(0, mostFindings)
      .map((measure) => finding(measure, artefact)),
    series: byColumn.length === 0 ? [] : [bars(byColumn.slice(0, mostColumns))],
  };
}

const refusedOf = ({ column, refused }: Flips["columns"][number]): Measure[] =>
  refused === 0 ? [] : [{ name: "values-refused", value: refused, unit: "rows", of: { column } }];

function finding({ of = {}, value, n = 0 }: Measure, artefact: string): Finding {
  const column = String(of.column);
  const reason = `another value of ${plain(column)} alone turns ${percent(value)} of ${count(n)} answers`;
  return { artefact, column, reason };
}

const bars = (byColumn: readonly Measure[]): Series => ({
  name: "answers that one column alone turns",
  kind: "bars",
  x: { label: "column", values: byColumn.map(({ of = {} }) => plain(of.column)) },
  y: { label: "share of answers turned", unit: "share", values: byColumn.map(({ value }) => value) },
  low: byColumn.map(({ low = 0 }) => low),
  high: byColumn.map(({ high = 1 }) => high),
});
