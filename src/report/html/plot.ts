import type { Result } from "../../assess/index.ts";
import { amount, amounts, nameOf, subjectOf, ticks } from "../numbers.ts";
import { html, type Markup } from "./markup.ts";

type Deciding = Result["decisive"][number];

/** Rows beyond these are in the table of measures. */
const mostRows = 8;

/** The measures that decided, each on one axis with estimate, interval, limit and baseline. Those with the same limit share an axis. */
export function decisivePlots(decisive: readonly Deciding[], alongside: readonly Deciding[]): Markup {
  const kinds = [...new Set(decisive.map(kindOf))];
  return html`${kinds.map((kind) => {
    const same = (each: Deciding) => kindOf(each) === kind;
    return forest(decisive.filter(same), alongside.filter(same));
  })}`;
}

const kindOf = ({ measure: { unit, name }, limit, better }: Deciding) => JSON.stringify([unit, name, limit, better]);

interface Axis {
  readonly low: number;
  readonly high: number;
  /** Where a value stands, in percent of the width. */
  x(value: number): number;
}

/** One axis for all subjects of a claim, so that their plots can be compared by eye. */
function axisOf(all: readonly Deciding[]): Axis {
  const values = all.flatMap(({ measure: { value, low, high, baseline }, limit }) => [
    value,
    limit,
    low ?? value,
    high ?? value,
    baseline ?? value,
  ]);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  const low = least >= 0 && least < (most - least) * 2 ? 0 : least - room;
  const high = most + room;
  return { low, high, x: (value) => Math.round((2 + ((value - low) / (high - low)) * 96) * 100) / 100 };
}

function forest(rows: readonly Deciding[], alongside: readonly Deciding[]): Markup {
  const [first] = rows;
  if (first === undefined) return html``;
  const axis = axisOf([...rows, ...alongside]);
  const { limit, better, measure } = first;
  const shown = rows.slice(0, mostRows);
  const at = axis.x(limit);
  const left = rows.length - shown.length;
  const baselines = rows.some((row) => row.measure.baseline !== undefined);
  const alone = rows.length === 1 && measure.of === undefined;
  const label = (row: Deciding) => (alone ? nameOf(measure.name) : subjectOf(row.measure));
  return html`<figure class="forest">
<figcaption${alone ? html` class="hidden"` : ""}>${nameOf(measure.name)}</figcaption>
<svg class="limits" width="100%" height="16" aria-hidden="true"><text x="${at}%" y="12" text-anchor="${anchorAt(at)}">limit ${amount(limit, measure.unit)}</text></svg>
${shown.map((row) => html`<div class="row ${sideOf(row)}"><div class="row-head"><span class="of">${label(row)}</span>${numbersOf(row)}</div>${strip(row, axis)}</div>`)}
<svg class="ticks" width="100%" height="18" aria-hidden="true">${ticks(axis.low, axis.high, measure.unit).map((tick) => html`<text x="${axis.x(tick.at)}%" y="13" text-anchor="${anchorAt(axis.x(tick.at), 5)}">${tick.text}</text>`)}</svg>
<p class="legend"><span class="swatch"></span>good: ${better === "low" ? "up to" : "from"} the limit${baselines ? html` · <span class="tri">▲</span> baseline` : ""}${left > 0 ? html` · ${left} more in the table` : ""}</p>
</figure>`;
}

const anchorAt = (percent: number, edge = 25) => (percent < edge ? "start" : percent > 100 - edge ? "end" : "middle");

/** On which side of the limit a row lies, whatever the others do: its interval, or its value where it has none. */
function sideOf({ measure: { value, low = value, high = value }, limit, better }: Deciding): "met" | "unmet" | "undecided" {
  if (better === "low" ? high <= limit : low >= limit) return "met";
  return (better === "low" ? low > limit : high < limit) ? "unmet" : "undecided";
}

function numbersOf({ measure, limit }: Deciding): Markup {
  const { value, interval } = amounts(measure, limit);
  return html`<span class="num"><b>${value}</b>${interval === null ? "" : html` <span>${interval}</span>`}</span>`;
}

/** Shape carries the meaning: a dashed line is the limit, a bar the interval, a ring the estimate, a triangle the baseline. */
function strip({ measure, limit, better }: Deciding, { x }: Axis): Markup {
  const { value, low, high, baseline } = measure;
  const from = better === "low" ? 0 : x(limit);
  const width = better === "low" ? x(limit) : 100 - x(limit);
  return html`<svg class="strip" width="100%" height="26" role="img" aria-label="${described({ measure, limit, better })}">
<rect class="good" x="${from}%" y="0" width="${width}%" height="26"/><line class="axis" x1="0" x2="100%" y1="25.5" y2="25.5"/><line class="limit" x1="${x(limit)}%" x2="${x(limit)}%" y1="0" y2="26"/>${
    baseline === undefined ? "" : html`<svg x="${x(baseline)}%" y="0" class="mark"><path class="base" d="M0 16l5 9h-10z"/></svg>`
  }${low === undefined && high === undefined ? "" : html`<line class="interval" x1="${x(low ?? value)}%" x2="${x(high ?? value)}%" y1="12" y2="12"/>`}<circle class="estimate" cx="${x(value)}%" cy="12" r="5"/></svg>`;
}

function described({ measure, limit, better }: Deciding): string {
  const { value, interval } = amounts(measure, limit);
  const { baseline, unit } = measure;
  const parts = [
    interval === null ? "" : `interval ${interval}`,
    `limit ${amount(limit, unit)}, good ${better === "low" ? "up to" : "from"} there`,
    baseline === undefined ? "" : `baseline ${amount(baseline, unit)}`,
  ];
  return [`${subjectOf(measure)}: ${value}`, ...parts.filter(Boolean)].join("; ");
}
