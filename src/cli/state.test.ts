import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
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
