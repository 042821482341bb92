import type { Result } from "../../assess/index.ts";
import { shown } from "./markup.ts";

export type Series = Result["series"][number];

/** Stand-ins for the page's colours: charts are drawn once, and follow light and dark because these become CSS variables. */
export const sentinels = {
  "#010101": "var(--soft)",
  "#010102": "var(--line)",
  "#010103": "var(--data)",
  "#010104": "var(--ink)",
} as const;
const [soft, line, data, ink] = ["#010101", "#010102", "#010103", "#010104"];

/** More points than these don't show. */
const mostPoints = 150;
const mostBars = 24;
const fontSize = 12;

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly option: Record<string, unknown>;
  /** How many of the values are drawn. */
  readonly drawn: number;
}

/** One option object for each kind of series. */
export const chartOf: { readonly [K in Series["kind"]]: (series: Series) => Chart } = {
  line: lineChart,
  bars: barChart,
  points: pointChart,
};

const text = { color: soft, fontSize, fontFamily: "sans-serif" };
const silent = { silent: true, animation: false, clip: false };
const compact = (value: number) => Number(value.toPrecision(3)).toString();

const axisBase = {
  nameTextStyle: text,
  axisLabel: { ...text, hideOverlap: true },
  axisLine: { show: true, lineStyle: { color: line } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: line } },
};
const valueAxis = (name: string) => ({
  ...axisBase,
  type: "value",
  name: label(name),
  axisLabel: { ...axisBase.axisLabel, formatter: compact },
});
const categoryAxis = (name: string, names: readonly string[]) => ({
  ...axisBase,
  type: "category",
  name: label(name),
  data: names,
  splitLine: { show: false },
});
const label = (words: string) => shown(words, 44);

/** What the chart library gives a drawing function: a datum's numbers, and where a point lies in pixels. */
interface Drawing {
  value(dimension: number): number;
  coord(point: readonly number[]): readonly number[];
}
type Render = (params: unknown, api: Drawing) => unknown;
const others = (dimensions: number) => Array.from({ length: dimensions - 1 }, (_, at) => at + 1);
const encodings = {
  standing: (dimensions: number) => ({ x: 0, y: others(dimensions) }),
  lying: (dimensions: number) => ({ x: others(dimensions), y: 0 }),
};
/** `lying` where the first number is a place on the vertical axis; without it the axes would stretch to hold the wrong numbers. */
const custom = (points: readonly (readonly number[])[], renderItem: Render, lying = false) => ({
  ...silent,
  type: "custom",
  data: points,
  encode: encodings[lying ? "lying" : "standing"](points[0]?.length ?? 2),
  renderItem,
});
const dashed = { color: ink, width: 1.2, type: [4, 3], opacity: 0.75 };

/** The points to draw: all of them, or evenly spread ones with the first and the last. */
function indices({ y }: Series): number[] {
  const all = y.values.length;
  const many = Math.min(all, mostPoints);
  return Array.from({ length: many }, (_, at) => (many < 2 ? at : Math.round((at * (all - 1)) / (many - 1))));
}

function xyChart(series: Series, marks: (at: readonly number[], x: readonly number[]) => readonly unknown[]): Chart {
  const at = indices(series);
  const numeric = series.x.values.every((value) => typeof value === "number");
  const x = at.map((each, index) => (numeric ? Number(series.x.values[each]) : index));
  const names = at.map((each) => label(String(series.x.values[each] ?? "")));
  const horizontal = numeric
    ? { ...valueAxis(series.x.label), scale: true, splitLine: { show: false } }
    : categoryAxis(series.x.label, names);
  const option = {
    animation: false,
    grid: { left: 46, right: 14, top: 28, bottom: 46, outerBoundsMode: "none" },
    xAxis: { ...horizontal, nameLocation: "middle", nameGap: 28 },
    yAxis: { ...valueAxis(series.y.label), scale: true, nameTextStyle: { ...text, align: "left", padding: [0, 0, 0, -38] } },
    series: [...referenceOf(series, at, x), ...marks(at, x)],
  };
  return { width: 400, height: 250, option, drawn: at.length };
}

