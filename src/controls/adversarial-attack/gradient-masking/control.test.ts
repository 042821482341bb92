import { type Random, seededRandom } from "../../../base/index.ts";
import { drawnAttacked, unattacked } from "../../testing/drawn-attacked.ts";
import { drawn } from "../../testing/people.ts";
import { testControl } from "../../testing/test-control.ts";
import { gradientMasking } from "./control.ts";

const seen = (n: number, more: Omit<Parameters<typeof drawnAttacked>[2], "stands"> = {}, random: Random = seededRandom(1)) => ({
  attacked: drawnAttacked(random, n, { stands: [0.9, 0.85, 0.5, 0.1], ...more }),
});
const flat = (share: number) => (random: Random) => seen(1000, { signs: { asked: 500, flat: drawn(share, 1000, random) } }, random);

testControl(gradientMasking, {
  met: [{ ...seen(1000, { signs: { asked: 500 } }), reason: /no sign/ }],
  unmet: [
    { ...seen(1000, { signs: { flat: 1000 } }), reason: /100\.0 % of the rows have a gradient of nothing but zeros/ },
    { ...seen(1000, { signs: { asked: 64, blind: 40 } }), reason: /without gradients/, remedy: /black-box/ },
    { ...seen(1000, { signs: { unbounded: 300 } }), reason: /no bound/ },
  ],
  undecided: [
    { ...seen(100), called: "too few rows" },
    { ...seen(0), called: "no row" },
    { attacked: unattacked, called: "no gradient", reason: /TreeEnsembleClassifier/ },
  ],
  planted: { effect: flat(0.06), null: flat(0.02), found: 0.97, falseAlarms: 0.05 },
});
