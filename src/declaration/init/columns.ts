import { quoted } from "../../base/index.ts";
import type { ColumnFacts, TableFacts } from "../../data/index.ts";

/** Something that was guessed, and why: the words become a comment. */
export interface Guess {
  readonly name: string;
  readonly why: string;
}

/** Why of what a person said: it was not guessed. */
export const said = "as was said";

/** As a comment in the declaration. */
export const remarkOf = (why: string) => (why === said ? why : `guessed: ${why}`);

/** At the end of a sentence. */
export const becauseOf = (why: string) => (why === said ? why : `because ${why}`);

/** Lower-case words of a column's name, without accents: `nativeCountry`, `native-country` and `Native Country` alike. */
const wordsOf = (name: string) =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** The same words as one phrase. */
export const phraseOf = (name: string) => wordsOf(name).join(" ");

/** English, German, French and Spanish. */
const sensitiveWords = new Set(
  "sex gender race ethnicity ethnic age religion disability disabled nationality citizenship geschlecht alter konfession nationalitat staatsangehorigkeit staatsangehoerigkeit behinderung ethnie sexe nationalite handicap sexo genero edad raza etnia nacionalidad discapacidad".split(
    " ",
  ),
);
const sensitivePhrases = ["native country", "country of birth", "sexual orientation", "skin color", "skin colour"];

const identifyingWords = new Set(
  "id uuid guid email mail phone telephone mobile ssn iban passport surname firstname lastname address vorname nachname telefon adresse anschrift nom prenom telephone adresse apellido nombre telefono direccion".split(
    " ",
  ),
);

/** Columns by whose names people belong to groups. A column of one value tells no groups apart. */
export const sensitiveColumns = ({ columns }: TableFacts): string[] =>
  columns.filter(({ name, distinct }) => distinct > 1 && isSensitive(wordsOf(name))).map(({ name }) => name);

const isSensitive = (words: readonly string[]) =>
  words.some((word) => sensitiveWords.has(word)) || sensitivePhrases.includes(words.join(" "));

/** A column that seems to tell rows or people apart. */
export interface Identifying extends Guess {
  /** It counts the rows of its table: it tells nothing of anybody. */
  readonly counts: boolean;
}

/** Columns that seem to tell rows or people apart. */
export function identifyingColumns({ rows, columns }: TableFacts): Identifying[] {
  return columns.flatMap((column) => {
    const { name } = column;
    const named = wordsOf(name).some((word) => identifyingWords.has(word));
    const unique = rows >= 20 && isUnique(column, rows);
    const because = (why: string, counts = false): Identifying[] => [{ name, why: `${quoted(name, 40)} ${why}`, counts }];
    if (unique && isCounter(column, rows)) return because("counts the rows", true);
    if (unique && (named || column.kind === "text")) return because("is different in every row");
    return named && column.kind === "text" && column.distinct > 20 ? because("is called like what tells people apart") : [];
  });
}

/** Columns that seldom are features: dates, and what is called like what tells rows or people apart. */
export function seldomFeatures({ columns }: TableFacts): { readonly dates: readonly string[]; readonly named: readonly string[] } {
  const namesOf = (some: readonly ColumnFacts[]) => some.map(({ name }) => name);
  return {
    dates: namesOf(columns.filter(({ kind }) => kind === "date")),
    named: namesOf(columns.filter(({ name }) => wordsOf(name).some((word) => identifyingWords.has(word)))),
  };
}

/** Counts above 1,000 are estimates. */
const isUnique = ({ distinct, missing }: ColumnFacts, rows: number) => missing === 0 && distinct >= rows * (rows > 1000 ? 0.97 : 1);
const isCounter = ({ integer, min = 0, max = 0 }: ColumnFacts, rows: number) => integer === true && max - min + 1 === rows;

/** Texts that mean missing wherever they are found. */
const missingTexts = ["?", "NA", "N/A", "#N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-", "--", "."];

/** Those that occur in a text column beside other values. */
export function missingIn({ columns }: TableFacts): string[] {
  const values = new Set(
    columns
      .filter(({ kind, distinct }) => kind === "text" && distinct > 1)
      .flatMap(({ values = [] }) => values.map(({ value }) => value.trim())),
  );
  return missingTexts.filter((text) => values.has(text));
}
