export { type ReportFormat, reportFormats } from "./formats.ts";
export { renderHtml } from "./html/page.ts";
export { renderJson } from "./json.ts";
export type { TextOptions } from "./terminal.ts";
export { type ReportTextOptions, renderText } from "./text.ts";
export { renderThreats, type Standing } from "./threats-text.ts";
export { extentOf } from "./words.ts";
