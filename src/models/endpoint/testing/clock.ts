import type { Clock } from "../pace.ts";

/** Time that passes only by being waited for, or by hand. */
export function steppedClock(): Clock & { time: number; readonly waits: number[] } {
  const clock = {
    time: 0,
    waits: [] as number[],
    now: () => clock.time,
    async sleep(milliseconds: number) {
      clock.time += milliseconds;
      clock.waits.push(milliseconds);
    },
  };
  return clock;
}
