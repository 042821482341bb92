import { execFileSync } from "node:child_process";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue/index.ts";
import { isMissing } from "./define.ts";
import { controls, type Need, recipes } from "./index.ts";
import { fewerThan, withoutControl } from "./without-control.ts";

const here = new URL(".", import.meta.url);
const folders = globSync("*/*/", { cwd: here })
  .map((path) => path.replace(/\/$/, ""))
  .filter((path) => !/^(needs|shared|testing)\//.test(path) && readdirSync(new URL(path, here)).length > 0)
  .sort();
const claims = catalogue.claims.map(({ id }) => id);

describe("every control", () => {
  it.each(folders)("%s has its code, its document and its test, and names a claim of the catalogue", (folder) => {
    for (const file of ["control.ts", "control.md", "control.test.ts"])
      expect(existsSync(new URL(`${folder}/${file}`, here)), file).toBe(true);
    expect(claims).toContain(folder);
    const text = readFileSync(new URL(`${folder}/control.md`, here), "utf8");
    expect(text.length, "a document says something").toBeGreaterThan(400);
    expect(readFileSync(new URL(`${folder}/control.test.ts`, here), "utf8"), "its cases run through testControl").toContain("testControl(");
  });

  it("stands in the generated index, under the claim that its folder is named after", () => {
    expect(controls.map(({ control }) => control.claim)).toEqual(folders);
    execFileSync(process.execPath, ["scripts/generate.ts", "--check"], { cwd: new URL("../../", import.meta.url) });
  });

  it.each(controls.map(({ control }) => [control.claim, control] as const))(
    "%s has policy numbers with a source, and needs that say what is missing from an empty system",
    (_claim, control) => {
      for (const entry of Object.values(control.policy) as { kind: string; source?: string; remedy?: string }[]) {
        expect((entry.kind === "number" ? entry.source : entry.remedy)?.length).toBeGreaterThan(10);
      }
      const declaration = { version: 1 as const, system: { name: "empty" } };
      const scope = { system: { declaration, root: "/", datasets: [], models: [] }, budget: "quick" as const };
      const planned = (Object.values(control.needs) as Need<unknown>[]).map((need) => need.plan(scope));
      const missing = planned.filter(isMissing);
      expect(missing.length, "an empty system cannot be measured").toBeGreaterThan(0);
      for (const each of missing) expect(each.remedy).not.toBe("");
    },
  );
});

describe("claims without a control", () => {
  it("stand on one list, which holds nothing else", () => {
    const measured = new Set<string>(folders);
    expect([...withoutControl].sort()).toEqual(claims.filter((id) => !measured.has(id)).sort());
  });

  it("only get fewer", () => {
    expect(withoutControl.length).toBeLessThan(fewerThan);
  });
});

describe("recipes", () => {
  it("are listed under their own id, with the module that holds them", () => {
    for (const [id, recipe] of Object.entries(recipes)) {
      expect(recipe.id).toBe(id);
      expect(readFileSync(new URL(recipe.module), "utf8")).toContain(`id: "${id}"`);
    }
  });
});
