import { describe, expect, it } from "vitest";
import { folders, tinyProject } from "../cli/testing/project.ts";
import * as authoring from "../controls/authoring.ts";
import * as library from "./index.ts";
import { type AssessEvent, assess, lastAssessment, plan, problemsOf, report } from "./index.ts";

const folder = folders();

describe("the library", () => {
  it("stops when it is told to, and goes on from there", async () => {
    const root = await folder(tinyProject({ rows: 400 }));
    const stop = new AbortController();
    const ended: string[] = [];
    const running = assess(root, {
      signal: stop.signal,
      on(event) {
        if (event.kind !== "ended" || event.how !== "measured") return;
        ended.push(event.claim);
        if (ended.length === 2) stop.abort(new Error("enough"));
      },
    });
    await expect(running).rejects.toThrow("enough");
    const known: string[] = [];
    await assess(root, { on: (event) => void (event.kind === "ended" && event.how === "known" && known.push(event.claim)) });
    expect(known).toEqual(expect.arrayContaining(ended));
  });

  it("stops when the listener throws, whichever event it was, and rejects with that", async () => {
    const root = await folder(tinyProject({ rows: 50 }));
    for (const kind of ["progress", "ended"] as const) {
      const on = (event: AssessEvent) => {
        if (event.kind === kind) throw new Error(`no more ${kind}`);
      };
      await expect(assess(root, { only: ["unbalanced-data"], on })).rejects.toThrow(`no more ${kind}`);
    }
  });

  it("plans without measuring, and has no last assessment before the first", async () => {
    const root = await folder(tinyProject({ rows: 50 }));
    const only = ["weak-algorithm/size"];
    expect(await plan(root, { only })).toMatchObject([{ claim: "weak-algorithm/size", does: "measure" }]);
    expect(await lastAssessment(root)).toBeNull();
    const assessment = await assess(root, { only });
    expect(await lastAssessment(root)).toEqual(assessment);
    expect(await plan(root, { only })).toMatchObject([{ does: "reuse" }]);
  });

  it("rejects with every mistake of a declaration, each with its code and place", async () => {
    const root = await folder({ "sextant.yaml": "version: 1\nsystem: { nam: x }\nsed: 3\n" });
    const error = await assess(root).catch((thrown: unknown) => thrown);
    expect(problemsOf(error).map(({ code, place }) => [code, place.line])).toEqual(
      expect.arrayContaining([
        ["DECLARATION_KEY_UNKNOWN", 2],
        ["DECLARATION_KEY_UNKNOWN", 3],
      ]),
    );
  });

  it.each<[what: string, call: (folder: string) => Promise<unknown>, says: string]>([
    ["an object for a folder", () => assess({} as never), "folder: expected a text; this is a mapping"],
    ["nothing for a folder", () => assess(undefined as never), "folder is missing: a text is wanted"],
    ["nothing for a folder", () => lastAssessment(undefined as never), "folder is missing: a text is wanted"],
    ["a text for options", (root) => plan(root, "quick" as never), "options: expected a mapping"],
    ["null for options", (root) => assess(root, null as never), "options: expected a mapping"],
    [
      "a budget that there is not",
      (root) => assess(root, { budget: "huge" } as never),
      "budget: expected one of quick, standard, thorough",
    ],
    ["one claim where a list is wanted", (root) => assess(root, { only: "weak-algorithm" } as never), "only: expected a list"],
    ["an option that there is not", (root) => assess(root, { budgets: "quick" } as never), "nothing is called “budgets” here"],
    ["no signal", (root) => assess(root, { signal: {} } as never), "signal: an AbortSignal is wanted"],
    ["no listener", (root) => assess(root, { on: "progress" } as never), "on: a function is wanted"],
    ["no assessment", () => report(null as never, "json"), "assessment: expected a mapping"],
    ["a format that there is not", () => report({ results: [], cells: [] } as never, "pdf" as never), "format: expected one of"],
  ])("given %s by plain JavaScript, rejects with a Problem that says what is wanted", async (_, call, says) => {
    const error = await call("nowhere").catch((thrown: unknown) => thrown);
    expect(problemsOf(error)).toMatchObject([{ code: "ARGUMENT_INVALID", message: expect.stringContaining(says) }]);
  });

  it("gives the types and tools of controls all that a control may import", () => {
    expect(Object.keys(authoring).filter((name) => !Object.hasOwn(library, name))).toEqual([]);
  });
});
