import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lexer, type Token, type Tokens, walkTokens } from "marked";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** The pages whose blocks are run or checked. `docs/api` shows signatures alone, and is made from the sources. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...globSync(["docs/*.md", "docs/ci/*.md", "examples/*/README.md"], { cwd: repository }).sort(),
];

/** A block of code in a page: ` ```ts controls/own.ts ` is of kind `ts`, and is that file. */
export interface Block {
  readonly kind: string;
  /** The file that it is, or a part of; null of one that is none. */
  readonly file: string | null;
  readonly text: string;
  /** `docs/data.md:12`. */
  readonly place: string;
}

/** Where a page leads to inside the clone, from its own folder. */
export function linksOf(page: string): string[] {
  const found: string[] = [];
  walkTokens(lexer(readFileSync(`${repository}${page}`, "utf8")), (token) => {
    if (token.type === "link" || token.type === "image") found.push((token as Tokens.Link).href.replace(/#.*$/, ""));
  });
  return found.filter((href) => href !== "" && !/^[a-z]+:/.test(href));
}

/** Every block of a page in its order, however deep it stands in lists and quotes. An indented one is of kind `indented`. */
export function blocksOf(page: string): Block[] {
  const source = readFileSync(`${repository}${page}`, "utf8");
  const found: Block[] = [];
  let from = 0;
  const take = (token: Token) => {
    if (token.type !== "code") return;
    const { raw, text, lang = "", codeBlockStyle } = token as Tokens.Code;
    from = Math.max(from, source.indexOf(raw.split("\n")[0] ?? "", from));
    const [kind = "", file = null] = lang.split(" ");
    const line = source.slice(0, from).split("\n").length;
    found.push({ kind: codeBlockStyle === "indented" ? "indented" : kind, file, text, place: `${page}:${line}` });
    from++;
  };
  walkTokens(lexer(source), take);
  return found;
}
