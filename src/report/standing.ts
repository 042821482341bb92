import type { Assessment, Level, Outcome } from "../assess/index.ts";

/** What a claim counts for: something required that applies, something recommended alone, or nothing that applies (null). */
export function levelsOf({ cells, requirements }: Pick<Assessment, "cells" | "requirements">): (claim: string) => Level | null {
  const levels = new Map<string, Level>();
  for (const { applies, level, claims } of [...cells, ...requirements]) {
    if (!applies) continue;
    for (const { id } of claims) if (levels.get(id) !== "required") levels.set(id, level);
  }
  return (claim) => levels.get(claim) ?? null;
}

/** Whether there is something to do about it. */
export const isOpen = (outcome: Outcome): boolean => outcome !== "met" && outcome !== "inapplicable";
