import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { digestOf } from "../base/index.ts";
import { declaration, folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folder = folders();

const control = `import { defineControl, met, number } from "sextant-ai";
export const fine = defineControl({
  claim: "house-rules/fine",
  about: { title: "All is fine", says: "All is fine here.", wants: "nothing", owner: "developer", cells: ["evasion/deployment"] },
  needs: {},
  policy: { most: number(3, "our own\\u001b[31m convention") },
  measure: () => ({ measures: [] }),
  judge: () => met("it is"),
});
`;

const project = (digest: string) =>
  folder({
    ...tinyProject({ rows: 10 }),
    "sextant.yaml": `${declaration}controls: [{ file: fine.ts, digest: "${digest}" }]\n`,
    "fine.ts": control,
  });

describe("the project's own controls", () => {
  it("stand among the others where the project is named, with their file and what they serve", async () => {
    const root = await project(digestOf(control));
    const { code, out } = await sextant("controls", root);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/● house-rules\/fine {2}\(fine\.ts\)\n {4}All is fine here\.\n {4}evasion\/deployment/),
    ]);
    const { claims } = JSON.parse((await sextant("controls", root, "--format", "json")).out);
    expect(claims).toContainEqual(expect.objectContaining({ id: "house-rules/fine", measured: true, file: "fine.ts" }));
    expect((await sextant("controls", "--all")).out).not.toContain("house-rules");
  });

  it("are explained: their words, their file, their numbers, and no escape for the terminal", async () => {
    const root = await project(digestOf(control));
    const { code, out } = await sextant("explain", "house-rules/fine", root);
    expect(code).toBe(0);
    for (const said of ["All is fine", "Serves evasion/deployment.", "fine.ts", "most = 3  (our own\\u{1b}[31m convention)"])
      expect(out).toContain(said);
    expect((await sextant("explain", "evasion/deployment", root)).out).toContain("house-rules/fine");
    expect(await sextant("explain", "house-rules/fien", root)).toMatchObject({
      code: 2,
      err: expect.stringContaining("mean house-rules/fine?"),
    });
  });

  it("leave no process behind where one of them is wrong", async () => {
    const wrong = control.replace("policy: { most", "policy: { most: 1, more");
    const root = await folder({
      ...tinyProject({ rows: 10 }),
      "sextant.yaml": `${declaration}controls: [{ file: fine.ts, digest: "${digestOf(wrong)}" }]\n`,
      "fine.ts": wrong,
    });
    const command = fileURLToPath(new URL("../../bin/sextant.js", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [command, "controls", root], { encoding: "utf8", timeout: 60_000 });
    expect([status, stderr]).toEqual([2, expect.stringContaining("CONTROL_INVALID")]);
  });

  it("are not asked what they are unless they are trusted", async () => {
    const root = await project(digestOf("another"));
    for (const args of [
      ["controls", root],
      ["explain", "house-rules/fine", root],
    ])
      expect(await sextant(...args)).toMatchObject({ code: 2, err: expect.stringContaining("CONTROL_UNTRUSTED") });
  });
});
