import type { OpenVictim } from "../../../attacks/index.ts";
import { Problem } from "../../../base/index.ts";

/** No gradient reaches what is asked for: said of the model, and no fault of ours. */
const codes: readonly string[] = [
  "GRADIENT_MISSING",
  "GRADIENT_BLOCKED",
  "GRADIENT_LOSS",
  "GRADIENT_SCORES",
  "GRADIENT_INPUT",
  "ATTACK_UNFIT",
];

export const saysNoGradient = (error: unknown): error is Problem => error instanceof Problem && codes.includes(error.code);

/** The victim, of which one gradient was taken: throws what says that none goes through the model. */
export async function withGradients(open: () => Promise<OpenVictim>, width: number): Promise<OpenVictim> {
  const victim = await open();
  await victim.slopes?.({ rows: 1, width, values: new Float32Array(width) }, Int32Array.of(0), "margin");
  return victim;
}

/** The victim, or null for a model that no gradient goes through. */
export async function orNone(open: () => Promise<OpenVictim>, width: number): Promise<OpenVictim | null> {
  try {
    return await withGradients(open, width);
  } catch (error) {
    if (saysNoGradient(error)) return null;
    throw error;
  }
}
