import type { Result } from "../../assess/index.ts";
import { amounts, subjectOf } from "../numbers.ts";
import { claimWords } from "../words.ts";
import { line, moment, prop, token } from "./names.ts";

interface Around {
  /** A UUID for a role in the document. */
  id(role: string): string;
  /** The result's place among all. */
  readonly at: number;
  readonly actor: { readonly type: string; readonly "actor-uuid": string };
  readonly finishedAt: string;
}

/** More measures than these are in the evidence that is referred to. */
const mostMeasures = 50;

/** What one control saw of one subject, with its evidence. What was not measured is one as well: that it is not known. */
export function observationOf(result: Result, { id, at, actor, finishedAt }: Around) {
  const { claim, subject, verdict, reason, remedy, decisive, evidence, measuredAt, milliseconds, findingsTotal } = result;
  const measures = decisive.slice(0, mostMeasures).map(({ measure, limit }) => {
    const { value, interval } = amounts(measure, limit);
    return prop("measure", `${measure.name}: ${subjectOf(measure)}: ${value}${interval === null ? "" : ` (${interval})`}, limit ${limit}`);
  });
  return {
    uuid: id(`observation ${at}`),
    title: line(`${claimWords({ ...result, id: claim }).title}: ${subject}`),
    description: line(reason),
    props: [
      prop("claim", token(claim)),
      prop("verdict", verdict),
      prop("subject", subject),
      prop("findings", String(findingsTotal)),
      prop("milliseconds", String(milliseconds)),
      ...measures,
    ],
    methods: [measuredAt === null ? "UNKNOWN" : "TEST"],
    types: ["finding"],
    origins: [{ actors: [actor] }],
    ...(evidence === null ? {} : { "relevant-evidence": [evidenceOf(evidence)] }),
    collected: moment(measuredAt ?? finishedAt),
    ...(remedy === null ? {} : { remarks: line(remedy) }),
  };
}

const evidenceOf = (digest: string) => ({
  href: `.sextant/evidence/${encodeURIComponent(digest.replace("sha256:", ""))}.json`,
  description: line(`The measurement, a canonical JSON file named by its SHA-256: ${digest}`),
});
