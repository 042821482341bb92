import { quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import type { Binding } from "./bind.ts";
import { widthOf } from "./describe.ts";
import { classIndex, labelKey, listed } from "./labels.ts";
import type { OnnxBinding } from "./model.ts";

type Classes = Pick<OnnxBinding, "classes" | "answers">;

/** How the classes are called in the label column and by the model, in the order of the model's scores. */
export function bindClasses(binding: Binding): Classes {
  const { declared, problem } = binding;
  const label = declared.columns.find(({ name }) => name === declared.label);
  const texts = label === undefined ? null : textsOf(label);
  const found = declared.classes === undefined ? classesOfFile(binding, texts) : declaredClasses(binding, declared.classes);
  if (found === null) return { classes: [], answers: [] };
  const indexOf = classIndex(found.classes);
  const unknown = texts?.filter((text) => indexOf(text) === undefined) ?? [];
  if (unknown.length > 0) {
    const what = `label column ${quoted(declared.label)} holds ${listed(unknown)}; the classes of model ${quoted(declared.model)} are ${listed(found.classes)}`;
    problem("MODEL_CLASSES_MISMATCH", ["classes"], what, sayOrder(texts ?? []));
  }
  return found;
}

const sayOrder = (texts: readonly string[]) =>
  `Name the classes as the label column writes them, in the order of the model's scores: \`classes: [${texts
    .slice(0, 8)
    .map((text) => JSON.stringify(text))
    .join(", ")}${texts.length > 8 ? ", ..." : ""}]\`.`;

/** All values of a label column, sorted; null when its facts do not list them. */
function textsOf({ kind, values, distinct, integer, min, max }: ColumnFacts): readonly string[] | null {
  if (kind !== "number") return values !== undefined && values.length === distinct ? values.map(({ value }) => value).sort() : null;
  const isDense = integer === true && min !== undefined && max !== undefined && max - min + 1 === distinct && distinct <= 1000;
  return isDense ? Array.from({ length: distinct }, (_, index) => String(min + index)) : null;
}

/** How many classes the model tells apart: one score is the second of two. Null when the file does not tell. */
function classCount({ facts, declared }: Binding): number | null {
  const scores = declared.output?.scores;
  if (scores === undefined || scores === facts.scoreOutput) return facts.classes?.length ?? (facts.scoreCount === 1 ? 2 : facts.scoreCount);
  const port = facts.outputs.find(({ name }) => name === scores);
  const width = port === undefined ? null : widthOf(port);
  return width === 1 ? 2 : width;
}

function declaredClasses(binding: Binding, classes: readonly string[]): Classes | null {
  const { facts, declared, problem } = binding;
  const mismatch = (what: string, remedy: string) => problem("MODEL_CLASSES_MISMATCH", ["classes"], what, remedy);
  const count = classCount(binding);
  if (new Set(classes.map(labelKey)).size < classes.length) {
    mismatch("two of the declared classes are the same label", "Name each class once.");
    return null;
  }
  if (classes.length < 2 || (count !== null && classes.length !== count)) {
    mismatch(
      `${classes.length} classes are declared; model ${quoted(declared.model)} answers ${count ?? "at least 2"}`,
      "Name each class once, in the order of the model's scores.",
    );
    return null;
  }
  const own = facts.classes;
  if (own !== null) {
    const indexOf = classIndex(own);
    const places = classes.map(indexOf);
    if (places.every((place) => place !== undefined) && places.some((place, index) => place !== index)) {
      mismatch(
        `the declared order of classes contradicts the model's file, which says ${listed(own)}`,
        "Leave `classes` out: the file's order is that of the scores.",
      );
      return null;
    }
  }
  return { classes, answers: own ?? unnamedAnswers(binding, classes) };
}

/** What a model that names no classes answers: texts as declared, or numbers that count up. */
function unnamedAnswers({ facts, declared }: Binding, classes: readonly string[]): readonly string[] {
  const name = declared.output?.labels ?? facts.labelOutput;
  const answersText = facts.outputs.some((port) => port.name === name && port.type === "string");
  const areNumbers = classes.every((text) => Number.isFinite(Number(labelKey(text))));
  return answersText || areNumbers ? classes : classes.map((_, index) => String(index));
}

function classesOfFile(binding: Binding, texts: readonly string[] | null): Classes | null {
  const { facts, declared, problem } = binding;
  if (facts.classes !== null) {
    const byKey = new Map(texts?.map((text) => [labelKey(text), text]));
    return { classes: facts.classes.map((name) => byKey.get(labelKey(name)) ?? name), answers: facts.classes };
  }
  const count = classCount(binding);
  const sorted = texts?.toSorted((a, b) => Number(labelKey(a)) - Number(labelKey(b)));
  const countsUp = sorted?.every((text, index) => labelKey(text) === String(index)) ?? false;
  if (sorted !== undefined && sorted.length >= 2 && countsUp && (count === null || count === sorted.length))
    return { classes: sorted, answers: sorted.map(labelKey) };
  const what = `model ${quoted(declared.model)} does not say what its ${count ?? ""} classes are called`.replace("  ", " ");
  problem("MODEL_CLASSES_MISMATCH", ["classes"], what, sayOrder(texts ?? []));
  return null;
}
