import { barChart } from "./chart-bars.ts";
import { lineChart } from "./chart-lines.ts";
import type { Chart, Series } from "./chart-parts.ts";
import { pointChart } from "./chart-points.ts";

/** Kinds drawn as a picture: one option object for each. A matrix is a table. */
export const chartOf: { readonly [K in Exclude<Series["kind"], "matrix">]: (series: Series) => Chart } = {
  line: lineChart,
  bars: barChart,
  points: pointChart,
};
