import type { EChartsCoreOption } from "echarts/core";
import { count } from "../numbers.ts";
import { looksOf, mostCurves } from "./chart-lines.ts";
import { cellsShown, matrixTable } from "./chart-matrix.ts";
import { chartOf } from "./chart-options.ts";
import { type Chart, type Series, sentinels } from "./chart-parts.ts";
import { valuesTable } from "./chart-table.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** Draws a series as a picture that needs no script, with its values as a table. `whose` tells it from others of its name on the page. */
export type Draw = (series: Series, key: string, whose?: string) => Markup;

/** Loads the chart library only when there is something to draw. */
export async function drawing(anySeries: boolean): Promise<Draw> {
  if (!anySeries) return () => html``;
  const render = await renderer();
  return (series, key, of) => {
    const whose = of === undefined ? series.name : `${series.name}, ${of}`;
    const { picture, drawn } = pictureOf(series, key, whose, render);
    const all = series.y.values.length;
    const cut = drawn < all ? html` (${count(drawn)} of ${count(all)} values drawn)` : "";
    return html`<figure class="chart of-${series.kind}"><figcaption>${series.name}${cut}</figcaption>
${picture}${legend(series)}${all === 0 ? "" : valuesTable(series, whose)}</figure>`;
  };
}

function pictureOf(series: Series, key: string, whose: string, render: (chart: Chart) => string): { picture: Markup; drawn: number } {
  if (series.kind === "matrix") return { picture: matrixTable(series, whose), drawn: cellsShown(series) };
  const chart = chartOf[series.kind](series);
  const inside = trusted(cleaned(render(chart), key));
  const picture = html`<svg viewBox="0 0 ${chart.width} ${chart.height}" role="img" aria-label="${described(series)}">${inside}</svg>`;
  return { picture, drawn: chart.drawn };
}

/** What the curves and the numbered points are called. */
function legend(series: Series): Markup {
  const looks = looksOf(series);
  const left = 1 + (series.others?.length ?? 0) - mostCurves;
  if (looks.length > 0)
    return html`<ul class="curves">${looks.map(({ name, colour, dash }) => html`<li><svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke="${colour}" stroke-width="2.2" stroke-dasharray="${dash}"/></svg> ${name}</li>`)}${left > 0 ? html`<li>${left} more in the values</li>` : ""}</ul>`;
  const { labels = [], front } = series;
  const most = 40;
  if (labels.length === 0) return html``;
  const beaten = (at: number) => front !== undefined && !front.includes(at);
  return html`<ol class="points">${labels.slice(0, most).map((label, at) => html`<li${beaten(at) ? html` class="beaten"` : ""}>${label}${front?.includes(at) ? html` <em>nothing beats it</em>` : ""}</li>`)}</ol>${labels.length > most ? html`<p class="fine">${labels.length - most} more in the values.</p>` : ""}`;
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
