import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import type { Assessment } from "../assess/index.ts";
import { canonicalJson, digestOf, type Json } from "../base/index.ts";
import { folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();

/** A project whose state somebody else has laid out. */
const projectWith = async (lay: (state: string) => void) => {
  const folder = await folderOf(tinyProject({ rows: 60 }));
  const state = join(folder, ".sextant");
  mkdirSync(state);
  lay(state);
  return folder;
};

describe("a project's state that was laid out by somebody else", () => {
  it.each(["spill", "cache", "evidence"])("a link at %s is refused, and nothing is written or deleted where it leads", async (name) => {
    const victim = await folderOf({ "letter.txt": "precious", "deep/photo": "precious" });
    const folder = await projectWith((state) => symlinkSync(victim, join(state, name)));
    for (const command of [["assess"], ["report"], ["doctor", "--rebuild"]]) {
      const { code, err } = await sextant(...command, folder);
      expect([command, code]).toEqual([command, 2]);
      expect(err).toContain(`.sextant/${name}  STATE_INVALID`);
    }
    expect(readdirSync(victim).sort()).toEqual(["deep", "letter.txt"]);
  });

  it("a link at the index makes no database elsewhere", async () => {
    const victim = await folderOf({});
    const folder = await projectWith((state) => symlinkSync(join(victim, "made"), join(state, "index.db")));
    expect((await sextant("assess", folder)).code).toBe(2);
    expect(readdirSync(victim)).toEqual([]);
  });

  it("what is no spill of ours is left alone", async () => {
    const folder = await projectWith((state) => {
      mkdirSync(join(state, "spill/notes"), { recursive: true });
      writeFileSync(join(state, "spill/notes/file"), "mine");
    });
    expect((await sextant("assess", folder, "--only", "weak-algorithm/size")).code).toBe(4);
    expect(readdirSync(join(folder, ".sextant/spill"))).toEqual(["notes"]);
  });
});

describe("evidence that was written by hand, under its own true name", () => {
  const statementsOf = (folder: string) => {
    const evidence = join(folder, ".sextant/evidence");
    return readdirSync(evidence).map((name) => ({
      path: join(evidence, name),
      statement: JSON.parse(readFileSync(join(evidence, name), "utf8")) as { [key: string]: Json },
    }));
  };
  const write = (folder: string, statement: Json) => {
    const text = canonicalJson(statement);
    writeFileSync(join(folder, ".sextant/evidence", `${digestOf(text).slice(7)}.json`), text);
  };

  it("measurements without a single number are judged undecided, unassessed or errored: never met, and never a crash", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    await sextant("assess", folder);
    for (const { path, statement } of statementsOf(folder)) {
      rmSync(path);
      if (statement.schema === "sextant/measurement@1") write(folder, { ...statement, measured: { measures: [] } });
    }
    const { code, out, err } = await sextant("assess", folder, "--format", "json");
    expect([err, [1, 3, 4].includes(code)]).toEqual(["", true]);
    const { results } = JSON.parse(out) as Assessment;
    const judged = results.filter(({ measuredAt }) => measuredAt !== null);
    expect(judged.length).toBeGreaterThan(10);
    expect(judged.filter(({ measures }) => measures.length > 0)).toEqual([]);
    expect(judged.filter(({ verdict }) => verdict === "met").map(({ claim }) => claim)).toEqual([]);
  });

  it("an assessment of another shape is left out: a report shows the last one that is whole", async () => {
    const folder = await folderOf(tinyProject({ rows: 60 }));
    await sextant("assess", folder, "--only", "weak-algorithm/size");
    const whole = statementsOf(folder).find(({ statement }) => statement.schema === "sextant/assessment@1")?.statement ?? {};
    const later = { ...whole, finishedAt: "2999-01-01T00:00:00.000Z" };
    write(folder, { ...later, results: "none" });
    write(folder, { ...later, seed: "<img src=x onerror=alert(1)>" });
    write(folder, [1, 2, 3]);
    const report = await sextant("report", folder, "--format", "json");
    expect(report.code).toBe(0);
    expect((JSON.parse(report.out) as Assessment).finishedAt).toBe(whole.finishedAt);
    expect((await sextant("doctor", folder, "--rebuild")).err.match(/left out/g)).toHaveLength(3);
  });

  it("an index that points elsewhere is not believed: the evidence says what it is of", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    const assessed = async () => (JSON.parse((await sextant("assess", folder, "--format", "json")).out) as Assessment).results;
    const before = await assessed();
    const index = new DatabaseSync(join(folder, ".sextant/index.db"));
    const size = index.prepare("SELECT evidence FROM measurement WHERE control = 'weak-algorithm/size'").get()?.evidence as string;
    index.prepare("DELETE FROM measurement WHERE evidence = ?").run(size);
    index.prepare("UPDATE measurement SET evidence = ? WHERE control = 'unbalanced-data/class-balance'").run(size);
    index.close();
    const numbers = (results: Assessment["results"]) => results.map(({ claim, verdict, measures }) => [claim, verdict, measures]);
    expect(numbers(await assessed())).toEqual(numbers(before));
  });
});
