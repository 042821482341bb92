import type { Assessment, CellState, RequirementState, Result } from "../../assess/index.ts";
import { digestOfJson, type Json } from "../../base/index.ts";
import { claimWords, conditionsOf, requirementWords } from "../words.ts";
import { line, moment, prop, token, uuidOf } from "./names.ts";
import { observationOf } from "./observation.ts";

/** What a finding and a risk speak of: a requirement, or a threat at a stage. */
interface Place {
  readonly id: string;
  readonly title: string;
  readonly state: CellState | RequirementState;
}

/**
 * OSCAL assessment results (1.1.3, JSON): an observation for each control and subject, a finding for each requirement and each threat at a stage that applies, a
 * risk for each of these that is unmet. Every UUID is made from the assessment's digest, so that the same assessment gives the same document.
 */
export function renderOscal(assessment: Assessment): string {
  const own = uuidOf(digestOfJson(assessment as unknown as Json));
  const id = (role: string) => uuidOf(role, own);
  const { system, tool, finishedAt } = assessment;
  const places = placesOf(assessment).filter(({ state }) => state.applies);
  const document = {
    "assessment-results": {
      uuid: own,
      metadata: {
        title: line(`Assessment of ${system.name}`),
        "last-modified": moment(finishedAt),
        version: line(finishedAt),
        "oscal-version": "1.1.3",
        props: [
          prop("tool", `${tool.name} ${tool.version}`),
          prop("catalogue", `${assessment.catalogue.id} ${assessment.catalogue.version}`),
        ],
        remarks: line(conditionsOf(assessment)),
      },
      "import-ap": { href: `#${id("plan")}`, remarks: planRemarks },
      results: [resultOf(assessment, places, id)],
      "back-matter": { resources: [planOf(assessment, id("plan")), ...artefactsOf(assessment, id)] },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function resultOf(assessment: Assessment, places: readonly Place[], id: (role: string) => string) {
  const { system, tool, results, exit, startedAt, finishedAt } = assessment;
  const actor = { type: "tool", "actor-uuid": id("tool") };
  const software = { type: "software", title: line(tool.name), description: "What measured and judged.", status: { state: "operational" } };
  const risks = places.filter(({ state }) => state.status === "unmet");
  return {
    uuid: id("result"),
    title: line(system.name),
    description: line(`exit ${exit.code}: ${exit.why}`),
    start: moment(startedAt),
    end: moment(finishedAt),
    "local-definitions": { components: [{ uuid: id("tool"), ...software }] },
    "reviewed-controls": reviewedOf(assessment),
    ...some(
      "observations",
      results.map((result, at) => observationOf(result, { id, at, actor, finishedAt })),
    ),
    ...some(
      "risks",
      risks.map((place) => riskOf(place, results, id)),
    ),
    ...some(
      "findings",
      places.map((place) => findingOf(place, results, id)),
    ),
  };
}

const planRemarks =
  "No assessment plan in OSCAL exists: what was to be measured follows from the declaration and from the catalogue. The reference leads to the declaration.";

/** OSCAL has no empty lists. */
const some = <T>(name: string, list: readonly T[]) => (list.length === 0 ? {} : { [name]: list });

function placesOf({ cells, requirements }: Assessment): Place[] {
  return [
    ...requirements.map((state) => ({ id: token(state.id), title: requirementWords(state.id).title, state })),
    ...cells.map((state) => ({ id: token(`${state.threat}/${state.stage}`), title: `${state.threat} at ${state.stage}`, state })),
  ];
}

/** What does not apply is excluded; why stands in the remarks. */
function reviewedOf(assessment: Assessment) {
  const places = placesOf(assessment);
  const ids = (applies: boolean) => places.filter(({ state }) => state.applies === applies).map(({ id }) => ({ "control-id": id }));
  const why = places.filter(({ state }) => !state.applies).map(({ id, state }) => `${id}: ${state.why}`);
  return {
    "control-selections": [
      {
        description: line(`Requirements and threats by stage of ${assessment.catalogue.name}.`),
        ...some("include-controls", ids(true)),
        ...some("exclude-controls", ids(false)),
        ...(why.length === 0 ? {} : { remarks: line(`Does not apply: ${why.join("; ")}`) }),
      },
    ],
  };
}

/** The observations that a place rests on. */
const restsOn = ({ state }: Place, results: readonly Result[], id: (role: string) => string) => {
  const claims = new Set(state.claims.map((claim) => claim.id));
  return results.flatMap(({ claim }, at) => (claims.has(claim) ? [{ "observation-uuid": id(`observation ${at}`) }] : []));
};

/** Satisfied is what is met alone: what is undecided or was not measured is not, with `other` as its reason. */
function findingOf(place: Place, results: readonly Result[], id: (role: string) => string) {
  const { state, title } = place;
  const met = state.status === "met";
  const open = state.claims.filter(({ verdict }) => verdict !== "met" && verdict !== "inapplicable");
  return {
    uuid: id(`finding ${place.id}`),
    title: line(title),
    description: line(met ? "Every claim is met." : open.map((claim) => `${claimWords(claim).title}: ${claim.verdict}`).join("; ")),
    props: [prop("status", state.status), prop("level", state.level)],
    target: {
      type: "objective-id",
      "target-id": place.id,
      status: { state: met ? "satisfied" : "not-satisfied", reason: met ? "pass" : state.status === "unmet" ? "fail" : "other" },
    },
    ...some("related-observations", restsOn(place, results, id)),
    ...(state.status === "unmet" ? { "related-risks": [{ "risk-uuid": id(`risk ${place.id}`) }] } : {}),
  };
}

function riskOf(place: Place, results: readonly Result[], id: (role: string) => string) {
  const unmet = place.state.claims.filter(({ verdict }) => verdict === "unmet");
  return {
    uuid: id(`risk ${place.id}`),
    title: line(`${place.title}: unmet`),
    description: line(unmet.map((claim) => `${claim.id}: ${claim.reason}`).join("; ")),
    statement: line(place.state.why),
    props: [prop("level", place.state.level)],
    status: "open",
    ...some("related-observations", restsOn(place, results, id)),
  };
}

function planOf({ declaration = "sextant.yaml" }: Assessment, uuid: string) {
  return {
    uuid,
    title: "The declaration of the system",
    description: planRemarks,
    rlinks: [{ href: encodeURIComponent(declaration.toWellFormed()), "media-type": "application/yaml" }],
  };
}

function artefactsOf({ artefacts }: Assessment, id: (role: string) => string) {
  return artefacts.map(({ id: artefact, kind, digest, about, path }, at) => ({
    uuid: id(`artefact ${at}`),
    title: line(artefact),
    description: line(about),
    props: [prop("kind", kind), prop("digest", digest)],
    ...(path === undefined
      ? {}
      : { rlinks: [{ href: hrefOf(path), hashes: [{ algorithm: "SHA-256", value: digest.slice("sha256:".length) }] }] }),
  }));
}

const hrefOf = (path: string) => path.toWellFormed().split("/").map(encodeURIComponent).join("/");
