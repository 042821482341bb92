import { Problem, type Random } from "../../base/index.ts";
import { Failure } from "./failures.ts";
import type { Http, Question } from "./http.ts";
import { type Clock, type Pace, realClock } from "./pace.ts";

const firstDelayMs = 200;
const mostDelayMs = 20_000;
/** A server that asks for longer is not waited for. */
const longestPauseMs = 120_000;

export interface Retrying {
  readonly http: Http;
  readonly pace: Pace;
  readonly retries: number;
  readonly random: Random;
  readonly clock?: Clock;
  /** Books the question before each attempt; throws where the budget has no room for it. */
  book(): void;
  /** Takes the booking back: nothing was sent. */
  unbook(): void;
}

/**
 * Asks until there is an answer, as often as may be. Between attempts it waits a random time below a bound that doubles ("full jitter": Brooker 2015), or as
 * long as the server says, and then lets nobody else through either. Throws a Problem.
 */
export async function ask(question: Question, { http, pace, retries, random, book, unbook, clock = realClock }: Retrying): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const turn = pace.turn();
    if (turn !== null) await turn;
    book();
    try {
      return await http.send(question);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.neverSent) unbook();
      if (!error.isPassing || attempt >= retries) throw lasting(error, attempt + 1);
      const { retryAfterMs } = error;
      if (retryAfterMs !== null && retryAfterMs > longestPauseMs) throw lasting(error, attempt + 1);
      if (retryAfterMs !== null) pace.pause(retryAfterMs);
      await clock.sleep((retryAfterMs ?? 0) + random.uniform() * Math.min(mostDelayMs, firstDelayMs * 2 ** attempt));
    }
  }
}

function lasting({ problem, retryAfterMs }: Failure, attempts: number): Problem {
  const waits = retryAfterMs !== null && retryAfterMs > longestPauseMs ? `, and asks to wait for ${Math.ceil(retryAfterMs / 1000)} s` : "";
  const times = attempts > 1 ? ` (${attempts} attempts)` : "";
  return new Problem(problem.code, `${problem.message}${waits}${times}`, { ...problem.place, remedy: problem.remedy });
}
