import { quoted } from "../../base/index.ts";
import { listed } from "../labels.ts";
import type { EndpointBinding } from "./binding.ts";
import type { Outputs, TypedPort } from "./protocols/protocol.ts";

/** What an output holds, as far as its type and a sample of its values tell. */
export interface OutputFacts {
  readonly name: string;
  readonly holds: "labels" | "scores" | "either" | "other";
  /** Scores a row. */
  readonly width: number;
}

/** Looks at a sample of answers; types that the server declares go first. */
export function outputFacts(sample: Outputs, declared: readonly TypedPort[]): OutputFacts[] {
  return Object.entries(sample).map(([name, values]) => {
    const type = declared.find((port) => port.name === name)?.type;
    const width = Math.max(...values.map(widthOf));
    return { name, width, holds: holdsOf(values, type) };
  });
}

function widthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 1;
}

function holdsOf(values: readonly unknown[], type: TypedPort["type"] | undefined): OutputFacts["holds"] {
  if (values.some((value) => typeof value === "object" && value !== null)) return values.every(areNumbers) ? "scores" : "other";
  if (values.some((value) => typeof value === "string" || typeof value === "boolean")) return "labels";
  if (!values.every((value) => typeof value === "number")) return "other";
  if (type !== undefined && /^u?int|^bool/.test(type)) return "labels";
  if (!values.every(Number.isInteger)) return "scores";
  // Whole numbers where the server declares fractions, or declares nothing: 0 and 1 may be probabilities.
  return values.every((value) => value === 0 || value === 1) && type !== undefined ? "either" : "labels";
}

const areNumbers = (value: unknown) =>
  typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "number");

export type Chosen = Pick<EndpointBinding, "labelOutput" | "scoreOutput">;

interface Wish {
  readonly scores?: string | undefined;
  readonly labels?: string | undefined;
}

/** Which output gives labels and which scores; a sentence and what to do where that is not clear. */
export function chooseOutputs(facts: readonly OutputFacts[], wish: Wish): Chosen | { readonly what: string; readonly remedy: string } {
  const names = facts.map(({ name }) => name);
  for (const wanted of [wish.scores, wish.labels]) {
    if (wanted === undefined || names.includes(wanted)) continue;
    return { what: `the endpoint answers no output ${quoted(wanted)}`, remedy: `It answers ${listed(names)}: name one of them.` };
  }
  const alone = (kind: OutputFacts["holds"]) =>
    facts.filter(({ holds, name }) => holds === kind && name !== wish.scores && name !== wish.labels);
  const [score, ...otherScores] = alone("scores");
  const [label, ...otherLabels] = alone("labels");
  const scoreOutput = wish.scores ?? (otherScores.length === 0 ? (score?.name ?? null) : null);
  const labelOutput = wish.labels ?? (otherLabels.length === 0 ? (label?.name ?? null) : null);
  if (scoreOutput !== null || labelOutput !== null) return { scoreOutput, labelOutput };
  return {
    what: `which output of the endpoint holds its labels or scores is not clear: it answers ${listed(names)}`,
    remedy: `Say which: \`output: { scores: ${names[0] ?? "..."} }\` or \`output: { labels: ${names[0] ?? "..."} }\`.`,
  };
}

/**
 * The classes in the order of the scores, as far as a sample of labels and scores tells: the label of a row names the class of its highest score. Null where
 * it tells too little, or contradicts itself.
 */
export function classesIn(sample: Outputs, { labelOutput, scoreOutput }: Chosen, texts: readonly string[] | null): string[] | null {
  if (labelOutput === null || scoreOutput === null) return null;
  const [labels = [], scores = []] = [sample[labelOutput], sample[scoreOutput]];
  const byPlace = new Map<number, string>();
  for (const [row, label] of labels.entries()) {
    const given = scores[row];
    if (!Array.isArray(given) || given.length < 2) return null;
    const place = given.indexOf(Math.max(...(given as number[])));
    const name = String(Array.isArray(label) ? label[0] : label);
    if ((byPlace.get(place) ?? name) !== name) return null;
    byPlace.set(place, name);
  }
  const first = scores[0];
  const places = Array.isArray(first) ? Array.from(first.keys()) : [];
  const left = (texts ?? []).filter((text) => ![...byPlace.values()].includes(text));
  const open = places.filter((place) => !byPlace.has(place));
  // The last place is that of the last class.
  if (open.length > 1 || (open.length === 1 && left.length !== 1)) return null;
  const classes = places.map((place) => byPlace.get(place) ?? left[0] ?? "");
  return new Set(classes).size === classes.length ? classes : null;
}
