import { pick, xyChart } from "./chart-lines.ts";
import { type Chart, card, custom, data, ink, type Series, segment, silent, text } from "./chart-parts.ts";

/** Points with whiskers. Those that have names carry a number, which the list below explains; those on a front are filled and joined. */
export function pointChart(series: Series): Chart {
  const { y, labels, front } = series;
  return xyChart(series, (places) => {
    const onFront = new Set(front);
    const points = {
      ...silent,
      type: "scatter",
      symbolSize: labels === undefined ? 8 : 10,
      z: 3,
      data: pick(y.values, places).map((value, index) => {
        const place = places.at[index] ?? index;
        const filled = front === undefined || onFront.has(place);
        return {
          value,
          itemStyle: filled ? { color: data } : { color: card, borderColor: data, borderWidth: 2 },
          ...(labels === undefined ? {} : { label: numbered(place) }),
        };
      }),
    };
    return [...whiskersOf(series, places), ...frontLine(series), points];
  });
}

const numbered = (place: number) => ({
  show: true,
  position: "right",
  distance: 4,
  formatter: String(place + 1),
  ...text,
  color: ink,
  fontWeight: 600,
});

function frontLine({ x, y, front = [] }: Series): unknown[] {
  if (front.length < 2) return [];
  const along = front.map((place) => {
    const across = x.values[place];
    return [typeof across === "number" ? across : place, y.values[place] ?? 0];
  });
  return [{ ...silent, type: "line", data: along, showSymbol: false, lineStyle: { color: data, width: 1.6, opacity: 0.7 }, z: 2 }];
}

function whiskersOf({ low, high }: Series, { at, x }: { at: readonly number[]; x: readonly number[] }): unknown[] {
  if (low === undefined || high === undefined) return [];
  const ends = at.map((each, index) => [x[index] ?? 0, low[each] ?? 0, high[each] ?? 0]);
  const whisker = { stroke: data, lineWidth: 2, opacity: 0.6 };
  return [custom(ends, (_, api) => segment(api, [api.value(0), api.value(1)], [api.value(0), api.value(2)], whisker))];
}
