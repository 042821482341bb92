import fc from "fast-check";
import { lexer, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "./markdown.ts";
import { md } from "./markdown-text.ts";
import { oneLine } from "./terminal.ts";
import { foreignAssessment } from "./testing/foreign.ts";
import { anyName, hostileNames } from "./testing/hostile.ts";
import { sampleAssessment } from "./testing/sample.ts";

/** What another reader of GitHub's Markdown takes a text for. */
const kindsIn = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token) => [
    token.type,
    ...("tokens" in token && token.tokens !== undefined ? kindsIn(token.tokens) : []),
    ...(token.type === "list" ? kindsIn(token.items) : []),
    ...(token.type === "table" ? kindsIn([...token.header, ...token.rows.flat()].flatMap((cell) => cell.tokens)) : []),
  ]);

const harmless = new Set(["text", "escape", "paragraph", "list", "list_item", "heading", "table", "space", "strong", "em", "br"]);
const doing = (text: string) => [...new Set(kindsIn(lexer(text)))].filter((kind) => !harmless.has(kind));

/** The text that a reader shows. */
const shown = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => ("tokens" in token && token.tokens !== undefined ? shown(token.tokens) : "text" in token ? String(token.text) : ""))
    .join("");
const decoded = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("\u2060", "");

describe("text from outside as Markdown", () => {
  const texts = fc.oneof(
    anyName,
    fc.constantFrom(
      ...hostileNames,
      "[a](b)",
      "![a](b)",
      "`a`",
      "**a**",
      "a | b",
      "~~a~~",
      "<b>",
      "$x$",
      "https://example.invalid/",
      "www.example.invalid",
      "a@b.example",
      "[^1]",
      "\\",
    ),
  );

  it("is shown as it is, and is never more than text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const line = `- x ${md(text)}`;
        expect(doing(line)).toEqual([]);
        const plain = oneLine(text);
        if (plain.length <= 400) expect(decoded(shown((lexer(line)[0] as { items: Token[] }).items))).toBe(`x ${plain}`.trimEnd());
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    "@octocat",
    "#12",
    "GH-12",
    "owner/name#12",
    "!7",
    "~bug",
    "%1",
    "$3",
    ":smile:",
    "https://a.example",
    "www.a.example",
    "@org/team",
  ])("calls nobody and refers to nothing: %s", (text) => {
    expect(md(text)).toContain("\u2060");
  });
});

describe("the summary for a pull request", () => {
  const sample = sampleAssessment();

  it("holds the matrix, what is unmet and what to do, and is a document of headings, lists and one table", () => {
    const text = renderMarkdown(sample);
    const kinds = kindsIn(lexer(text));
    expect(kinds.filter((kind) => kind === "table")).toHaveLength(1);
    expect(doing(text)).toEqual([]);
    for (const { claim, verdict } of sample.results) if (verdict === "unmet") expect(text).toContain(claim);
    expect(text).toContain(`exit ${sample.exit.code}`);
  });

  it("does nothing but show, and fits GitHub's 65,536 characters, whatever stands in the assessment", () => {
    fc.assert(
      fc.property(foreignAssessment, foreignAssessment, (assessment, baseline) => {
        for (const text of [renderMarkdown(assessment), renderMarkdown(assessment, { baseline })]) {
          expect(doing(text)).toEqual([]);
          expect(text.length).toBeLessThanOrEqual(65_536);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("fits with ten thousand unmet results and as many steps, and says that it is cut", () => {
    const [first] = sample.results;
    const results = Array.from({ length: 10_000 }, (_, at) => ({
      ...first!,
      verdict: "unmet" as const,
      subject: `${at} ${"x".repeat(5000)}`,
    }));
    const cells = Array.from({ length: 5000 }, (_, at) => ({ ...sample.cells[0]!, threat: `threat ${at}`, stage: sample.cells[0]!.stage }));
    const text = renderMarkdown({ ...sample, results, cells });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain("the whole is in the report");
  });
});
