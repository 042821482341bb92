import { type Digest, Problem } from "../../base/index.ts";

/** What `sextant-ai` is to a control: what controls are written with, and nothing that assesses. */
export const authoring = new URL(`../../controls/authoring${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`, import.meta.url);

/** A file with a control of a project's own, as it was read and trusted. */
export interface OwnSource {
  /** As the declaration names it. */
  readonly file: string;
  readonly text: string;
  readonly digest: Digest;
  readonly isTypeScript: boolean;
}

export const invalid = (
  file: string,
  what: string,
  remedy = "`defineControl` and its types say what a control holds: see the API documentation.",
) => new Problem("CONTROL_INVALID", what, { file, remedy });
