import { Problem } from "../base/index.ts";

const minutes = 60_000;

/** A step that takes longer is taken for a hostile file; a larger budget may take longer. */
const timeouts = { quick: 10 * minutes, standard: 60 * minutes, thorough: 600 * minutes } as const;
const memoryMebibytes = 4096;

/** What the isolated child may use: SEXTANT_MEMORY_MIB and SEXTANT_TIMEOUT_S raise or lower it. */
export function limitsFrom(environment: Readonly<Record<string, string | undefined>>, budget: keyof typeof timeouts) {
  const memory = positive(environment, "SEXTANT_MEMORY_MIB") ?? memoryMebibytes;
  const seconds = positive(environment, "SEXTANT_TIMEOUT_S");
  return { memoryBytes: memory * 2 ** 20, timeoutMs: seconds === null ? timeouts[budget] : seconds * 1000 };
}

function positive(environment: Readonly<Record<string, string | undefined>>, name: string): number | null {
  const text = environment[name];
  if (text === undefined || text === "") return null;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 2 ** 31 / 1000) return number;
  throw new Problem("COMMAND_UNKNOWN", `the environment variable ${name} must be a whole number above 0`, {
    at: name,
    remedy: "Correct it, or unset it.",
  });
}