const pick = (values: readonly number[], at: readonly number[], x: readonly number[]) =>
  at.map((each, index) => [x[index] ?? 0, values[each] ?? 0]);

const referenceOf = ({ reference }: Series, at: readonly number[], x: readonly number[]) =>
  reference === undefined ? [] : [{ ...silent, type: "line", data: pick(reference, at, x), showSymbol: false, lineStyle: dashed, z: 1 }];

function lineChart(series: Series): Chart {
  const { y, low, high } = series;
  return xyChart(series, (at, x) => {
    const curve = { ...silent, type: "line", data: pick(y.values, at, x), showSymbol: false, lineStyle: { color: data, width: 2.2 }, z: 3 };
    if (low === undefined || high === undefined) return [curve];
    const edge = [...pick(high, at, x), ...pick(low, at, x).reverse()];
    const band = custom([edge[0] ?? [0, 0]], (_, api) => ({
      type: "polygon",
      shape: { points: edge.map((point) => api.coord(point)) },
      style: { fill: data, opacity: 0.18 },
    }));
    return [band, curve];
  });
}

function pointChart(series: Series): Chart {
  const { y, low, high } = series;
  return xyChart(series, (at, x) => {
    const points = { ...silent, type: "scatter", data: pick(y.values, at, x), symbolSize: 8, itemStyle: { color: data }, z: 3 };
    if (low === undefined || high === undefined) return [points];
    const whiskers = at.map((each, index) => [x[index] ?? 0, low[each] ?? 0, high[each] ?? 0]);
    return [
      custom(whiskers, (_, api) =>
        segment(api, [api.value(0), api.value(1)], [api.value(0), api.value(2)], { stroke: data, lineWidth: 2, opacity: 0.6 }),
      ),
      points,
    ];
  });
}

function segment(api: Drawing, from: readonly number[], to: readonly number[], style: Record<string, unknown>) {
  const [x1 = 0, y1 = 0] = api.coord(from);
  const [x2 = 0, y2 = 0] = api.coord(to);
  return { type: "line", shape: { x1, y1, x2, y2 }, style: { fill: "none", ...style } };
}

/** Bars lie, so that long names fit beside them. */
function barChart(series: Series): Chart {
  const { x, y, low, high, reference } = series;
  const many = Math.min(mostBars, y.values.length);
  const names = x.values.slice(0, many).map((name) => shown(String(name), 28));
  const longest = Math.max(3, ...names.map((name) => name.length));
  const ends = Array.from({ length: many }, (_, at) => at);
  const whiskers =
    low === undefined || high === undefined
      ? []
      : [
          custom(
            ends.map((at) => [at, low[at] ?? 0, high[at] ?? 0]),
            (_, api) => segment(api, [api.value(1), api.value(0)], [api.value(2), api.value(0)], { stroke: ink, lineWidth: 1.6 }),
            true,
          ),
        ];
  const marks =
    reference === undefined
      ? []
      : [
          custom(
            ends.map((at) => [at, reference[at] ?? 0]),
            (_, api) => referenceMark(api),
            true,
          ),
        ];
  const option = {
    animation: false,
    grid: { left: 14 + longest * 6.7, right: 18, top: 8, bottom: 42, outerBoundsMode: "none" },
    xAxis: { ...valueAxis(y.label), nameLocation: "middle", nameGap: 26 },
    yAxis: { ...categoryAxis("", names), inverse: true, axisLabel: { ...text, interval: 0 } },
    series: [
      {
        ...silent,
        type: "bar",
        data: y.values.slice(0, many),
        barWidth: 13,
        itemStyle: { color: data, opacity: 0.8, borderRadius: [0, 3, 3, 0] },
      },
      ...whiskers,
      ...marks,
    ],
  };
  return { width: 400, height: 54 + 25 * Math.max(2, many), option, drawn: many };
}

function referenceMark(api: Drawing) {
  const [x = 0, y = 0] = api.coord([api.value(1), api.value(0)]);
  return {
    type: "line",
    shape: { x1: x, y1: y - 11, x2: x, y2: y + 11 },
    style: { fill: "none", stroke: ink, lineWidth: 1.4, lineDash: [3, 3] },
  };
}
