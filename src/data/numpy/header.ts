import { Problem, quoted } from "../../base/index.ts";

/** What one element of an array is. `text`: fixed-width Unicode; `bytes`: fixed-width bytes, read as Latin-1; `date`: datetime64, counted in `unit`. */
export interface ElementType {
  readonly kind: "boolean" | "integer" | "unsigned" | "float" | "text" | "bytes" | "date";
  /** Of one element. */
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly unit?: { readonly count: number; readonly name: keyof typeof perSecond };
}

export interface ArrayHeader {
  readonly type: ElementType;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes. */
  readonly start: number;
}

/** Units of datetime64 that fit a calendar: how many make a second, as a fraction where they are longer. */
export const perSecond = { D: 1 / 86_400, h: 1 / 3600, m: 1 / 60, s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;

/** Headers of arrays without fields are a hundred bytes; what is longer describes something else. */
export const mostHeaderBytes = 1 << 16;
const mostAxes = 32;
const mostElementBytes = 1 << 20;

/** Reads the header of a .npy file (NEP 1, versions 1 to 3) from its first bytes. Nothing in it is evaluated: the literal is matched as text. */
export function parseHeader(start: Uint8Array, file: string): ArrayHeader {
  if (String.fromCharCode(...start.subarray(0, 6)) !== "\x93NUMPY") throw damaged(file, "it does not begin as a NumPy array does");
  const version = start[6] ?? 0;
  if (version < 1 || version > 3) throw damaged(file, `its format's version is ${version}, and 1 to 3 are known`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const fixed = version === 1 ? 10 : 12;
  if (start.length < fixed) throw damaged(file, "its header is cut short");
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > mostHeaderBytes - fixed || start.length < fixed + length) throw damaged(file, "its header is cut short or far too long");
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(start.subarray(fixed, fixed + length));
  return { ...parseLiteral(text, file), start: fixed + length };
}

function parseLiteral(text: string, file: string): Omit<ArrayHeader, "start"> {
  const descr = /'descr'\s*:\s*('([^']{1,40})'|\[)/.exec(text);
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (descr === null || fortran === undefined || shape === undefined) throw damaged(file, "its header cannot be read");
  if (descr[2] === undefined) {
    throw new Problem("TABLE_ARRAY", "the array's elements have fields", {
      file,
      remedy: "Write each field as an array of its own, or the whole as Parquet.",
    });
  }
  const axes = shape.match(/\d+/g)?.map(Number) ?? [];
  if (axes.length > mostAxes || !axes.every(Number.isSafeInteger)) throw damaged(file, "its shape is none that an array has");
  return { type: typeOf(descr[2], file), fortran: fortran === "True", shape: axes };
}

const kinds = { b: "boolean", i: "integer", u: "unsigned", f: "float", U: "text", S: "bytes", a: "bytes", M: "date" } as const;
const sizes = { boolean: [1], integer: [1, 2, 4, 8], unsigned: [1, 2, 4, 8], float: [2, 4, 8], date: [8] } as const;

/** `<f8`, `|u1`, `>U12`, `<M8[ns]`. */
function typeOf(descr: string, file: string): ElementType {
  if (/^[|<>=]?O/.test(descr)) throw pickled(file);
  const [, order = "", code = "", digits = "", count = "1", unit] = /^([|<>=]?)([biufUSaM])(\d+)(?:\[(\d*)(\w+)\])?$/.exec(descr) ?? [];
  if (!Object.hasOwn(kinds, code)) throw unread(file, descr);
  const kind = kinds[code as keyof typeof kinds];
  const bytes = Number(digits) * (kind === "text" ? 4 : 1);
  const known: readonly number[] | undefined = kind === "text" || kind === "bytes" ? undefined : sizes[kind];
  if (known === undefined ? bytes === 0 || bytes > mostElementBytes : !known.includes(bytes)) throw unread(file, descr);
  if (kind !== "date") return { kind, bytes, bigEndian: order === ">" };
  if (unit === undefined || !Object.hasOwn(perSecond, unit)) throw unread(file, descr);
  return { kind, bytes, bigEndian: order === ">", unit: { count: Number(count || 1), name: unit as keyof typeof perSecond } };
}

const damaged = (file: string, why: string) =>
  new Problem("TABLE_DAMAGED", `the NumPy array cannot be read: ${why}`, { file, remedy: "Write it again with numpy.save." });

const unread = (file: string, descr: string) =>
  new Problem("TABLE_ARRAY", `the array's elements are of a type that is not read: ${quoted(descr)}`, {
    file,
    remedy: "Write it as booleans, integers, floats of 16 to 64 bits, fixed-width texts or datetime64.",
  });

const pickled = (file: string) =>
  new Problem("TABLE_PICKLED", "the array holds pickled Python objects, which are never opened: loading them can run any code", {
    file,
    remedy: "Write it with a type of its own (`array.astype(str)` for texts, `astype(float)` for numbers), or the table as Parquet.",
  });
