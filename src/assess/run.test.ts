import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { declaration, folders, tinyProject } from "../cli/testing/project.ts";
import { readDeclaration } from "../declaration/index.ts";
import { assess, planOf } from "./index.ts";
import type { Progress } from "./run.ts";

const folderOf = folders();

const limits = { memoryBytes: 4 * 2 ** 30, timeoutMs: 300_000 };

/** Assesses a folder in this process, telling each event as it comes. */
async function assessed(folder: string, progress: (event: Progress) => void = () => undefined, fresh = false) {
  return assess(await readDeclaration(folder), { limits, now: () => new Date(), progress, fresh });
}

/** The isolated processes of this one. */
const childrenOf = (pid: number) =>
  execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === pid && args.some((arg) => arg.includes("isolate-host")))
    .map(([own]) => Number(own));

const measuredIn = (folder: string) =>
  readdirSync(join(folder, ".sextant/evidence"))
    .map((name) => JSON.parse(readFileSync(join(folder, ".sextant/evidence", name), "utf8")) as { schema: string; control: string })
    .filter(({ schema }) => schema === "sextant/measurement@1");

describe("a run", () => {
  it("makes each derived artefact once, and every control that needs it shares it", async () => {
    const begun: string[] = [];
    const { results } = await assessed(await folderOf(tinyProject({ rows: 300 })), ({ what, part }) => part ?? begun.push(what));
    const made = begun.filter((what) => what === "predictions");
    expect(results.filter(({ model, measuredAt }) => model !== undefined && measuredAt !== null).length).toBeGreaterThan(5);
    expect(made).toHaveLength(2); // of the training and of the test split
  });

  it("with --fresh makes all of them anew, each once", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    const begun = { first: [] as string[], again: [] as string[], fresh: [] as string[] };
    const noting = (list: string[]) => (event: Progress) => event.part ?? list.push(event.what);
    await assessed(folder, noting(begun.first));
    await assessed(folder, noting(begun.again));
    await assessed(folder, noting(begun.fresh), true);
    expect(begun.again).toEqual([]);
    expect(begun.fresh).toEqual(begun.first);
  });

  it("measures once what two names stand for", async () => {
    const twin = declaration.replace(
      "services:",
      "  - { id: twin, file: tiny.onnx, trainedOn: [applicants], inputs: { x: [income, debt] }, classes: [refused, granted] }\nservices:",
    );
    const folder = await folderOf({ ...tinyProject({ rows: 300 }), "sextant.yaml": twin });
    const { results } = await assessed(folder);
    const sizes = results.filter(({ claim }) => claim === "weak-algorithm/size");
    expect(sizes.map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ["tiny on applicants", "met"],
      ["twin on applicants", "met"],
    ]);
    expect(measuredIn(folder).filter(({ control }) => control === "weak-algorithm/size")).toHaveLength(1);
  });

  it.skipIf(process.platform === "win32").each(["SIGSEGV", "SIGKILL"] as const)(
    "whose child is ended by %s in the middle of a control loses that control alone: the rest goes on, and the next run measures it",
    async (signal) => {
      const folder = await folderOf(tinyProject({ rows: 300 }));
      const victim = "unbalanced-data/class-balance";
      const { results, exit } = await assessed(folder, ({ what }) => {
        if (what === victim) for (const pid of childrenOf(process.pid)) process.kill(pid, signal);
      });
      const errored = results.filter(({ verdict }) => verdict === "errored");
      expect(errored.map(({ claim, reason }) => [claim, reason])).toEqual([[victim, expect.stringContaining(signal)]]);
      expect(
        results.filter(({ verdict, measuredAt }) => verdict !== "unassessed" && measuredAt === null).map(({ claim }) => claim),
      ).toEqual([victim]);
      expect(exit.code).toBe(3);
      const again = await assessed(folder);
      expect(again.results.filter(({ verdict, cached }) => verdict !== "unassessed" && !cached).map(({ claim }) => claim)).toEqual([
        victim,
      ]);
      expect(childrenOf(process.pid)).toEqual([]);
    },
  );
});

describe("a plan", () => {
  it("names each derived artefact where it is made first, and runs nothing", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    const planned = await planOf(await readDeclaration(folder), { limits, now: () => new Date() });
    const made = planned.flatMap(({ makes }) => makes);
    expect(made.filter((recipe) => recipe === "predictions")).toHaveLength(2); // of the training and of the test split
    expect(planned.filter(({ does }) => does === "measure").length).toBeGreaterThan(10);
    expect(readdirSync(folder)).not.toContain(".sextant");
  });
});

describe("evidence comes first, the index after it", () => {
  it("so that a measurement whose row was never written is known all the same", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    await assessed(folder);
    const index = new DatabaseSync(join(folder, ".sextant/index.db"));
    index.exec("DELETE FROM measurement WHERE control LIKE 'unbalanced-data/%'; DELETE FROM assessment");
    index.close();
    const { results } = await assessed(folder);
    expect(results.filter(({ cached, measuredAt }) => measuredAt !== null && !cached)).toEqual([]);
  });

  it("and a row whose evidence is gone is forgotten: it is measured again", async () => {
    const folder = await folderOf(tinyProject({ rows: 300 }));
    const { results } = await assessed(folder);
    const size = results.find(({ claim }) => claim === "weak-algorithm/size")?.evidence ?? "";
    rmSync(join(folder, ".sextant/evidence", `${size.slice("sha256:".length)}.json`));
    const again = await assessed(folder);
    expect(again.results.filter(({ cached, measuredAt }) => measuredAt !== null && !cached).map(({ claim }) => claim)).toEqual([
      "weak-algorithm/size",
    ]);
  });
});
