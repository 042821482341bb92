import type { Assessment } from "../assess/index.ts";
import { renderHtml } from "./html/page.ts";
import { renderJson } from "./json.ts";
import { type ReportTextOptions, renderText } from "./text.ts";

type Render = (assessment: Assessment, options: ReportTextOptions) => string | Promise<string>;

/** What `sextant report --format` knows. The options count for text alone. */
export const reportFormats = { text: renderText, html: renderHtml, json: renderJson } as const satisfies Record<string, Render>;
export type ReportFormat = keyof typeof reportFormats;
