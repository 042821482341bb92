import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, removeStore } from "./index.ts";
import { patienceMs, refusing } from "./refusal.ts";

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
    await store.addMeasurement(row("old", "2026-01-01"));
    await store.addMeasurement(row("new", "2026-02-01"));
    await store.addMeasurement(row("new", "2026-02-01"));
    await store.close();
    const again = await openStore(path);
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
    expect(await store.known()).toEqual(new Set());
    await store.close();
    expect(await readdir(folder)).toContain("index.db.old");
  });

  it("is made anew where its tables are not ours", async () => {
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE measurement (key TEXT); PRAGMA user_version = 1;");
    other.close();
    const store = await openStore(path);
    expect(await store.measurement("k")).toBeNull();
    await store.close();
  });

  it("is made once by many who open it at the same time, and none of them loses a row", async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(path)));
    await Promise.all(stores.map((store, at) => store.addMeasurement(row(`e${at}`, "2026-01-01"))));
    for (const store of stores) expect((await store.known()).size).toBe(8);
    for (const store of stores) await store.close();
    expect((await readdir(folder)).filter((name) => name.includes("old"))).toEqual([]);
  });

  it("forgets what is no evidence any more", async () => {
    const store = await openStore(path);
    await store.addMeasurement(row("gone", "2026-01-01"));
    await store.addMeasurement(row("kept", "2026-01-01"));
    await store.addAssessment({ evidence: "gone too", finishedAt: "2026-01-01" });
    await store.forget(["gone", "gone too"]);
    expect(await store.known()).toEqual(new Set(["kept"]));
    await store.close();
  });

  it("is gone after its removal, journal included", async () => {
    const store = await openStore(path);
    await store.addMeasurement(row("old", "2026-01-01"));
    await store.close();
    await removeStore(path);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("what stands in the way of the index", () => {
  it.each([
    ["a full disk", 13, /no space.*SQLITE_FULL/, /Free some space/],
    ["a failed write, in SQLite's extended code", 10 | (3 << 8), /SQLITE_IOERR/, /disk/],
    ["another program that writes", 5, /another program.*SQLITE_BUSY/, /Close the program/],
    ["a file that may not be written", 8 | (1 << 8), /SQLITE_READONLY/, /right to read and write/],
    ["a file that may not be opened", 14, /SQLITE_CANTOPEN/, /right to read and write/],
  ])("%s is a Problem that names the index and what to do", (_what, errcode, message, remedy) => {
    const fail = () => {
      throw Object.assign(new Error("from SQLite"), { code: "ERR_SQLITE_ERROR", errcode });
    };
    const problem = { code: "FILES_REFUSED", place: { file: path } };
    expect(() => refusing(path, fail)).toThrow(
      expect.objectContaining({ ...problem, message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) }),
    );
  });

  it(
    "is no damage: an index that another program holds is not set aside, when it is opened and when it is written",
    async () => {
      const store = await openStore(path);
      const other = new DatabaseSync(path);
      other.exec("BEGIN IMMEDIATE");
      const refused = { code: "FILES_REFUSED", place: { file: path } };
      await expect(store.addMeasurement(row("new", "2026-01-01"))).rejects.toMatchObject(refused);
      await expect(openStore(path)).rejects.toMatchObject(refused);
      other.exec("ROLLBACK");
      other.close();
      await store.addMeasurement(row("new", "2026-01-01"));
      await store.close();
      expect(await readdir(folder)).toEqual(["index.db"]);
    },
    20 * patienceMs,
  );

  it("does not hide our own faults", () => {
    const fault = Object.assign(new Error("near: syntax error"), { code: "ERR_SQLITE_ERROR", errcode: 1 });
    expect(() => {
      refusing(path, () => {
        throw fault;
      });
    }).toThrow(fault);
  });
});
