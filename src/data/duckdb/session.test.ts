import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../base/index.ts";
import { openSession, type Session } from "./session.ts";
import { literal } from "./sql.ts";

describe("A session", () => {
  let folder: string;
  let session: Session;
  let admitted: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "session-"));
    await writeFile(join(folder, "given.csv"), "a\n1\n");
    await writeFile(join(folder, "secret.csv"), "a\n2\n");
    session = await openSession({ memoryBytes: 64 * 2 ** 20, spillFolder: folder });
    admitted = await session.admit(join(folder, "given.csv"));
  });
  afterAll(async () => {
    await session.close();
    await rm(folder, { recursive: true });
  });

  const select = (path: string) => session.rows(`SELECT * FROM read_csv(${literal(path)})`, path);

  it("reads the file that it was given", async () => {
    expect(await select(admitted)).toEqual([["1"]]);
  });

  it.each(["secret.csv", "*.csv", "./given.csv/../secret.csv"])("cannot read another file: %s", async (name) => {
    await expect(select(join(folder, name))).rejects.toThrow(/Permission Error|cannot be read|disabled/);
  });

  it("cannot write beside its own folder", async () => {
    await expect(session.run(`COPY (SELECT 1) TO ${literal(join(folder, "out.csv"))}`, "")).rejects.toThrow(/disabled/);
    await expect(session.run(`COPY (SELECT 9 AS a) TO ${literal(join(folder, "secret.csv"))}`, "")).rejects.toThrow(/disabled/);
    expect(await readFile(join(folder, "secret.csv"), "utf8")).toBe("a\n2\n");
  });

  it.each([
    "SET enable_external_access = true",
    "SET threads = 64",
    "SET lock_configuration = false",
    "INSTALL httpfs",
    "LOAD httpfs",
    "ATTACH '/tmp/x.db'",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
  ])("refuses %s", async (sql) => {
    await expect(session.run(sql, "")).rejects.toThrow();
  });

  it("says of what does not fit that it does not fit", async () => {
    const error = await session.rows("SELECT list(range) FROM range(100000000)", "big.csv").catch((caught: unknown) => caught);
    expect(problemsOf(error)[0]).toMatchObject({ code: "TABLE_TOO_LARGE", place: { file: "big.csv" } });
    expect(await session.rows("SELECT 1", "")).toEqual([[1]]);
  });

  it("takes a mistake in its own SQL for a fault, not for a person's mistake", async () => {
    const error = await session.rows("SELEC 1", "").catch((caught: unknown) => caught);
    expect(problemsOf(error)).toEqual([]);
  });
});
