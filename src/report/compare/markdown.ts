import { fitting, listed, md } from "../markdown-text.ts";
import { amounts, nameOf } from "../numbers.ts";
import type { Compared, Comparison } from "./comparison.ts";
import { captions, conclusionsOf, rowsOf } from "./text.ts";

/** A comparison as a table of Markdown: a row for each model. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const names = rowsOf(comparison);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return fitting([
    `## Models for ${md(comparison.dataset)}`,
    "",
    line(["model", "", ...names.map((name) => captions[name] ?? nameOf(name))]),
    line(["---", "---", ...names.map(() => "---:")]),
    ...comparison.candidates.map((each) => line([md(each.id), each.is, ...names.map((name) => cellOf(each, name))])),
    "",
    ...listed("What may be said of it", conclusionsOf(comparison).map(md), 20),
  ]);
}

function cellOf({ measures }: Compared, name: string): string {
  const measure = measures[name];
  if (measure === undefined) return "–";
  const { value, interval } = amounts(measure);
  return interval === null ? value : `${value} (${interval})`;
}
