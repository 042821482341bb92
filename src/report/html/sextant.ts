import { type Markup, trusted } from "./markup.ts";

/** The mark: an arc of sixty degrees, its two radii and the index arm. */
const drawn = (stroke: string, arm: string) =>
  `<g fill="none" stroke="${stroke}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M16 5 6.5 23.5A20 20 0 0 0 25.500 23.500Z"/><path d="M10.300 16.200h11.400"/></g><path d="M16 5 19.200 26" fill="none" stroke="${arm}" stroke-width="2.400" stroke-linecap="round"/><circle cx="16" cy="5" r="2.600" fill="${arm}"/>`;

export const mark: Markup = trusted(
  `<svg class="sextant" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">${drawn("currentColor", "currentColor")}</svg>`,
);

/** As a data URI: the page loads nothing. */
export const favicon = `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14263b"/>${drawn("#e8edf0", "#d9b25f")}</svg>`).toString("base64")}`;
