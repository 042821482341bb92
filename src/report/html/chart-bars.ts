import { type Chart, categoryAxis, custom, type Drawing, data, ink, type Series, segment, silent, text, valueAxis } from "./chart-parts.ts";
import { shown } from "./markup.ts";

const mostBars = 24;

/** Bars lie, so that long names fit beside them. */
export function barChart(series: Series): Chart {
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
    xAxis: { ...valueAxis(y), splitNumber: 3, nameLocation: "middle", nameGap: 26 },
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
  return { width: 360, height: 54 + 25 * Math.max(2, many), option, drawn: many };
}

function referenceMark(api: Drawing) {
  const [x = 0, y = 0] = api.coord([api.value(1), api.value(0)]);
  return {
    type: "line",
    shape: { x1: x, y1: y - 11, x2: x, y2: y + 11 },
    style: { fill: "none", stroke: ink, lineWidth: 1.4, lineDash: [3, 3] },
  };
}
