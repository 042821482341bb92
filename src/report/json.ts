import type { Assessment } from "../assess/index.ts";

/** The order of the contract, for a reader's eye: what a thing is, then what came of it, then how. Other keys follow by name. */
const order = [
  ["schema", "catalogue", "tool", "system", "seed", "budget", "startedAt", "finishedAt", "exit", "artefacts", "results", "cells"],
  ["requirements", "next", "risks", "id", "name", "version", "purpose", "kind", "control", "claim", "subject", "model", "dataset"],
  ["threat", "stage", "stakeholder", "person", "applies", "why", "level", "levelBecause", "status", "verdict", "outcome", "what"],
  ["reason", "remedy", "claims", "measure", "limit", "better", "value", "unit", "low", "high", "confidence", "population", "baseline"],
  ["n", "queries", "of", "artefact", "row", "column", "place", "probability", "x", "y", "label", "values", "reference", "measures"],
  [
    "decisive",
    "findings",
    "findingsTotal",
    "series",
    "attachments",
    "pictures",
    "says",
    "policy",
    "source",
    "because",
    "measuredAt",
    "evidence",
    "digest",
  ],
  ["about", "cached", "milliseconds", "code"],
].flat();
const rank = new Map(order.map((key, at) => [key, at]));

/** The baseline that decided the exit code, where there was one. */
export interface Against {
  readonly finishedAt: string;
  readonly exit: Assessment["exit"];
}

/** The assessment as JSON: one document in a stable order of keys, with a newline at its end. */
export function renderJson(assessment: Assessment & { readonly baseline?: Against }): string {
  return `${JSON.stringify(assessment, (_key, value: unknown) => sorted(value), 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => byRank(a, b)));
}

function byRank(a: string, b: string): number {
  const last = order.length;
  return (rank.get(a) ?? last) - (rank.get(b) ?? last) || (a < b ? -1 : 1);
}
