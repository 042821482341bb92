import { Problem } from "../../base/index.ts";
import type { Table } from "../../data/index.ts";
import { mostBytes, openCredit, parsed } from "./ask.ts";
import type { EndpointBinding } from "./binding.ts";
import { Failure } from "./failures.ts";
import { openHttp, secretsFor } from "./http.ts";
import { rawOf } from "./interpret.ts";
import { openLedger } from "./ledger.ts";
import { type Clock, realClock } from "./pace.ts";
import { protocols } from "./protocols/all.ts";
import { joined } from "./protocols/protocol.ts";
import { rowWriter } from "./rows.ts";
import { takeTurn } from "./turn.ts";

export interface Load {
  readonly calls: number;
  /** Calls before those that are timed. */
  readonly warmUp: number;
  /** Requests that arrive each second, however long the answers take; null: each when the one before is answered. */
  readonly perSecond: number | null;
  readonly inFlight: number;
}

export interface LoadTimes {
  /** Of each call, in milliseconds, from when it was due to its answer's last byte, read and checked; one that failed took all of `timeoutMs`. */
  readonly timesMs: Float64Array;
  readonly failed: number;
  /** Why the first of them failed. */
  readonly firstFailure: string | null;
  /** Requests a second that were answered. */
  readonly perSecond: number;
}

/**
 * Times requests of one row each. Nothing is taken from what was answered before: each call is sent, once, and counts as a query. Requests are due at even
 * distances and timed from then on, so that a slow answer delays none of those after it unseen (no coordinated omission: Tene, "How NOT to Measure
 * Latency"). Throws QUERY_BUDGET_SPENT before the first call where the budget does not hold them all.
 */
export async function measureLoad(
  binding: EndpointBinding,
  table: Table,
  { calls, warmUp, perSecond, inFlight }: Load,
  {
    environment = process.env,
    clock = realClock,
    waiting,
  }: { environment?: NodeJS.ProcessEnv; clock?: Clock; waiting?: (what: string) => void } = {},
): Promise<LoadTimes> {
  const { access, address, classes } = binding;
  if (access.trouble !== null) throw new Problem(access.trouble.code, access.trouble.message, access.trouble);
  using ledger = openLedger(access.ledger);
  using _turn = await takeTurn(access.ledger, { waiting });
  await using http = await openHttp({ ...access, inFlight }, secretsFor(access.credentials, environment), environment);
  const total = calls + warmUp;
  const credit = openCredit({ ledger, binding }, 1);
  credit.take(total);
  const protocol = protocols[address.protocol];
  const path = joined(access.url, protocol.path(address, access.url));
  const write = rowWriter(table, binding, protocol.blanks);
  const bodyOf = protocol.bodies(binding);
  const bodies = Array.from({ length: Math.min(total, table.rows) }, (_, row) => bodyOf([write(row)]));

  const timesMs = new Float64Array(calls);
  const state = { failed: 0, firstFailure: null as string | null, unsent: total };
  const call = async (index: number, due: number) => {
    const body = bodies[index % bodies.length] ?? "";
    state.unsent--;
    const failure = await http.send({ path, body, mostBytes: mostBytes(1, classes.length) }).then(
      (text) => checked(() => rawOf(protocol.read(parsed(text), 1, binding), 1, binding)),
      (error: unknown) => messageOf(error),
    );
    if (index < warmUp) return;
    timesMs[index - warmUp] = failure === null ? clock.now() - due : Math.max(clock.now() - due, access.timeoutMs);
    if (failure === null) return;
    state.failed++;
    state.firstFailure ??= failure;
  };

  const running = new Set<Promise<void>>();
  const started = clock.now();
  let timedFrom = started;
  try {
    for (let index = 0; index < total; index++) {
      if (index === warmUp) timedFrom = clock.now();
      const due = perSecond === null ? null : started + (1000 * index) / perSecond;
      if (due !== null && due > clock.now()) await clock.sleep(due - clock.now());
      while (running.size >= inFlight) await Promise.race(running);
      const sent = call(index, due ?? clock.now()).finally(() => running.delete(sent));
      running.add(sent);
    }
    await Promise.all(running);
  } finally {
    credit.putBack(state.unsent);
    credit.giveBack();
  }
  const seconds = (clock.now() - timedFrom) / 1000;
  return { timesMs, failed: state.failed, firstFailure: state.firstFailure, perSecond: (calls - state.failed) / seconds };
}

function checked(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** A fault of ours is no failure of the endpoint. */
function messageOf(error: unknown): string {
  if (error instanceof Failure || error instanceof Problem) return error.message;
  throw error;
}
