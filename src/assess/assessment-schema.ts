import * as z from "zod";
import { isDigest } from "../base/index.ts";
import { budgets } from "../controls/index.ts";
import type { Assessment } from "./assessment.ts";
import { attachedSchema, findingSchema, finite, measureSchema, seriesSchema, unit } from "./measurement.ts";

const outcome = z.enum(["met", "unmet", "undecided", "inapplicable", "errored", "unassessed"]);
const level = z.enum(["required", "recommended"]);
const digest = z.string().refine(isDigest, "must be a digest");
const text = z.string();
const declared = z.object({ line: z.int().min(1), column: z.int().min(1) });
const line = z.object({ threat: text, stage: text });
const words = z.object({ title: text, says: text, wants: text, owner: text }).optional();
const claim = z.object({ id: text, words, control: text.nullable(), verdict: outcome, reason: text });

const numberOrText = z.union([finite, text]);
const policyValue = z.object({
  name: text,
  value: numberOrText,
  unit: unit.optional(),
  source: text,
  because: text.optional(),
  own: z.object({ value: numberOrText, source: text }).optional(),
});

const result = z.object({
  words,
  control: text,
  claim: text,
  subject: text,
  model: text.optional(),
  dataset: text.optional(),
  artefacts: z.array(text),
  cells: z.array(line),
  requirements: z.array(text),
  verdict: outcome,
  reason: text,
  remedy: text.nullable(),
  measures: z.array(measureSchema),
  findings: z.array(findingSchema),
  findingsTotal: finite,
  series: z.array(seriesSchema),
  attachments: z.array(digest),
  pictures: z.array(attachedSchema).default([]),
  decisive: z.array(z.object({ measure: measureSchema, limit: finite, better: z.enum(["low", "high"]) })),
  policy: z.array(policyValue),
  measuredAt: text.nullable(),
  evidence: digest.nullable(),
  seed: finite.nullable(),
  budget: z.enum(budgets).nullable(),
  cached: z.boolean(),
  milliseconds: finite,
  declared: declared.optional(),
});

const cell = line.extend({
  applies: z.boolean(),
  why: text,
  level,
  levelBecause: text.optional(),
  status: outcome,
  claims: z.array(claim),
});

const requirement = z.object({
  id: text,
  level,
  stakeholder: text,
  stage: text,
  applies: z.boolean(),
  why: text,
  status: outcome,
  claims: z.array(claim),
});

/** An assessment as it lies on disk, where anybody may have written it: a report is made of nothing else. */
export const assessmentSchema = z.object({
  schema: z.literal("sextant/assessment@1"),
  catalogue: z.object({ id: text, version: text, name: text }),
  tool: z.object({ name: text, version: text }),
  system: z.object({ name: text, purpose: text.nullable() }),
  seed: finite,
  budget: z.enum(budgets),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  declaration: text.optional(),
  artefacts: z.array(
    z.object({
      id: text,
      kind: text,
      digest,
      about: text,
      path: text.optional(),
      firstRowLine: z.int().min(1).optional(),
      files: z.array(z.object({ name: text, rows: finite })).optional(),
      declared: declared.optional(),
    }),
  ),
  results: z.array(result),
  cells: z.array(cell),
  requirements: z.array(requirement),
  next: z.array(z.object({ stakeholder: text, person: text.nullable(), id: text, words, outcome, what: text, remedy: text.nullable() })),
  risks: z.array(z.never()),
  exit: z.object({ code: z.literal([0, 1, 3, 4]), why: text }),
}) as unknown as z.ZodType<Assessment>;
