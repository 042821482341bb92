import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { catalogue } from "../../src/catalogue/index.ts";
import { folders } from "../../src/cli/testing/project.ts";
import { parseDeclaration } from "../../src/declaration/read.ts";
import { type Block, blocksOf, linksOf, pages, repository } from "./blocks.ts";
import { elsewhere } from "./elsewhere.ts";
import { place, type World, worldOf, write } from "./world.ts";

const folder = folders();
const blocks = new Map(pages.map((page) => [page, blocksOf(page)]));
const all = [...blocks.values()].flat();
const ofKind = (...kinds: readonly string[]) => all.filter(({ kind }) => kinds.includes(kind));

/** What `sextant assess` says with its exit code is what it found: 1 and 4 are no mistake of the page. */
const isFine = (command: string, code: number) => code === 0 || (/\bsextant(\.js)? assess\b/.test(command) && [1, 4].includes(code));
const commandsOf = (text: string) =>
  text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.replace(/(^|\s+)#.*$/, "").trim())
    .filter((line) => line !== "");
const isElsewhere = (command: string) => elsewhere.some((each) => each.command === command);
const squeezed = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** What is done with a block of each kind, in the order of its page. */
const kinds: Readonly<Record<string, (block: Block, world: World) => Promise<void>>> = {
  async sh({ text, place: where }, world) {
    for (const command of commandsOf(text).filter((each) => !isElsewhere(each))) {
      const { code, out } = await world.shell(command);
      expect(isFine(command, code), `${where}: \`${command}\` exits with ${code}:\n${out}`).toBe(true);
    }
  },
  /** `$ ` before what is typed; below it lines that stand in what is shown, some of them. */
  async console({ text, place: where }, world) {
    for (const part of text.split(/^\$ /m).filter(Boolean)) {
      const [command = "", ...shown] = part.split("\n");
      const { out } = await world.shell(command);
      for (const line of shown.filter((each) => each.trim() !== ""))
        expect(squeezed(out), `${where}: \`${command}\``).toContain(squeezed(line));
    }
  },
  async yaml({ file, text, place: where }, world) {
    const keys = Object.keys(parse(text));
    if (keys.includes("repos")) return hooksExist(text);
    const declared = [
      "version: 1",
      "system: { name: Example }",
      "datasets: [{ id: applicants, splits: { test: test.csv }, label: decision }]",
    ];
    const others = declared.filter((line) => !keys.includes(line.split(":")[0] ?? ""));
    const { declaration } = parseDeclaration([...others, text].join("\n"), where);
    expect(declaration.problems, where).toEqual([]);
    if (file !== null) place(world, file, text);
  },
  async ts({ file, text, place: where }, world) {
    const name = file ?? `${where.replaceAll(/\W/g, "-")}.ts`;
    write(join(world.folder, name), `${text}\n`);
    if (file !== null) return;
    const { code, out } = await world.shell(`node ${name}`);
    expect(code, `${where}:\n${out}`).toBe(0);
  },
  async csv({ file, text, place: where }, world) {
    expect(file, `${where}: a table has a name`).not.toBeNull();
    place(world, file ?? "", `${text}\n`);
  },
  /** A picture or what is shown: nothing to run, so nothing that looks like a command. */
  async text({ text, place: where }) {
    expect(text, where).not.toMatch(/^\s*(\$ |npm |npx |node |sextant )/m);
  },
};

function hooksExist(text: string): void {
  const known = (parse(readFileSync(join(repository, ".pre-commit-hooks.yaml"), "utf8")) as { id: string }[]).map(({ id }) => id);
  const { repos } = parse(text) as { repos: { hooks: { id: string }[] }[] };
  for (const { id } of repos.flatMap(({ hooks }) => hooks)) expect(known).toContain(id);
}

describe("what the pages show", () => {
  it("every block is of a kind that is run or checked", () => {
    expect(all.filter(({ kind }) => !Object.hasOwn(kinds, kind)).map(({ kind, place: where }) => `${where} ${kind}`)).toEqual([]);
    expect(ofKind("ts").length).toBeGreaterThan(0);
  });

  it("every command that is not run here is on a page, and what runs it instead is there", () => {
    const shown = new Set(ofKind("sh").flatMap(({ text }) => commandsOf(text)));
    expect(elsewhere.map(({ command }) => command).filter((command) => !shown.has(command))).toEqual([]);
    expect(elsewhere.map(({ runIn }) => runIn).filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  it("every link inside the clone leads somewhere", () => {
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter((href) => !existsSync(join(repository, dirname(page), href)))
        .map((href) => `${page}: ${href}`),
    );
    expect(dead).toEqual([]);
    expect(linksOf("README.md").length).toBeGreaterThan(10);
  });

  it("the README counts what the catalogue holds", () => {
    const counted = /(\d+) places[^,]*, (\d+) requirement lines[^,]*, (\d+) claims/.exec(
      readFileSync(join(repository, "README.md"), "utf8"),
    );
    const { cells, requirements, claims } = catalogue;
    expect(counted?.slice(1).map(Number)).toEqual([cells.length, requirements.length, claims.length]);
  });

  it.concurrent.each([...blocks].filter(([, each]) => each.length > 0))(
    "%s: commands run, declarations are read, programs run",
    async (page, each) => {
      const world = await worldOf(page, folder);
      for (const block of each) await kinds[block.kind]?.(block, world);
    },
    300_000,
  );

  it("programs and controls keep to the types of the library", async () => {
    const world = await worldOf("docs", folder);
    const programs = ofKind("ts").map(({ text, place: where }): [string, string] => [`${where.replaceAll(/\W/g, "-")}.ts`, text]);
    for (const [name, text] of programs) write(join(world.folder, name), text);
    const compilerOptions = { noUnusedLocals: false, typeRoots: [join(repository, "node_modules/@types")] };
    const settings = { extends: join(repository, "tsconfig.json"), compilerOptions, include: [], files: programs.map(([name]) => name) };
    write(join(world.folder, "tsconfig.json"), JSON.stringify(settings));
    const tsc = join(repository, "node_modules/typescript/bin/tsc");
    const check = () => execFileSync(process.execPath, [tsc, "-p", world.folder], { encoding: "utf8", stdio: "pipe" });
    expect(outputOf(check)).toBe("");
    write(join(world.folder, programs[0]?.[0] ?? ""), `import { assess } from "sextant-ai";\nawait assess(1);\n`);
    expect(outputOf(check)).toMatch(/not assignable to parameter of type 'string'/); // it does look
  });
});

function outputOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}
