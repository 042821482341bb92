import type { EChartsCoreOption } from "echarts/core";
import { type Chart, chartOf, type Series, sentinels } from "./chart-options.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** Draws a series as a picture that needs no script. */
export type Draw = (series: Series, key: string) => Markup;

/** Loads the chart library only when there is something to draw. */
export async function drawing(anySeries: boolean): Promise<Draw> {
  if (!anySeries) return () => html``;
  const render = await renderer();
  return (series, key) => {
    const chart = chartOf[series.kind](series);
    const left = series.y.values.length - chart.drawn;
    const picture = trusted(cleaned(render(chart), key));
    return html`<figure class="chart"><figcaption>${series.name}${left > 0 ? html` (${chart.drawn} of ${series.y.values.length} values drawn)` : ""}</figcaption>
<svg viewBox="0 0 ${chart.width} ${chart.height}" role="img" aria-label="${described(series)}">${picture}</svg></figure>`;
  };
}

async function renderer(): Promise<(chart: Chart) => string> {
  const [{ init, use }, { BarChart, CustomChart, LineChart, ScatterChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import("echarts/core"),
    import("echarts/charts"),
    import("echarts/components"),
    import("echarts/renderers"),
  ]);
  use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, SVGRenderer]);
  return ({ width, height, option }) => {
    const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
    try {
      chart.setOption(option as EChartsCoreOption);
      return chart.renderToSVGString();
    } finally {
      chart.dispose(); // its timers would keep the process alive
    }
  };
}

function described({ name, kind, x, y }: Series): string {
  const [least, most] = y.values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const range =
    y.values.length === 0 ? "no values" : `${y.values.length} values of ${y.label} from ${least.toPrecision(3)} to ${most.toPrecision(3)}`;
  return `${name}: ${kind} over ${x.label}, ${range}`;
}

const shapes = new Set(["g", "path", "rect", "circle", "line", "polyline", "polygon", "text", "defs", "clipPath"]);
const harmless = new Set(
  "d x y x1 y1 x2 y2 cx cy r rx ry width height points transform fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-linejoin stroke-linecap text-anchor dominant-baseline opacity clip-path id".split(
    " ",
  ),
);

/**
 * The inside of a drawn SVG, made again from what a chart needs and nothing else: shapes and their geometry, no style (the page's policy forbids it), no
 * script, no reference out of the page. Colours become the page's, and ids are the chart's own, so that the same report is the same to the byte.
 */
function cleaned(svg: string, key: string): string {
  const inside = svg.replace(/<style[\s\S]*?<\/style\s*>/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "");
  return inside.replace(
    /<(\/?)([a-zA-Z]+)([^>]*?)(\/?)>|[<>]/g,
    (_tag, close: string, name: string | undefined, attributes: string, empty: string) => {
      if (name === undefined || !shapes.has(name)) return "";
      return close ? `</${name}>` : `<${name}${cleanedAttributes(attributes, key)}${empty}>`;
    },
  );
}

function cleanedAttributes(text: string, key: string): string {
  const kept = [...text.matchAll(/([\w-]+)="([^"<>]*)"/g)].filter(
    ([, name = "", value = ""]) => harmless.has(name) && !(name === "transform" && value === ""),
  );
  return kept.map(([, name, value = ""]) => ` ${name}="${cleanedValue(value, key)}"`).join("");
}

function cleanedValue(value: string, key: string): string {
  const own = value.replace(/^url\(#zr\d+-(\w+)\)$/, `url(#${key}-$1)`).replace(/^zr\d+-(\w+)$/, `${key}-$1`);
  return (sentinels as Readonly<Record<string, string>>)[own] ?? own.replace(/[^\w\s.,()#%:-]/g, "");
}
