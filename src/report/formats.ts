import type { Assessment } from "../assess/index.ts";
import { renderHtml } from "./html/page.ts";
import { renderJson } from "./json.ts";
import { renderText } from "./text.ts";

export interface ReportFormat {
  /** Of the file, without its dot. */
  readonly extension: string;
  render(assessment: Assessment): string | Promise<string>;
}

/** What `sextant report --format` knows. */
export const reportFormats = {
  text: { extension: "txt", render: (assessment) => renderText(assessment, { colour: false, steps: Number.POSITIVE_INFINITY }) },
  html: { extension: "html", render: renderHtml },
  json: { extension: "json", render: renderJson },
} as const satisfies Record<string, ReportFormat>;
