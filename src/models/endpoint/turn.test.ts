import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./testing/bindings.ts";
import { takeTurn } from "./turn.ts";

/** A clock on which each look is 50 ms after the last; the turn is given back at `free`. */
function ticking(turn: Disposable, free: number) {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds: number) {
      now += milliseconds;
      if (now >= free) turn[Symbol.dispose]();
    },
  };
}

test("whoever waits a second for its turn is told once which process has it, and what to do", async () => {
  const ledger = join(scratch(), "a.db");
  const said: string[] = [];
  const clock = ticking(await takeTurn(ledger), 5000);
  using _turn = await takeTurn(ledger, { clock, waiting: (what) => said.push(what) });
  const self = process.connected ? process.ppid : process.pid;
  expect(said).toEqual([`waiting: process ${self} is asking this endpoint; let it end, or stop it`]);
});

test("whoever waits less is told nothing, and what does not name a process names none", async () => {
  const ledger = join(scratch(), "a.db");
  const said: string[] = [];
  const waiting = (what: string) => said.push(what);
  const held = await takeTurn(ledger);
  const second = await takeTurn(ledger, { clock: ticking(held, 900), waiting });
  expect(said).toEqual([]);
  writeFileSync(`${ledger}.turn-holder`, "\u001b[31m1; rm");
  using _third = await takeTurn(ledger, { clock: ticking(second, 1200), waiting });
  expect(said).toEqual(["waiting: another process is asking this endpoint; let it end, or stop it"]);
});
