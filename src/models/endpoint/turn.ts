import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Clock, realClock } from "./pace.ts";

const lookAgainMs = 50;
const sayAfterMs = 1000;

interface Taking {
  readonly clock?: Clock;
  /** Told once it takes a while: who has the turn, and what to do. */
  readonly waiting?: ((what: string) => void) | undefined;
}

/** One process at a time asks an endpoint, so that no two ask the same. The operating system takes the turn away from a process that dies. */
export async function takeTurn(ledger: string, { clock = realClock, waiting }: Taking = {}): Promise<Disposable> {
  const database = new DatabaseSync(`${ledger}.turn`, { timeout: 0 });
  const began = clock.now();
  let said: string | null = null;
  for (;;) {
    try {
      database.exec("BEGIN EXCLUSIVE");
      noteHolder(ledger);
      return { [Symbol.dispose]: () => database.close() };
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== 5) {
        database.close();
        throw error;
      }
    }
    const holder = clock.now() - began < sayAfterMs ? null : holderOf(ledger);
    if (holder !== null && holder !== said) waiting?.(`waiting: ${holder} is asking this endpoint; let it end, or stop it`);
    said = holder ?? said;
    await clock.sleep(lookAgainMs);
  }
}

const holderFile = (ledger: string) => `${ledger}.turn-holder`;

/** The process that a person started: an isolated child is its parent's. */
const ownId = () => (process.connected ? process.ppid : process.pid);

/** Said to people alone: the lock does not rest on it. */
function noteHolder(ledger: string): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW = 0 } = constants;
  try {
    const file = openSync(holderFile(ledger), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
    writeSync(file, String(ownId()));
    closeSync(file);
  } catch {
    // Nobody is told a number then.
  }
}

function holderOf(ledger: string): string {
  try {
    const [id] = /^\d{1,10}$/.exec(readFileSync(holderFile(ledger), "utf8")) ?? [];
    return id === undefined ? "another process" : `process ${id}`;
  } catch {
    return "another process";
  }
}
