import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openKeyIndex } from "./key-index.ts";
import { openLedger } from "./ledger.ts";
import { keyOf } from "./rows.ts";
import { scratch } from "./testing/bindings.ts";

const key = (text: string | number) => keyOf("somebody", [String(text)]);
const answer = (label: string) => ({ label, scores: null });

describe("a ledger", () => {
  it("books no more than the budget, whatever is asked of it in whatever order, also when it is opened again", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.array(fc.tuple(fc.nat(60), fc.boolean()), { maxLength: 20 }), (budget, wishes) => {
        const path = join(scratch(), "l.db");
        let ledger = openLedger(path);
        let booked = 0;
        for (const [wanted, reopen] of wishes) {
          const granted = ledger.book(wanted, budget);
          booked += granted;
          expect(granted).toBe(Math.min(wanted, budget - (booked - granted)));
          if (reopen) {
            ledger[Symbol.dispose]();
            ledger = openLedger(path);
          }
          expect(ledger.spent).toBe(booked);
        }
        ledger[Symbol.dispose]();
        expect(booked).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 20 },
    );
  });

  it("finds what it kept: before it is written, after, in another process's eyes, and after a restart", () => {
    const path = join(scratch(), "l.db");
    const [mine, theirs] = [openLedger(path), openLedger(path)];
    mine.keep([key(1), key(2)], [answer("a"), answer("b")]);
    expect([mine.find(key(2)), theirs.find(key(2))]).toEqual([answer("b"), null]);
    mine.flush();
    theirs.keep([key(3)], [answer("c")]);
    theirs.flush();
    mine.refresh();
    expect([1, 2, 3, 4].map((each) => mine.find(key(each))?.label)).toEqual(["a", "b", "c", undefined]);
    mine[Symbol.dispose]();
    theirs[Symbol.dispose]();
    using again = openLedger(path);
    expect([1, 2, 3, 4].map((each) => again.find(key(each))?.label)).toEqual(["a", "b", "c", undefined]);
  });

  it("keeps what was answered with the next booking", () => {
    const path = join(scratch(), "l.db");
    using ledger = openLedger(path);
    ledger.keep([key(1)], [answer("a")]);
    ledger.book(1, 10);
    using other = openLedger(path);
    expect(other.find(key(1))).toEqual(answer("a"));
  });

  it("that is no database is refused, since what was spent is then not known", () => {
    const path = join(scratch(), "l.db");
    writeFileSync(path, "not a database, and longer than the header of one, which is a hundred bytes long: so here are some more of them.");
    expect(() => openLedger(path)).toThrow(expect.objectContaining({ code: "LEDGER_DAMAGED" }));
    expect(existsSync(path)).toBe(true);
  });
});

describe("an index of keys", () => {
  it("finds each key in its record among many, and no other", () => {
    const index = openKeyIndex();
    const keys = Array.from({ length: 20_000 }, (_, at) => key(at));
    for (const [at, each] of keys.entries()) index.add(each, 1 + Math.floor(at / 7));
    expect(index.size).toBe(keys.length);
    for (const [at, each] of keys.entries()) {
      const record = 1 + Math.floor(at / 7);
      expect(index.find(each, (found) => found === record)).toBe(record);
    }
    expect(
      Array.from({ length: 2000 }, (_, at) => index.find(key(-1 - at), () => true)).filter((each) => each !== null).length,
    ).toBeLessThan(3);
  });

  it("keeps keys of equal beginning apart by what their records hold", () => {
    const index = openKeyIndex();
    const [a, b] = [`same${"a".repeat(12)}`, `same${"b".repeat(12)}`];
    index.add(a, 1);
    index.add(b, 2);
    expect([index.find(a, (record) => record === 1), index.find(b, (record) => record === 2), index.find(a, () => false)]).toEqual([
      1,
      2,
      null,
    ]);
  });
});

describe("answers that come slowly", () => {
  it("are on disk before the next one comes", () => {
    const path = join(scratch(), "l.db");
    using ledger = openLedger(path);
    ledger.keep([key(0)], [answer("a")]);
    const wait = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(wait, 0, 0, 120);
    ledger.keep([key(1)], [answer("b")]);
    using other = openLedger(path); // as after a kill: nothing was flushed or closed
    expect([0, 1].map((each) => other.find(key(each))?.label)).toEqual(["a", "b"]);
  });
});
