import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../base/index.ts";
import { type EndpointBinding, scopeOf } from "./binding.ts";
import { openLedger } from "./ledger.ts";
import { protocols } from "./protocols/all.ts";
import { keyOf, rowWriter } from "./rows.ts";
import { accessOf, addressOf, applicants, bound, scratch } from "./testing/bindings.ts";
import { startFake } from "./testing/fake.ts";

const asker = fileURLToPath(new URL("./testing/asker.ts", import.meta.url));
const rows = 500;
const table = applicants(rows);

function start(binding: EndpointBinding): ChildProcess & { readonly ended: Promise<{ code: number | null; out: string }> } {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", asker, JSON.stringify(binding), String(rows)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out }));
  return Object.assign(child, { ended });
}

/** The rows, as the server sees them, that the ledger holds an answer to. */
function answered(binding: EndpointBinding): Set<string> {
  using ledger = openLedger(binding.access.ledger);
  const write = rowWriter(table, binding, protocols[binding.address.protocol].blanks);
  const scope = `${scopeOf(binding)} ${binding.generation}`;
  const texts = Array.from({ length: rows }, (_, row) => write(row)).filter((row) => ledger.find(keyOf(scope, row)) !== null);
  return new Set(texts.map(([text]) => text ?? ""));
}

describe("a process that is killed while it asks", () => {
  it("leaves a ledger from which the next goes on: nothing kept is asked again, and the budget holds, however often", async () => {
    const random = seededRandom(11, "kills");
    const waiting: { until: number; child: ChildProcess | null } = { until: Number.POSITIVE_INFINITY, child: null };
    await using fake = await startFake({
      quirk: () => {
        if (fake.rows >= waiting.until) waiting.child?.kill("SIGKILL");
        return false;
      },
    });
    const queries = 16 + rows + 300;
    const access = accessOf(fake.url, scratch(), { queries, inFlight: 6, batch: 3 });
    const binding = await bound({ address: addressOf(fake.url, "open-inference"), access, table });
    for (let kill = 0; kill < 3; kill++) {
      const kept = answered(binding);
      const seen = fake.seen.length;
      waiting.until = fake.rows + 1 + random.integer(90);
      waiting.child = start(binding);
      expect((await (waiting.child as ReturnType<typeof start>).ended).code, "it was killed").toBeNull();
      expect(fake.seen.slice(seen).filter((row) => kept.has(row))).toEqual([]);
      expect(fake.rows).toBeLessThanOrEqual(queries);
      using ledger = openLedger(access.ledger);
      expect(ledger.spent).toBeGreaterThanOrEqual(fake.rows);
      expect(ledger.spent).toBeLessThanOrEqual(queries);
    }
    waiting.until = Number.POSITIVE_INFINITY;
    const kept = answered(binding);
    expect(kept.size).toBeGreaterThan(20);
    const seen = fake.seen.length;
    const { code, out } = await start(binding).ended;
    expect(fake.seen.slice(seen).filter((row) => kept.has(row))).toEqual([]);
    expect(fake.rows).toBeLessThanOrEqual(queries);
    expect([code, JSON.parse(out).length]).toEqual([0, rows]);
    expect(answered(binding).size).toBe(rows);
  });

  it("and one that asks at the same time: each row is asked once, by either", async () => {
    await using fake = await startFake();
    const access = accessOf(fake.url, scratch(), { queries: 16 + rows, inFlight: 4, batch: 5 });
    const binding = await bound({ address: addressOf(fake.url, "open-inference"), access, table });
    const both = await Promise.all([start(binding).ended, start(binding).ended]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both[0]?.out).toBe(both[1]?.out);
    expect(fake.rows).toBe(16 + rows - 8);
  });
});
