import { type Random, seededRandom } from "../../../base/index.ts";
import type { Prepared } from "../../needs/preparations.ts";
import { testControl } from "../../testing/test-control.ts";
import { picturePreparation } from "./control.ts";

const classes = Array.from({ length: 10 }, (_, at) => `kind ${at}`);

/** Answers right with these probabilities: as declared, and in other ways. */
function drawn(random: Random, n: number, right: number, others: readonly number[]): { prepared: Prepared } {
  const truth = Int32Array.from({ length: n }, () => random.integer(10));
  const answered = (probability: number) =>
    truth.map((label) => (random.uniform() < probability ? label : (label + 1 + random.integer(9)) % 10));
  const named = ["black as -1 and white as 1", "black and white exchanged", "rows and columns exchanged", "black as 0 and white as 255"];
  return {
    prepared: {
      declared: { rows: n, classes, truth, answers: answered(right), probabilities: null },
      others: others.map((probability, at) => ({
        name: named[at] ?? `way ${at}`,
        declare: at === 2 ? null : at === 0 ? "range: [-1, 1]" : "range: [1, 0]",
        answers: answered(probability),
      })),
    },
  };
}

const random = seededRandom(5);

/** Only the first pictures have a label. */
const partly = ({ prepared: { declared, others } }: { prepared: Prepared }, labelled: number) => ({
  prepared: { declared: { ...declared, truth: declared.truth.map((label, row) => (row < labelled ? label : -1)) }, others },
});

testControl(picturePreparation, {
  met: [
    {
      called: "a fit, with all other ways far behind",
      ...drawn(random, 800, 0.9, [0.5, 0.1, 0.2]),
      reason: /^of 3 other usual preparations none fits better: .*; as declared it is [89]/,
    },
  ],
  unmet: [
    {
      called: "another range that fits",
      ...drawn(random, 800, 0.12, [0.9, 0.1, 0.1]),
      reason:
        /^prepared with black as -1 and white as 1 accuracy is higher than as declared by 8\d\.\d points \(joint 95 % interval .*; limit 2\.0 points\); as declared it is 1\d\.\d %, which guessing reaches too$/,
    },
    { called: "pictures that lie on their side", ...drawn(random, 800, 0.5, [0.3, 0.1, 0.9]), reason: /rows and columns exchanged/ },
  ],
  undecided: [
    { called: "twenty-nine pictures with a label among many without", ...partly(drawn(random, 800, 0.9, [0.5]), 29), reason: /too few/ },
    { called: "twenty-nine pictures", ...drawn(random, 29, 0.9, [0.9]), reason: /too few/ },
    { called: "a way as good as the declared one, on few pictures", ...drawn(random, 60, 0.8, [0.8]), reason: /too few pictures to tell$/ },
    {
      called: "guessing in every way",
      ...drawn(random, 5000, 0.1, [0.1, 0.1]),
      policy: { gain: 0.1 },
      reason: /^pictures are answered no better than by guessing/,
    },
  ],
  inapplicable: [{ called: "a model of tables", prepared: null, reason: /takes no pictures/ }],
  planted: {
    effect: (seeded) => drawn(seeded, 400, 0.7, [0.3, 0.85, 0.1, 0.2]),
    null: (seeded) => drawn(seeded, 400, 0.7, [0.72, 0.72, 0.72, 0.72]),
    found: 0.95,
    falseAlarms: 0.05,
  },
});
