import { type Random, seededRandom } from "../../../base/index.ts";
import { drawnConstrained } from "../../testing/drawn-constrained.ts";
import { testControl } from "../../testing/test-control.ts";
import { endpointLimits } from "./control.ts";

const seen = (shares: readonly number[], n = 400, random: Random = seededRandom(n)) => ({
  searched: {
    each: shares.map((share, at) => ({ service: `s${at}`, found: drawnConstrained(random, n, share) })),
    unasked: [] as { service: string; why: string }[],
  },
  artefact: "dataset:d/test",
  personal: true,
});
const silent = seen([0.3]);
silent.searched.unasked.push({ service: "other", why: "service “other” is declared without an endpoint that may be asked" });

testControl(endpointLimits, {
  met: [seen([0.3]), { ...silent, reason: /not asked: service “other”/ }],
  unmet: [
    { ...seen([0.2, 0.8]), called: "one of two services", reason: /^at the endpoint of “s1”, moeva turns/ },
    { ...seen([0.9]), reason: /queries/ },
  ],
  undecided: [
    { ...seen([0.2, 0.5]), called: "one of two holds the limit", reason: /s1/ },
    { ...seen([0.5], 0), called: "no row" },
  ],
  planted: {
    effect: (random) => seen([0.4, 0.65], 300, random),
    null: (random) => seen([0.5, 0.5], 300, random),
    found: 0.97,
    falseAlarms: 0.05,
  },
});
