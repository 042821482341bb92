/** Writes what is generated and committed; with --check, says what is stale and writes nothing. */
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { apiDocs } from "./api-docs.ts";

const root = new URL("../", import.meta.url);

/** One line per control folder: the index is data, so that a newcomer adds a folder and nothing else. */
function controlsIndex(): string {
  const folders = globSync("src/controls/*/*/control.ts", { cwd: root }).sort();
  const entries = folders.map((path) => {
    const claim = path.split("/").slice(2, 4).join("/");
    return {
      claim,
      file: `./${claim}/control.ts`,
      name: (claim.split("/")[1] ?? "").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    };
  });
  const names = entries.map(({ name, claim }) =>
    entries.filter((other) => other.name === name).length > 1 ? `${name} as ${alias(claim)}` : name,
  );
  return [
    "// Made by `npm run generate` from the folders; a test fails when it is stale.",
    'import type { AnyControl } from "./define.ts";',
    ...entries.map(({ file }, at) => `import { ${names[at]} } from "${file}";`),
    "",
    "/** Every control, with the module that holds it. */",
    "export const controls: readonly { readonly control: AnyControl; readonly module: string }[] = [",
    ...entries.map(
      ({ file, claim, name }, at) =>
        `  { control: ${names[at]?.includes(" as ") ? alias(claim) : name}, module: new URL("${file}", import.meta.url).href },`,
    ),
    "];",
    "",
  ].join("\n");
}

const alias = (claim: string) => claim.replace(/[-/](.)/g, (_, letter: string) => letter.toUpperCase());

async function generated(): Promise<{ path: string; text: string }[]> {
  const index = { path: "src/controls/index.generated.ts", text: controlsIndex() };
  if (!existsSync(new URL(index.path, root))) writeFileSync(new URL(index.path, root), index.text);
  const { declarationJsonSchema } = await import("../src/declaration/index.ts");
  return [index, { path: "schema/sextant.schema.json", text: `${JSON.stringify(declarationJsonSchema(), null, 2)}\n` }, ...apiDocs()];
}

const check = process.argv.includes("--check");
let stale = 0;
for (const { path, text } of await generated()) {
  const file = new URL(path, root);
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  stale++;
  if (!check) writeFileSync(file, text);
  console.log(`${check ? "stale" : "wrote"} ${path}`);
}
if (check && stale > 0) {
  console.log("run `npm run generate` and commit what it wrote");
  process.exitCode = 1;
}
