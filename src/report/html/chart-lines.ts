import { type Chart, categoryAxis, custom, data, ink, label, type Series, sentinels, silent, text, valueAxis } from "./chart-parts.ts";

/** More points than these don't show. */
const mostPoints = 150;
/** More curves than these can't be told apart. */
export const mostCurves = 12;

/** How a curve is told from its neighbours: by its dashes, also in grey; colour repeats it. */
export interface CurveLook {
  readonly name: string;
  /** As a CSS value. */
  readonly colour: string;
  readonly dash: string;
}

const colours = [data, "#010106", "#010107", "#010108", "#010109", ink] as const;
const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3]] as const;
const lookOf = (at: number) => ({ colour: colours[at % colours.length] ?? data, dash: dashes[at % dashes.length] ?? [] });

interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
}

const curvesOf = ({ name, y, low, high, others = [] }: Series): Curve[] =>
  [{ name: y.name ?? name, values: y.values, low, high }, ...others].slice(0, mostCurves);

/** The curves as a legend names them; empty where there is one alone. */
export const looksOf = (series: Series): readonly CurveLook[] =>
  series.kind !== "line" || series.others === undefined || series.others.length === 0
    ? []
    : curvesOf(series).map(({ name }, at) => ({ name, colour: sentinels[lookOf(at).colour], dash: lookOf(at).dash.join(" ") }));

/** The points to draw: all of them, or evenly spread ones with the first and the last. */
export function spread(all: number, most: number): number[] {
  const many = Math.min(all, most);
  return Array.from({ length: many }, (_, at) => (many < 2 ? at : Math.round((at * (all - 1)) / (many - 1))));
}

/** Where the values stand that are drawn: their places in the series, and on the horizontal axis. */
interface Places {
  readonly at: readonly number[];
  readonly x: readonly number[];
}

export function xyChart(series: Series, marks: (places: Places) => readonly unknown[]): Chart {
  const at = spread(series.y.values.length, mostPoints);
  const numeric = series.x.values.every((value) => typeof value === "number");
  const x = at.map((each, index) => (numeric ? Number(series.x.values[each]) : index));
  const names = at.map((each) => label(String(series.x.values[each] ?? "")));
  const horizontal = numeric ? { ...valueAxis(series.x), scale: true, splitLine: { show: false } } : categoryAxis(series.x.label, names);
  const option = {
    animation: false,
    grid: { left: 52, right: 18, top: 28, bottom: 46, outerBoundsMode: "none" },
    xAxis: { ...horizontal, nameLocation: "middle", nameGap: 28 },
    yAxis: { ...valueAxis(series.y), scale: true, nameTextStyle: { ...text, align: "left", padding: [0, 0, 0, -44] } },
    series: [...referenceOf(series, { at, x }), ...marks({ at, x })],
  };
  return { width: 360, height: 230, option, drawn: at.length };
}

export const pick = (values: readonly number[], { at, x }: Places) => at.map((each, index) => [x[index] ?? 0, values[each] ?? 0]);

const dashed = { color: ink, width: 1.2, type: [4, 3], opacity: 0.75 };
const referenceOf = ({ reference }: Series, places: Places) =>
  reference === undefined ? [] : [{ ...silent, type: "line", data: pick(reference, places), showSymbol: false, lineStyle: dashed, z: 1 }];

export const lineChart = (series: Series): Chart =>
  xyChart(series, (places) => curvesOf(series).flatMap((curve, at) => curveMarks(curve, at, places)));

function curveMarks({ values, low, high }: Curve, nth: number, places: Places): unknown[] {
  const { colour, dash } = lookOf(nth);
  const lineStyle = { color: colour, width: 2.2, type: dash.length === 0 ? "solid" : [...dash] };
  const curve = { ...silent, type: "line", data: pick(values, places), showSymbol: false, lineStyle, z: 3 };
  if (low === undefined || high === undefined) return [curve];
  const edge = [...pick(high, places), ...pick(low, places).reverse()];
  const band = custom([edge[0] ?? [0, 0]], (_, api) => ({
    type: "polygon",
    shape: { points: edge.map((point) => api.coord(point)) },
    style: { fill: colour, opacity: nth === 0 ? 0.18 : 0.1 },
  }));
  return [band, curve];
}
