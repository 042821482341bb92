import { axisAmount } from "../numbers.ts";
import type { Series } from "./chart-parts.ts";
import { type Cell, type Column, longTable, numeric } from "./long-table.ts";
import { html, type Markup } from "./markup.ts";

const mostRows = 24;

/** A plot in numbers: for those who can't see it, and for those who want to go on with it. */
export function valuesTable(series: Series, whose: string): Markup {
  const { columns, rows } = series.kind === "matrix" ? matrixRows(series) : curveRows(series);
  const label = `Values of ${whose}`;
  const note = (first: number, all: number) => `The first ${first} of ${all.toLocaleString("en-GB")} values.`;
  return html`<details class="more values"><summary>Values<span class="hidden"> of ${series.name}</span></summary>${longTable({ label, columns, rows, first: mostRows, note })}</details>`;
}

interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

function curveRows({ x, y, low, high, reference, labels, others = [] }: Series): Rows {
  const across = (value: number | string): Cell => (typeof value === "string" ? value : numeric(value, (each) => axisAmount(each, x.unit)));
  const number = (value: number | undefined) => numeric(value, (each) => axisAmount(each, y.unit));
  const bounds = (of: string) => [{ title: `${of} low`.trim() }, { title: `${of} high`.trim() }];
  return {
    columns: [
      { title: x.label || "x" },
      { title: "name", words: true },
      { title: y.name ?? (y.label || "y") },
      { title: "low" },
      { title: "high" },
      { title: "reference" },
      ...others.flatMap(({ name }) => [{ title: name }, ...bounds(name)]),
    ],
    rows: x.values.map((value, at) => [
      across(value),
      labels === undefined ? null : `${at + 1}: ${labels[at] ?? ""}`,
      number(y.values[at]),
      number(low?.[at]),
      number(high?.[at]),
      number(reference?.[at]),
      ...others.flatMap((curve) => [number(curve.values[at]), number(curve.low?.[at]), number(curve.high?.[at])]),
    ]),
  };
}

function matrixRows({ x, y, low, high, rows: down }: Series): Rows {
  const names = down?.values ?? [];
  const number = (value: number | undefined) => numeric(value, (each) => axisAmount(each, y.unit));
  return {
    columns: [
      { title: down?.label || "row" },
      { title: x.label || "column", words: true },
      { title: y.label || "value" },
      { title: "low" },
      { title: "high" },
    ],
    rows: names.flatMap((name, row) =>
      x.values.map((column, at) => {
        const place = row * x.values.length + at;
        return [name, String(column), number(y.values[place]), number(low?.[place]), number(high?.[place])];
      }),
    ),
  };
}
