import { DatabaseSync } from "node:sqlite";
import { realClock } from "./pace.ts";

const lookAgainMs = 50;

/** One process at a time asks an endpoint, so that no two ask the same. The operating system takes the turn away from a process that dies. */
export async function takeTurn(ledger: string, clock = realClock): Promise<Disposable> {
  const database = new DatabaseSync(`${ledger}.turn`, { timeout: 0 });
  for (;;) {
    try {
      database.exec("BEGIN EXCLUSIVE");
      return { [Symbol.dispose]: () => database.close() };
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== 5) {
        database.close();
        throw error;
      }
      await clock.sleep(lookAgainMs);
    }
  }
}
