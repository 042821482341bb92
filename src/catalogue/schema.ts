import { z } from "zod";
import { type FactId, factIds, stakeholderIds } from "./ids.ts";

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case letters, digits and single hyphens");
const claimId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/, "topic/name in lower-case letters, digits and hyphens");
const title = z.string().min(1).max(60);
const sentence = z
  .string()
  .max(300)
  .regex(/^\S.*[.?]$/, "one line that ends like a sentence");
const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).readonly();

/** When something applies: a fact, a combination of conditions, or always (with the sentence that says why). Plain data. */
export type Condition =
  | FactId
  | { readonly always: string }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** Nesting is bounded, so that no file can exhaust the stack. */
function conditionWithin(depth: number): z.ZodType<Condition> {
  const leaf = z.union([z.enum(factIds), z.strictObject({ always: sentence })]);
  if (depth === 0) return leaf;
  const inner = conditionWithin(depth - 1);
  const all = z.strictObject({ all: listOf(inner) });
  const any = z.strictObject({ any: listOf(inner) });
  return z.union([leaf, all, any, z.strictObject({ not: inner })]);
}

const condition = conditionWithin(5);

const part = z.strictObject({ id: slug, title }).readonly();

const stage = z
  .strictObject({
    id: slug,
    title,
    /** For the head of a table's column. */
    short: z.string().min(1).max(12),
    says: sentence,
    parts: z.array(part).readonly(),
  })
  .readonly();

const stakeholder = z.strictObject({ id: z.enum(stakeholderIds), title, answersFor: sentence }).readonly();

const reference = z.strictObject({ scheme: z.string(), release: z.string(), id: z.string(), name: z.string() }).readonly();

const threat = z
  .strictObject({
    id: slug,
    title,
    says: sentence,
    /** Entries of other catalogues that speak of the same, at a stated release. */
    references: z.array(reference).readonly(),
  })
  .readonly();

const fact = z
  .strictObject({
    id: z.enum(factIds),
    asks: sentence,
    /** Where `sextant.yaml` answers, and which answer means what. */
    declaredBy: sentence,
    ifTrue: sentence,
    ifFalse: sentence,
    /** Not a sentence: what follows "Not declared, so counted: ". */
    ifUnknown: z
      .string()
      .regex(/^[a-z].*[^.]$/)
      .max(120),
  })
  .readonly();

export const claimSchema = z
  .strictObject({
    /** `<threat or topic of requirements>/<name>`. */
    id: claimId,
    title,
    /** What a control measures; "the limit" is a number of the policy. */
    says: sentence,
    /** The artefacts that measuring it needs, in words that follow "needs". */
    wants: z.string().min(1).max(200),
    /** Who acts when it is not met. */
    owner: z.enum(stakeholderIds),
    /** The part of data preparation that it belongs to. */
    part: slug.optional(),
  })
  .readonly();

const cell = z.strictObject({ threat: slug, stage: slug, claims: listOf(claimId), when: condition }).readonly();

const requirement = z
  .strictObject({
    id: z.string().regex(/^[A-Z]{2,8}-[0-9]{1,3}$/, "a few capitals, a hyphen and a number"),
    level: z.enum(["required", "recommended"]),
    stakeholder: z.enum(stakeholderIds),
    stage: slug,
    title,
    says: sentence,
    claims: listOf(claimId),
    when: condition,
  })
  .readonly();

/** The shape of a catalogue: what a user's own entries are held to as well. References between entries: `checkReferences`. */
export const catalogueSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    stages: listOf(stage),
    stakeholders: listOf(stakeholder),
    facts: listOf(fact),
    threats: listOf(threat),
    claims: listOf(claimSchema),
    cells: listOf(cell),
    requirements: listOf(requirement),
  })
  .readonly() satisfies z.ZodType<Catalogue>;

/** What a security recommendation asks for, as versioned data: which threats stand at which stages, and which claims answer them. */
export interface Catalogue {
  readonly id: string;
  readonly name: string;
  /** Of the data, as major.minor.patch. */
  readonly version: string;
  readonly stages: readonly Stage[];
  readonly stakeholders: readonly Stakeholder[];
  readonly facts: readonly Fact[];
  readonly threats: readonly Threat[];
  readonly claims: readonly Claim[];
  readonly cells: readonly Cell[];
  readonly requirements: readonly Requirement[];
}
/**
 * A stage of a system's life.
 *
 * @interface
 */
export type Stage = z.infer<typeof stage>;
/**
 * A role, and what it answers for.
 *
 * @interface
 */
export type Stakeholder = z.infer<typeof stakeholder>;
/**
 * What may go wrong, or be done to a system.
 *
 * @interface
 */
export type Threat = z.infer<typeof threat>;
/**
 * A fact about a system that decides which threats stand, and where sextant.yaml tells it.
 *
 * @interface
 */
export type Fact = z.infer<typeof fact>;
/**
 * Something that can be measured: one sentence that holds or does not.
 *
 * @interface
 */
export type Claim = z.infer<typeof claimSchema>;
/**
 * A threat at a stage: when it stands, and the claims that answer it.
 *
 * @interface
 */
export type Cell = z.infer<typeof cell>;
/**
 * A line that somebody in a role must keep, and the claims that show it.
 *
 * @interface
 */
export type Requirement = z.infer<typeof requirement>;

/** Open sets, since users may add entries of their own: `catalogue.stages` and the like hold those there are. */
export type StageId = string;
export type ThreatId = string;
export type RequirementId = string;
export type ClaimId = string;
