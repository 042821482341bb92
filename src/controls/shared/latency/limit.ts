import { declared } from "../../define.ts";

/** How long 99 of 100 answers may take, as the system's owners declared it. */
export const latencyLimit = declared(
  "system.limits.latencyMs",
  "Declare how long one answer may take, in milliseconds: `limits: { latencyMs: 50 }` under `system`.",
  ({ system }) => system.declaration.system.limits?.latencyMs ?? null,
  "ms",
);
