import { clopperPearson, matchedDifference } from "../../../tensor/index.ts";
import { defineControl, number } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { type Prepared, preparations } from "../../needs/preparations.ts";
import { pointAmounts } from "../../shared/amounts.ts";
import { predictionsOn } from "../../shared/scores/rows.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { inapplicable, met, percent, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
const confidence = 0.95;
const leastPictures = 30;

/** Claims that pictures prepared in no other usual way are answered better than as declared by more than `gain`. */
export const picturePreparation = defineControl({
  claim: "weak-algorithm/picture-preparation",
  needs: {
    prepared: preparations(),
  },
  policy: {
    gain: number(
      0.02,
      "our own convention: where another preparation answers two more of a hundred pictures right, the declared one is not that of training",
      "points",
    ),
  },

  measure({ prepared }) {
    if (prepared === null) return { measures: [] };
    const { declared, others } = labelled(prepared);
    const right = declared.answers.map((answer, row) => Number(answer === declared.truth[row]));
    const own = clopperPearson(sumOf(right), right.length, confidence);
    const level = 1 - (1 - confidence) / Math.max(1, others.length);
    return {
      measures: [
        ...(own === null ? [] : [{ name: "accuracy", unit: "share" as const, population, baseline: chanceOf(declared), ...own }]),
        ...others.flatMap((other) => gainOf(other, declared, right, level)),
      ],
    };
  },

  judge({ measures }, { gain: limit }) {
    if (measures.length === 0) return inapplicable("the model takes no pictures, or not one alone that could be prepared in another way");
    const own = measures.find(({ name }) => name === "accuracy");
    const gains = measures.filter(({ name }) => name === "gain").toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0));
    const decisive = gains.map((measure) => ({ measure, limit, better: "low" as const }));
    const [best] = gains;
    if (own === undefined || best === undefined)
      return undecided("too few labelled pictures to compare preparations", { remedy: "Test on at least 30 labelled pictures." });
    const says = (gain: Measure) =>
      `with ${gain.of?.preparation} accuracy is higher than as declared by ${besideLimit(gain, limit, pointAmounts, { joint: "joint" })}`;
    const asDeclared = `as declared it is ${percent(own.value)}${isChance(own) ? ", which guessing reaches too" : ""}`;
    if (sideOf(best, limit, "low") === "bad") return unmet(`prepared ${says(best)}; ${asDeclared}`, { remedy: remedyFor(best), decisive });
    const furthest = gains.toSorted((a, b) => (b.high ?? 0) - (a.high ?? 0))[0] ?? best;
    if (sideOf(furthest, limit, "low") === "both")
      return undecided(`prepared ${says(furthest)}: too few pictures to tell`, {
        remedy: moreRows(furthest, limit, "test pictures"),
        decisive,
      });
    if (isChance(own))
      return undecided(
        `pictures are answered no better than by guessing (${percent(own.value)}), as declared and in ${gains.length} other usual ways`,
        {
          remedy:
            "Look up how training prepared its pictures, and declare it under the model: `image: { ... }`. Check the order of `classes` too.",
          decisive,
        },
      );
    const nearest = `the nearest, with ${furthest.of?.preparation}, changes accuracy by ${besideLimit(furthest, limit, pointAmounts, { joint: "joint" })}`;
    return met(`of ${gains.length} other usual preparations none fits better: ${nearest}; ${asDeclared}`, { decisive });
  },
});

/** Pictures without a label tell nothing of any preparation. */
function labelled({ declared, others }: Prepared): Prepared {
  const rows = Int32Array.from(declared.truth.keys()).filter((row) => declared.truth[row]! >= 0);
  const pick = (answers: Int32Array) => Int32Array.from(rows, (row) => answers[row]!);
  return { declared: predictionsOn(declared, rows), others: others.map((other) => ({ ...other, answers: pick(other.answers) })) };
}

const sumOf = (values: Int32Array) => values.reduce((sum, value) => sum + value, 0);

/** How much more accurate the model is with another preparation, on the same pictures. */
function gainOf(
  { name, declare, answers }: Prepared["others"][number],
  { truth }: Prepared["declared"],
  right: Int32Array,
  level: number,
): Measure[] {
  const gained = sumOf(right.map((ours, row) => Number(ours === 0 && answers[row] === truth[row])));
  const lost = sumOf(right.map((ours, row) => Number(ours === 1 && answers[row] !== truth[row])));
  const found = matchedDifference(gained, lost, right.length, level);
  if (found === null || right.length < leastPictures) return [];
  const of = { preparation: name, ...(declare === null ? {} : { declare }) };
  return [{ name: "gain", unit: "points", population, baseline: 0, of, ...found, confidence }];
}

/** The share of the most frequent class: what guessing reaches. */
function chanceOf({ truth, classes }: Prepared["declared"]): number {
  const counts = new Float64Array(classes.length);
  for (const label of truth) counts[label]! += 1;
  return Math.max(...counts) / Math.max(1, truth.length);
}

const isChance = ({ low = 0, baseline = 0 }: Measure) => low <= baseline;

const remedyFor = ({ of }: Measure) =>
  of?.declare === undefined
    ? "Training saw the pictures with rows and columns exchanged, as some converters leave them: exchange them in the files."
    : `Check how training prepared its pictures; if so, declare it under the model: \`image: { ${of.declare} }\`.`;
