import { Problem, quoted } from "../../base/index.ts";
import type { Column } from "../../data/index.ts";
import type { Answers } from "../model.ts";

/** A column of keys, and where it stands. */
export interface Keys {
  readonly column: Column;
  readonly name: string;
  /** The file, as shown to people. */
  readonly file: string;
}

/** Answers in the order of a split's rows. Throws PREDICTIONS_KEY with the row where a key is empty or stands twice, or a row has no answer. */
export function matched(answers: Answers, split: Keys, given: Keys): Answers {
  const places = placesOf(given);
  placesOf(split);
  const rows = Int32Array.from(keysOf(split), (key, row) => {
    const place = places.get(key);
    if (place !== undefined) return place;
    throw keyProblem(
      split,
      row,
      `no answer in ${quoted(given.file)} has the key ${quoted(key, 60)}`,
      "Write the answer of every row, or leave such rows out of the split.",
    );
  });
  const { classes, probabilities } = answers;
  const k = classes.length;
  return {
    rows: rows.length,
    classes,
    labels: rows.map((place) => answers.labels[place]!),
    probabilities:
      probabilities && Float64Array.from({ length: rows.length * k }, (_, at) => probabilities[rows[Math.floor(at / k)]! * k + (at % k)]!),
  };
}

function placesOf(keys: Keys): Map<string, number> {
  const places = new Map<string, number>();
  for (const [row, key] of keysOf(keys).entries()) {
    const first = places.get(key);
    if (first !== undefined)
      throw keyProblem(
        keys,
        row,
        `the key ${quoted(key, 60)} stands in row ${first} already`,
        "Give each row a key of its own, or name another column.",
      );
    places.set(key, row);
  }
  return places;
}

function keysOf(keys: Keys): string[] {
  const { column } = keys;
  const texts =
    column.kind === "text"
      ? Array.from(column.codes, (code) => column.categories[code])
      : Array.from(column.values, (value) => (Number.isNaN(value) ? undefined : String(value)));
  return texts.map((text, row) => {
    if (text !== undefined) return text.trim();
    throw keyProblem(keys, row, "the key is empty", "Write the key of every row, or name another column.");
  });
}

const keyProblem = ({ name, file }: Keys, row: number, what: string, remedy: string) =>
  new Problem("PREDICTIONS_KEY", `column ${quoted(name, 40)}: ${what}`, { file, at: `row ${row}`, remedy });
