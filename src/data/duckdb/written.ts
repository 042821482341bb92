import type { DateOrder, NumberReading } from "../table.ts";
import { list, literal } from "./sql.ts";

/** How the numbers of a column are written. */
export type NumberStyle = Pick<NumberReading, "decimal" | "thousands">;

/** How the dates of a column are written. */
export interface DateStyle {
  readonly order: DateOrder;
  /** What every value looks like, and the formats of `strptime` that read it. */
  readonly shape: string;
  readonly formats: readonly string[];
}

/** A no-break space, a narrow one and a thin one group thousands as a space does, and a typographic apostrophe as a straight one. */
const classes: Readonly<Record<NumberStyle["thousands"], string>> = {
  "": "",
  ".": "\\.",
  ",": ",",
  " ": "[ \\x{A0}\\x{202F}\\x{2009}]",
  "'": "['\\x{2019}]",
};

export const numberStyles: readonly NumberStyle[] = [
  { decimal: ",", thousands: "" },
  { decimal: ",", thousands: "." },
  { decimal: ",", thousands: " " },
  { decimal: ",", thousands: "'" },
  { decimal: ".", thousands: "," },
  { decimal: ".", thousands: " " },
  { decimal: ".", thousands: "'" },
];

const grouped = ({ decimal, thousands }: NumberStyle) =>
  thousands === "" ? [] : [`[0-9]{1,3}(${classes[thousands]}[0-9]{3})+(${classes[decimal]}[0-9]+)?`];

/** True where a text is a number written so; a minus may follow it, as SAP has it. */
export function isWritten(bare: string, style: NumberStyle): string {
  const decimal = classes[style.decimal];
  const forms = ["[0-9]+", `[0-9]+${decimal}[0-9]*`, `${decimal}[0-9]+`, ...grouped(style)];
  return `regexp_full_match(${bare}, ${literal(`[+-]?((${forms.join("|")})(e[+-]?[0-9]+)?|nan|inf|infinity)|(${forms.join("|")})-`)}, 'i')`;
}

/** True where a text is such a number and uses its decimal mark, or groups its thousands. */
export const usesMark = (bare: string, style: NumberStyle) => `contains(${bare}, ${literal(style.decimal)})`;
export const usesGroups = (bare: string, style: NumberStyle) =>
  style.thousands === "" ? "false" : `regexp_full_match(${bare}, ${literal(`[+-]?(${grouped(style).join("|")})-?`)})`;

/** True where every group has three digits: an identifier would look so. */
export const isOfTriples = (bare: string, { thousands }: NumberStyle) =>
  thousands === "" ? "false" : `regexp_full_match(${bare}, ${literal(`[+-]?[0-9]{3}(${classes[thousands]}[0-9]{3})+-?`)})`;

/** True where more digits stand together than a double holds, or a leading zero that a number would lose. */
export const losesDigits = (bare: string) =>
  `(regexp_matches(${bare}, '^[+-]?0[0-9]') OR length(regexp_replace(regexp_extract(${bare}, ${literal(`^[+-]?[0-9 .,'\\x{A0}\\x{202F}\\x{2009}\\x{2019}]*`)}), '[^0-9]', '', 'g')) > 15)`;

const marks: Readonly<Record<NumberStyle["thousands"], string>> = {
  "": "",
  ".": ".",
  ",": ",",
  " ": " \u00a0\u202f\u2009",
  "'": "'\u2019",
};

/** A number that is written so, as a double. */
export function styledNumber(bare: string, { decimal, thousands }: NumberStyle): string {
  const plain = `translate(${bare}, ${literal(`${decimal}${marks[thousands]}`)}, '.')`;
  return `TRY_CAST(CASE WHEN suffix(${bare}, '-') THEN concat('-', rtrim(${plain}, '-')) ELSE ${plain} END AS DOUBLE)`;
}

const times = [
  { shape: "", format: "" },
  { shape: "[ T][0-9]{1,2}:[0-9]{2}", format: "%H:%M" },
  { shape: "[ T][0-9]{1,2}:[0-9]{2}:[0-9]{2}", format: "%H:%M:%S" },
  { shape: " [0-9]{1,2}:[0-9]{2} [AP]M", format: "%I:%M %p" },
  { shape: " [0-9]{1,2}:[0-9]{2}:[0-9]{2} [AP]M", format: "%I:%M:%S %p" },
] as const;

const dated = (order: DateOrder, day: string, shape: string): DateStyle => ({
  order,
  shape: `${shape}(${times.map((time) => time.shape).join("|")})`,
  formats: times.flatMap(({ format }) => (format === "" ? [day] : [`${day} ${format}`, `${day}T${format}`])),
});

const two = "[0-9]{1,2}";

/** Ways to write a date with digits of the year in full; the ISO way is read without being looked for. A dot stands in dates that begin with the day alone. */
export const dateStyles: readonly DateStyle[] = [
  ...["/", "-", "."].map((mark) => dated("day-first", `%d${mark}%m${mark}%Y`, `${two}[${mark}]${two}[${mark}][0-9]{4}`)),
  ...["/", "-"].map((mark) => dated("month-first", `%m${mark}%d${mark}%Y`, `${two}[${mark}]${two}[${mark}][0-9]{4}`)),
  ...["/", "."].map((mark) => dated("year-first", `%Y${mark}%m${mark}%d`, `[0-9]{4}[${mark}]${two}[${mark}]${two}`)),
  ...["-", " "].map((mark) => dated("day-first", `%d${mark}%b${mark}%Y`, `${two}[${mark}][A-Za-z]{3}[${mark}][0-9]{4}`)),
];

const instant = (bare: string, { formats }: DateStyle) => `try_strptime(${bare}, [${list(formats.map(literal))}])`;

export const isDated = (bare: string, style: DateStyle) =>
  `(regexp_full_match(${bare}, ${literal(style.shape)}) AND ${instant(bare, style)} IS NOT NULL)`;

/** A date that is written so, in ISO 8601, with the time of day where there is one. */
export function isoDate(bare: string, style: DateStyle): string {
  const [time, day] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"].map((format) => `strftime(${instant(bare, style)}, ${literal(format)})`);
  return `CASE WHEN contains(${bare}, ':') THEN ${time} ELSE ${day} END`;
}
