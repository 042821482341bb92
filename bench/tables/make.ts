import { createWriteStream, existsSync, renameSync, statSync } from "node:fs";
import { finished } from "node:stream/promises";

/** How a subject's file is written. */
export interface Writing {
  readonly name: string;
  readonly encoding: "utf8" | "latin1";
  header(): string;
  row(at: number): string;
}

/** Numbers that repeat nothing soon and need no state: a multiplicative hash of the row. */
const hash = (at: number, salt: number) => Math.imul(at + 1, 2654435761 + 2 * salt) >>> 0;
const towns = ["Köln", "München", "Würzburg", "Bonn", "Zürich", "Bern", "Wien", "Graz"];

export const writings: readonly Writing[] = [
  {
    name: "plain",
    encoding: "utf8",
    header: () => "id,amount,share,town,day,note\n",
    row: (at) =>
      `${at},${(hash(at, 1) % 10_000_000) / 100},${hash(at, 2) / 2 ** 32},${towns[hash(at, 3) % 8]},2024-0${1 + (hash(at, 4) % 9)}-1${hash(at, 5) % 10},note ${hash(at, 6) % 5000}\n`,
  },
  {
    name: "german",
    encoding: "latin1",
    header: () => "Nummer;Betrag;Anteil;Ort;Tag;Bemerkung\r\n",
    row: (at) => {
      const cents = hash(at, 1) % 1_000_000_000;
      const whole = Math.floor(cents / 100).toString();
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
      const note = at % 50 === 0 ? `"erste Zeile\nzweite; ${hash(at, 6) % 5000}"` : `Bemerkung ${hash(at, 6) % 5000}`;
      return `${at};${grouped},${String(cents % 100).padStart(2, "0")};0,${hash(at, 2)};${towns[hash(at, 3) % 8]};1${hash(at, 5) % 10}.0${1 + (hash(at, 4) % 9)}.2024;${note}\r\n`;
    },
  },
];

/** Writes a file of at least so many bytes, unless it is there; returns its rows. */
export async function makeFile({ header, row, encoding }: Writing, path: string, bytes: number): Promise<number> {
  let rows = 0;
  let size = header().length;
  const isThere = existsSync(path);
  const out = isThere ? null : createWriteStream(`${path}.part`, { encoding: encoding === "utf8" ? "utf8" : "latin1" });
  let piece = header();
  while (size < bytes) {
    const text = row(rows++);
    size += text.length;
    if (out === null) continue;
    piece += text;
    if (piece.length < 1 << 20) continue;
    if (!out.write(piece)) await new Promise<void>((resolve) => out.once("drain", resolve));
    piece = "";
  }
  if (out === null) return rows;
  out.end(piece);
  await finished(out);
  renameSync(`${path}.part`, path);
  return statSync(path).size >= bytes ? rows : Promise.reject(new Error(`${path} came out too short`));
}
