import { quoted } from "../../base/index.ts";
import { type Export, exportOf } from "./export.ts";
import { type Foreign, foreignFormats } from "./kinds.ts";
import type { Rows } from "./script.ts";

export { findForeign } from "./find.ts";
export type { Foreign } from "./kinds.ts";
export type { Rows } from "./script.ts";

/** A model of another format, and how it comes to ONNX. */
export interface ForeignExport extends Foreign, Export {
  /** What it is and why it is not opened, in a sentence or two. */
  readonly says: string;
}

export const foreignExport = (model: Foreign, rows: Rows): ForeignExport => ({
  ...model,
  ...exportOf(model, rows),
  says: foreignSays(model),
});

/** What it is, and why it is not opened. */
export function foreignSays(model: Foreign): string {
  const { name, runsCode } = foreignFormats[model.kind];
  const what = model.doubtful ? `is called like ${name}, but does not begin like one` : `is ${name}`;
  const of = model.flavours.length === 0 ? "" : ` (${model.flavours.join(", ")})`;
  const danger = runsCode ? "Loading it can run code that is hidden in it: export it only if you trust whoever made it." : "";
  return `${quoted(model.path)} ${what}${of}. It is not opened here. ${danger}`.trim();
}

/** As lines for people: what it is, what to install, the command. */
export const exportLines = ({ says, install, command, remark }: ForeignExport): string[] => [
  says,
  remark,
  ...(install === null ? [] : [`python -m pip install ${install}`]),
  ...(command === null ? [] : command.split("\n")),
];
