import { quoted } from "../../../base/index.ts";
import type { Size } from "../../needs/evasion/size.ts";

const norms = { linf: "in each feature", l2: "as a distance", l1: "in all", l0: "features" } as const;

/** `a change of up to 0.1 in the greatest feature (linf)`. */
export const sizeInWords = ({ norm, eps }: Size): string =>
  norm === "l0" ? `a change of up to ${eps} features (l0)` : `a change of up to ${short(eps)} ${norms[norm]} (${norm})`;

export const short = (value: number): string => String(Number(value.toPrecision(2)));

/** A class by its name, as the data has it. */
export const quotedClass = (name = ""): string => quoted(name, 60);
