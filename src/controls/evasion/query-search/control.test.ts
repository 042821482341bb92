import { type Random, seededRandom } from "../../../base/index.ts";
import { drawnConstrained } from "../../testing/drawn-constrained.ts";
import { testControl } from "../../testing/test-control.ts";
import { querySearch } from "./control.ts";

const seen = (n: number, turned: number, random: Random = seededRandom(n)) => ({
  searched: drawnConstrained(random, n, turned),
  artefact: "dataset:d/test",
  personal: true,
});

testControl(querySearch, {
  met: [{ ...seen(400, 0.3), reason: /moeva turns .* with 80,000 queries/ }],
  unmet: [{ ...seen(400, 0.7), remedy: /proof/ }],
  undecided: [
    { ...seen(50, 0.5), called: "the interval holds the limit" },
    { ...seen(0, 0), called: "no complete row" },
  ],
  planted: {
    effect: (random) => seen(500, 0.6, random),
    null: (random) => seen(500, 0.5, random),
    found: 0.97,
    falseAlarms: 0.05,
  },
});
