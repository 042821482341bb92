/** A clock that tests replace. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Says when the next request may go: a token bucket that holds a tenth of a second, and pauses that servers ask for. */
export interface Pace {
  /** Waits for its turn. */
  turn(): Promise<void> | null;
  /** Nobody goes before this many milliseconds have passed. */
  pause(milliseconds: number): void;
}

export function openPace(ratePerSecond: number | null, clock: Clock = realClock): Pace {
  const most = ratePerSecond === null ? 0 : Math.max(1, ratePerSecond / 10);
  let tokens = most;
  let filledAt = clock.now();
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** Takes a token, in advance where there is none; milliseconds until it is there. */
  const take = () => {
    if (ratePerSecond === null) return 0;
    const now = clock.now();
    tokens = Math.min(most, tokens + ((now - filledAt) / 1000) * ratePerSecond);
    filledAt = now;
    tokens -= 1;
    return tokens >= 0 ? 0 : (-tokens / ratePerSecond) * 1000;
  };
  const waited = async (first: number) => {
    await clock.sleep(first);
    for (let left = pausedUntil - clock.now(); left > 0; left = pausedUntil - clock.now()) await clock.sleep(left);
  };
  return {
    turn() {
      const wait = Math.max(take(), pausedUntil - clock.now());
      return wait > 0 ? waited(wait) : null;
    },
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, clock.now() + milliseconds);
    },
  };
}
