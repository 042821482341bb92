import type { Result } from "../../assess/index.ts";
import { axisAmount } from "../numbers.ts";
import { shown } from "./markup.ts";

export type Series = Result["series"][number];
type Unit = Series["y"]["unit"];

/** Stand-ins for the page's colours: charts are drawn once, and follow light and dark because these become CSS variables. */
export const sentinels = {
  "#010101": "var(--soft)",
  "#010102": "var(--line)",
  "#010103": "var(--data)",
  "#010104": "var(--ink)",
  "#010105": "var(--card)",
  "#010106": "var(--undecided)",
  "#010107": "var(--met)",
  "#010108": "var(--errored)",
  "#010109": "var(--unmet)",
} as const;
export const [soft, line, data, ink, card] = ["#010101", "#010102", "#010103", "#010104", "#010105"] as const;

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly option: Record<string, unknown>;
  /** How many of the values are drawn. */
  readonly drawn: number;
}

export const text = { color: soft, fontSize: 12, fontFamily: "sans-serif" };
export const silent = { silent: true, animation: false, clip: false };

const axisBase = {
  nameTextStyle: text,
  axisLabel: { ...text, hideOverlap: true },
  axisLine: { show: true, lineStyle: { color: line } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: line } },
};
export const valueAxis = ({ label: name, unit }: { readonly label: string; readonly unit?: Unit }) => ({
  ...axisBase,
  type: "value",
  name: label(name),
  axisLabel: { ...axisBase.axisLabel, formatter: (value: number) => axisAmount(value, unit) },
});
export const categoryAxis = (name: string, names: readonly string[]) => ({
  ...axisBase,
  type: "category",
  name: label(name),
  data: names,
  splitLine: { show: false },
});
export const label = (words: string) => shown(words, 44);

/** What the chart library gives a drawing function: a datum's numbers, and where a point lies in pixels. */
export interface Drawing {
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
export const custom = (points: readonly (readonly number[])[], renderItem: Render, lying = false) => ({
  ...silent,
  type: "custom",
  data: points,
  encode: encodings[lying ? "lying" : "standing"](points[0]?.length ?? 2),
  renderItem,
});

export function segment(api: Drawing, from: readonly number[], to: readonly number[], style: Record<string, unknown>) {
  const [x1 = 0, y1 = 0] = api.coord(from);
  const [x2 = 0, y2 = 0] = api.coord(to);
  return { type: "line", shape: { x1, y1, x2, y2 }, style: { fill: "none", ...style } };
}
