import type { Result } from "../assess/index.ts";

type Measure = Result["measures"][number];
type Unit = Measure["unit"];

/** How a unit is written: what it is multiplied by, and what follows the number. */
const units: Readonly<Record<Unit, { readonly times: number; readonly after: string }>> = {
  share: { times: 100, after: " %" },
  points: { times: 100, after: " points" },
  ratio: { times: 1, after: "" },
  ms: { times: 1, after: " ms" },
  bytes: { times: 1, after: " B" },
  rows: { times: 1, after: " rows" },
  score: { times: 1, after: "" },
  nats: { times: 1, after: " nats" },
};

interface Scale {
  readonly times: number;
  readonly after: string;
  readonly digits: number;
}

/** As the controls' own sentences write sizes. */
const prefixes = [
  { from: 2 ** 30, name: "GiB" },
  { from: 2 ** 20, name: "MiB" },
  { from: 2 ** 10, name: "KiB" },
];

/** One scale for numbers that stand together: the same digits and the same prefix. `step` is the difference that must show. */
function scaleOf(unit: Unit, largest: number, step: number): Scale {
  const { times, after } = units[unit];
  if (unit === "bytes") {
    const prefix = prefixes.find(({ from }) => largest >= from / 10);
    if (prefix === undefined) return { times, after, digits: 0 };
    return { times: 1 / prefix.from, after: ` ${prefix.name}`, digits: largest / prefix.from < 10 ? 2 : 0 };
  }
  if (unit === "ms" && largest >= 1000) return { times: 1 / 1000, after: " s", digits: 1 };
  if (unit === "rows") return { times, after, digits: 0 };
  const least = unit === "share" || unit === "points" ? 1 : 2;
  const shown = step * times;
  const digits = shown > 0 ? Math.ceil(-Math.log10(shown / 3) - 1e-9) : least;
  return { times, after, digits: Math.min(5, Math.max(unit === "ms" && largest >= 10 ? 0 : least, digits)) };
}

/** Making a format costs more than a hundred uses of it. */
const formats = Array.from(
  { length: 6 },
  (_, digits) => new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** From here on a number is read by its power of ten. */
const tooLong = 1e15;

/** What rounds to nothing has no sign. */
function written(value: number, { times, digits }: Scale): string {
  const scaled = value * times;
  if (Math.abs(scaled) >= tooLong) return scaled.toExponential(1).replace(/^-/, "−");
  return (formats[digits] ?? new Intl.NumberFormat("en-GB"))
    .format(scaled)
    .replace(/^-(?=[0.,]*$)/, "")
    .replace("-", "−");
}

/** `9.1 points`, `24.1 %`, `412 kB`. */
export function amount(value: number, unit: Unit): string {
  const scale = scaleOf(unit, Math.abs(value), Math.abs(value));
  return written(value, scale) + scale.after;
}

/**
 * A measure in words: its value, and its interval in the same digits: `9.1 points`, `6.2 to 12.0`. Beside a limit there are digits enough for nothing to
 * look like the limit that isn't.
 */
export function amounts({ value, low, high, unit }: Measure, limit?: number): { readonly value: string; readonly interval: string | null } {
  const numbers = [value, low ?? value, high ?? value];
  const nearest = Math.min(...numbers.map((each) => Math.abs(each - (limit ?? each))).filter((distance) => distance > 0));
  const width = low === undefined || high === undefined ? Math.abs(value) : high - low;
  const scale = scaleOf(unit, Math.max(...[...numbers, limit ?? 0].map(Math.abs)), Math.min(width, nearest * 3));
  if (low === undefined && high === undefined) return { value: written(value, scale) + scale.after, interval: null };
  const interval =
    low !== undefined && high !== undefined
      ? `${written(low, scale)} to ${written(high, scale)}`
      : low !== undefined
        ? `at least ${written(low, scale)}`
        : `at most ${written(high ?? value, scale)}`;
  return { value: written(value, scale) + scale.after, interval };
}

/** Round numbers along an axis, about `count` of them, inside [low, high], and how each is written. */
export function ticks(low: number, high: number, unit: Unit, count = 4): { readonly at: number; readonly text: string }[] {
  const step = niceStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const many = Math.floor(high / step + 1e-9) - first + 1;
  const scale = scaleOf(unit, Math.max(Math.abs(low), Math.abs(high)), step);
  const { times } = scale;
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(step * times) - 1e-9)));
  return Array.from({ length: Math.max(0, many) }, (_, at) => ({
    at: (first + at) * step,
    text:
      written((first + at) * step, { ...scale, digits }) + (unit === "share" ? " %" : unit === "bytes" || unit === "ms" ? scale.after : ""),
  }));
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough > 0 ? rough : 1));
  return power * ([1, 2, 5].find((each) => each * power >= rough * 0.999) ?? 10);
}

export const count = (value: number): string => written(value, { times: 1, after: "", digits: 0 });

/** `23 November 2026`; the text itself when it is no date. Times are UTC, so that a report reads the same everywhere. */
export const dayOf = (iso: string): string => dateText(iso, days);
export const momentOf = (iso: string): string => `${dateText(iso, moments)} UTC`;

const days = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const moments = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

function dateText(iso: string, format: Intl.DateTimeFormat): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : format.format(time);
}

export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** What a measure is about, in the data's own words: `Female against Male · sex`; its name when it says no more. */
export function subjectOf({ name, of = {} }: Measure): string {
  const { column, lower, upper, group, role: _, ...others } = of;
  const who = lower !== undefined && upper !== undefined ? `${lower} against ${upper}` : group;
  const parts = [
    who,
    column,
    ...Object.entries(others).map(([role, value]) => (role in { baseline: 0, candidate: 0 } ? value : `${role} ${value}`)),
  ];
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? nameOf(name) : said.join(" · ");
}

/** `true-positive-rate-gap` in words. */
export const nameOf = (name: string): string => name.replaceAll("-", " ");

/** A number on a plot's axis or in its table, in three digits: `12.5 %`, `340 ms`. */
export function axisAmount(value: number, unit: Unit | undefined): string {
  const { times, after } = unit === undefined ? { times: 1, after: "" } : units[unit];
  const shortened = unit === "rows" || unit === "points" ? "" : after;
  const rounded = Number((value * times).toPrecision(3));
  return (Math.abs(rounded) >= tooLong ? rounded.toExponential(1) : rounded.toString()).replace("-", "−") + shortened;
}
