import type { Assessment } from "../assess/index.ts";
import { renderCsv } from "./csv.ts";
import { type HtmlOptions, renderHtml } from "./html/page.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { type MarkdownOptions, renderMarkdown } from "./markdown.ts";
import { renderOscal } from "./oscal/oscal.ts";
import { renderSarif, type SarifOptions } from "./sarif/sarif.ts";
import { type ReportTextOptions, renderText } from "./text.ts";

/** Each counts for the formats that know it: colour and columns for text, a baseline for Markdown, paths for SARIF, kept pictures for HTML. */
export type ReportOptions = ReportTextOptions & MarkdownOptions & SarifOptions & HtmlOptions;
type Render = (assessment: Assessment, options: ReportOptions) => string | Promise<string>;

/** What `sextant report --format` knows. */
export const reportFormats = {
  text: renderText,
  html: renderHtml,
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  oscal: renderOscal,
  csv: renderCsv,
  markdown: renderMarkdown,
} as const satisfies Record<string, Render>;
/** The documents that an assessment becomes. */
export type ReportFormat = keyof typeof reportFormats;
