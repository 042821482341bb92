/** Every problem a person can meet: the code is stable; the text is what `sextant explain CODE` prints. Keep it sorted. */
export const problemCodes = {
  ARTEFACT_ESCAPES: "A path in the declaration leads outside the project's folder, directly or through a link. Everything assessed must lie inside it.",
  ARTEFACT_MISSING: "A file that the declaration names does not exist or cannot be read.",
  CHILD_DIED: "The isolated process that reads data and runs models ended by itself: out of memory, killed, or crashed by a hostile file.",
  CHILD_TIMEOUT: "A step took longer than its limit in the isolated process and was ended.",
  COMMAND_UNKNOWN: "The command line names a command or an option that does not exist, or gives a value that it cannot take.",
  EVIDENCE_ALTERED: "An evidence file no longer holds the bytes that its name (a SHA-256 digest) promises. It was damaged or changed, and is not used.",
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof problemCodes;
