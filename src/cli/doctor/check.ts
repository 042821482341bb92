/** One line of what the doctor says. */
export interface Check {
  readonly id: string;
  /** `cannot`: something does not work at all. */
  readonly state: "ok" | "warning" | "cannot";
  readonly what: string;
  /** What it means for the work; null where all is well. */
  readonly means: string | null;
  /** What to do about it. */
  readonly fix: string | null;
}

export const ok = (id: string, what: string): Check => ({ id, state: "ok", what, means: null, fix: null });
export const warning = (id: string, what: string, means: string, fix: string): Check => ({ id, state: "warning", what, means, fix });
export const cannot = (id: string, what: string, means: string, fix: string): Check => ({ id, state: "cannot", what, means, fix });
