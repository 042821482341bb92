import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, removeStore } from "./index.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sextant-store-"));
  path = join(folder, "index.db");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = (evidence: string, measuredAt: string) => ({ key: "k", about: "a", control: "c", evidence, measuredAt });

describe("the index", () => {
  it("finds the latest measurement of a key and of a subject, after being closed and opened", async () => {
    const store = await openStore(path);
    expect(store.empty).toBe(true);
    await store.addMeasurement(row("old", "2026-01-01"));
    await store.addMeasurement(row("new", "2026-02-01"));
    await store.addMeasurement(row("new", "2026-02-01"));
    await store.close();
    const again = await openStore(path);
    expect(again.empty).toBe(false);
    expect((await again.measurement("k"))?.evidence).toBe("new");
    expect((await again.latestAbout("a"))?.evidence).toBe("new");
    expect(await again.measurement("another")).toBeNull();
    await again.close();
  });

  it("finds the latest assessment", async () => {
    const store = await openStore(path);
    expect(await store.latestAssessment()).toBeNull();
    await store.addAssessment({ evidence: "b", finishedAt: "2026-02-01" });
    await store.addAssessment({ evidence: "a", finishedAt: "2026-01-01" });
    expect((await store.latestAssessment())?.evidence).toBe("b");
    await store.close();
  });

  it("sets a damaged file aside and begins empty, so that it is filled from the evidence", async () => {
    await writeFile(path, "this is no database, however long it is ".repeat(200));
    const store = await openStore(path);
    expect(store.empty).toBe(true);
    await store.close();
    expect(await readdir(folder)).toContain("index.db.old");
  });

  it("is gone after its removal, journal included", async () => {
    const store = await openStore(path);
    await store.addMeasurement(row("old", "2026-01-01"));
    await store.close();
    await removeStore(path);
    expect(await readdir(folder)).toEqual([]);
  });
});
