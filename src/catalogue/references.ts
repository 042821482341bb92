import { factIds } from "./ids.ts";
import type { Catalogue, Condition } from "./schema.ts";

/** A reference that leads nowhere, an id given twice, or an entry that nothing uses. */
export interface Fault {
  /** `cells.algorithm-bias/development.claims`. */
  readonly at: string;
  readonly id: string;
  readonly what: "unknown" | "twice" | "unused";
}

/** Every fault in how the entries of a catalogue name each other; none in a sound one. Shapes are the schema's matter. */
export function checkReferences(catalogue: Catalogue): readonly Fault[] {
  return [...twice(catalogue), ...unknown(catalogue), ...unused(catalogue)];
}

const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id);
const partsOf = ({ stages }: Catalogue) => stages.flatMap(({ parts }) => ids(parts));

function definitions(catalogue: Catalogue): Readonly<Record<string, readonly string[]>> {
  const { stages, stakeholders, facts, threats, claims, cells, requirements } = catalogue;
  return {
    stages: ids(stages),
    parts: partsOf(catalogue),
    stakeholders: ids(stakeholders),
    facts: ids(facts),
    threats: ids(threats),
    claims: ids(claims),
    cells: cells.map(({ threat, stage }) => `${threat}/${stage}`),
    requirements: ids(requirements),
    ...Object.fromEntries(cells.map((cell) => [`cells.${cell.threat}/${cell.stage}.claims`, cell.claims])),
    ...Object.fromEntries(requirements.map(({ id, claims: named }) => [`requirements.${id}.claims`, named])),
  };
}

function* twice(catalogue: Catalogue): Generator<Fault> {
  for (const [at, named] of Object.entries(definitions(catalogue))) {
    for (const id of new Set(named.filter((id, index) => named.indexOf(id) !== index))) yield { at, id, what: "twice" };
  }
}

type Reference = readonly [at: string, id: string, known: readonly string[]];

function* unknown(catalogue: Catalogue): Generator<Fault> {
  for (const [at, id, known] of references(catalogue)) if (!known.includes(id)) yield { at, id, what: "unknown" };
}

function* references(catalogue: Catalogue): Generator<Reference> {
  const known = definitions(catalogue) as {
    readonly [K in "stages" | "parts" | "stakeholders" | "facts" | "threats" | "claims"]: readonly string[];
  };
  for (const id of factIds) yield ["facts", id, known.facts];
  for (const { id, owner, part } of catalogue.claims) {
    yield [`claims.${id}.owner`, owner, known.stakeholders];
    if (part !== undefined) yield [`claims.${id}.part`, part, known.parts];
  }
  for (const { threat, stage, claims, when } of catalogue.cells) {
    const at = `cells.${threat}/${stage}`;
    yield [`${at}.threat`, threat, known.threats];
    yield [`${at}.stage`, stage, known.stages];
    for (const id of claims) yield [`${at}.claims`, id, known.claims];
    for (const id of factsIn(when)) yield [`${at}.when`, id, known.facts];
  }
  for (const { id: requirement, stakeholder, stage, claims, when } of catalogue.requirements) {
    const at = `requirements.${requirement}`;
    yield [`${at}.stakeholder`, stakeholder, known.stakeholders];
    yield [`${at}.stage`, stage, known.stages];
    for (const id of claims) yield [`${at}.claims`, id, known.claims];
    for (const id of factsIn(when)) yield [`${at}.when`, id, known.facts];
  }
}

function* unused({ threats, claims, facts, cells, requirements }: Catalogue): Generator<Fault> {
  const served = new Set([...cells, ...requirements].flatMap((entry) => entry.claims));
  for (const { id } of claims) if (!served.has(id)) yield { at: "claims", id, what: "unused" };
  const standing = new Set(cells.map(({ threat }) => threat));
  for (const { id } of threats) if (!standing.has(id)) yield { at: "threats", id, what: "unused" };
  const deciding = new Set<string>(cells.flatMap(({ when }) => factsIn(when)));
  for (const { id } of facts) if (!deciding.has(id)) yield { at: "facts", id, what: "unused" };
}

/** Every fact that a condition looks at. */
function factsIn(condition: Condition): readonly string[] {
  if (typeof condition === "string") return [condition];
  if ("always" in condition) return [];
  if ("not" in condition) return factsIn(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(factsIn);
}
