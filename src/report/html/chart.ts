import type { EChartsCoreOption } from "echarts/core";
import type { Keeper } from "../../assess/index.ts";
import { count } from "../numbers.ts";
import { looksOf, mostCurves } from "./chart-lines.ts";
import { cellsShown, matrixTable } from "./chart-matrix.ts";
import { chartOf } from "./chart-options.ts";
import { type Chart, type Series, sentinels } from "./chart-parts.ts";
import { valuesTable } from "./chart-table.ts";
import { html, type Markup, trusted } from "./markup.ts";
import { nothingKept, picturesOf } from "./pictures.ts";

/** Draws a series as a picture that needs no script, with its values as a table. `whose` tells it from others of its name on the page. */
export type Draw = (series: Series, key: string, whose?: string) => Markup;

/** What draws these series and no others. What is kept need not be drawn again. */
export async function drawing(all: readonly Series[], keeper?: Keeper): Promise<Draw> {
  const picture = await picturesOf(all.filter(isDrawn), renderer, keeper?.(import.meta.url) ?? nothingKept);
  return (series, key, of) => {
    const whose = of === undefined ? series.name : `${series.name}, ${of}`;
    const { shown, drawn } = isDrawn(series) ? shownOf(series, key, picture(series)) : shownAsTable(series, whose);
    const all = series.y.values.length;
    const cut = drawn < all ? html` (${count(drawn)} of ${count(all)} values drawn)` : "";
    return html`<figure class="chart of-${series.kind}"><figcaption>${series.name}${cut}</figcaption>
${shown}${legend(series)}${all === 0 ? "" : valuesTable(series, whose)}</figure>`;
  };
}

interface Shown {
  readonly shown: Markup;
  /** How many of the values. */
  readonly drawn: number;
}

type Drawn = Series & { readonly kind: keyof typeof chartOf };
const isDrawn = (series: Series): series is Drawn => series.kind !== "matrix";
const chartFor = (series: Drawn): Chart => chartOf[series.kind](series);

const shownAsTable = (series: Series, whose: string): Shown => ({ shown: matrixTable(series, whose), drawn: cellsShown(series) });

function shownOf(series: Drawn, key: string, picture: string): Shown {
  const { width, height, drawn } = chartFor(series);
  const inside = trusted(cleaned(picture, key));
  return { shown: html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${described(series)}">${inside}</svg>`, drawn };
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

/** The library in one file, which has no types of its own: its hundreds of modules take ten times as long to load. */
const library: string = "echarts/dist/echarts.esm.min.mjs";

async function renderer(): Promise<(series: Drawn) => string> {
  const { init } = (await import(library)) as typeof import("echarts/core");
  return (series) => {
    const { width, height, option } = chartFor(series);
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
