import { defineControl } from "../../define.ts";
import { constrainedServices } from "../../needs/evasion/constrained.ts";
import { personalValues } from "../../needs/evasion/personal.ts";
import { artefactOf } from "../../needs/splits.ts";
import { flippedOf, foundIn } from "../../shared/evasion/changed.ts";
import { flipLimit, judgeFlipped } from "../../shared/evasion/judge.ts";
import { confidenceOf, notAsked } from "../../shared/services.ts";

/** Claims that at no endpoint which answers with the model a larger share of answers than `flips` is turned within the queries of the budget. */
export const endpointLimits = defineControl({
  claim: "evasion/endpoint-limits",
  needs: {
    searched: constrainedServices("evasion/endpoint-limits"),
    artefact: artefactOf({ split: "test" }),
    personal: personalValues(),
  },
  policy: { flips: flipLimit },
  metFrom: "standard",

  measure({ searched: { each, unasked }, artefact, personal }) {
    const found = each.map(({ found: seen }) => foundIn(seen, { artefact, personal }));
    return {
      measures: [
        ...each.flatMap(({ service, found: seen }) => flippedOf(seen, { service }, confidenceOf(each.length))),
        ...notAsked(unasked),
      ],
      findings: found.flatMap(({ findings = [] }) => findings),
      findingsTotal: found.reduce((sum, { findingsTotal = 0 }) => sum + findingsTotal, 0),
      series: found.flatMap(({ series = [] }) => series),
    };
  },

  judge({ measures }, { flips }) {
    const verdict = judgeFlipped(measures, flips);
    const silent = measures.filter(({ name }) => name === "service-not-asked").map(({ of }) => `not asked: ${of?.why}`);
    return { ...verdict, reason: [verdict.reason, ...silent].join("; ") };
  },
});
