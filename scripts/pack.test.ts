import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declaration, tinyProject } from "../src/cli/testing/project.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "sextant-packed-"));
const installed = join(project, "node_modules/sextant-ai");
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** An empty project with the tarball in it, and of our node_modules only what a consumer would get. */
beforeAll(() => {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", project], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const [tarball = ""] = globSync("*.tgz", { cwd: project });
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", join(project, tarball), "--strip-components=1", "-C", installed]);
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean; link?: boolean }>;
  };
  for (const [path, { dev, devOptional, link }] of Object.entries(packages)) {
    if (!/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) || dev || devOptional || link || /^node_modules\/node-/.test(path)) continue;
    mkdirSync(dirname(join(project, path)), { recursive: true });
    symlinkSync(join(root, path), join(project, path));
  }
  cpSync(join(root, "examples/credit"), join(project, "credit"), { recursive: true, filter: (path) => !path.includes(".sextant") });
}, 300_000);

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(installed, "bin/sextant.js"), ...args], { cwd: project, encoding: "utf8" });

describe("the packed tarball in an empty project", () => {
  it("holds what runs and nothing else: no source, no test, no state", () => {
    const files = globSync("**/*", { cwd: installed });
    expect(
      files.filter((path) => /(^|\/)testing[./]|(^|\/)(src|vectors|fixtures|bench|docs|\.sextant)(\/|$)|\.test\.|(?<!\.d)\.ts$/.test(path)),
    ).toEqual([]);
    for (const file of ["README.md", "LICENSE", "schema/sextant.schema.json"]) expect(files).toContain(file);
  });

  it("brings no Node along to its consumers", () => {
    const { dependencies, optionalDependencies, scripts } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => /^node(-|$)/.test(name))).toEqual([]);
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });

  it("assesses, reports and explains", () => {
    const { status, stdout, stderr } = run("assess", "credit", "--only", "weak-algorithm/size", "--format", "json");
    expect([stderr, status]).toEqual(["", 4]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "sextant/assessment@1" });
    expect(run("report", "credit").stdout).toContain("Credit scoring");
    expect(run("explain", "weak-algorithm/size").stdout).toContain("Policy");
  });

  it("is a library to import, and runs a control of the project's own", () => {
    const page = readFileSync(join(root, "docs/own-controls.md"), "utf8");
    const [, control = ""] = /^```ts controls\/.*\n([\s\S]*?^)```/m.exec(page) ?? [];
    const named = `controls: [{ file: own.ts, digest: "sha256:${createHash("sha256").update(control).digest("hex")}" }]\n`;
    for (const [name, content] of Object.entries({ ...tinyProject({ rows: 200 }), "sextant.yaml": declaration + named, "own.ts": control }))
      writeFileSync(join(project, name), content);
    const program = `import { assess } from "sextant-ai";
      const { results } = await assess(".", { only: ["house-rules/sure-is-right"] });
      console.log(JSON.stringify(results.find(({ claim }) => claim === "house-rules/sure-is-right")));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: project, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: expect.stringMatching(/^(met|unmet|undecided)$/), subject: "tiny on applicants" });
  });

  it("is a library of gradients on its own: of a net, and why there is none of trees", () => {
    const program = `import { gradient, problemsOf } from "sextant-ai/autodiff";
      await using net = await gradient("credit/models/net.onnx", { loss: "margin" });
      const trees = await gradient("credit/models/boosted.onnx", { loss: "margin" }).catch(problemsOf);
      console.log(JSON.stringify([Object.keys(net.gradients), trees.map(({ code }) => code)]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: project, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([expect.arrayContaining(["age"]), ["GRADIENT_MISSING"]]);
  });
});
