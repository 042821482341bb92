import { clopperPearson } from "../../../tensor/index.ts";
import { number } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import type { Attacked } from "../../needs/evasion/attacked.ts";
import { percent } from "../../verdicts.ts";
import { shareOf } from "./measure.ts";

/** Signs that attacks failed rather than that the model held (after Carlini et al. 2019 and Pintor et al. 2022), each a share of all rows. */
const signs: { readonly [name: string]: string } = {
  "flat-gradients": "of the rows have a gradient of nothing but zeros",
  "more-steps-help": "of the rows fall to twice the steps and not to the steps that were taken",
  "blind-attack-wins": "of the rows fall to an attack without gradients and to none with them",
  "stand-unbounded": "of the rows stand though the change has no bound",
};

/** The signs that can be told of this model. */
export function signsOf({ found, rows, isHeld, eps }: Attacked): Measure[] {
  if (found === null || found.signs === null) return [];
  const n = rows.length;
  const { flat, asked, longer, blind, unbounded } = found.signs;
  const fooled = found.fooled[found.epsilons.indexOf(eps)] ?? found.fooled.at(-1);
  const standing = n - (fooled?.reduce((all, each) => all + each, 0) ?? 0);
  return [
    ...(flat === null ? [] : shareOf("flat-gradients", flat, n)),
    ...gained("more-steps-help", longer, asked, standing, n),
    ...(blind === null ? [] : gained("blind-attack-wins", blind, asked, standing, n)),
    ...(isHeld ? [] : shareOf("stand-unbounded", unbounded, n)),
  ];
}

/** What further attacks on a part of the rows that stood would take from accuracy: the share of that part, times the share that stood. */
function gained(name: string, fell: number, asked: number, standing: number, n: number): Measure[] {
  if (asked === 0) return shareOf(name, 0, n);
  const part = clopperPearson(fell, asked);
  const [measure] = shareOf(name, 0, n);
  if (part === null || measure === undefined) return [];
  const of = standing / n;
  return [{ ...measure, value: part.value * of, low: part.low * of, high: part.high * of, n: asked }];
}

export const isSign = ({ name }: Measure): boolean => Object.hasOwn(signs, name);

/** `3.1 % of the rows have a gradient of nothing but zeros`. */
export const signInWords = ({ name, value }: Measure): string => `${percent(value)} ${signs[name] ?? ""}`;

/** Signs beyond the limit, the strongest first. */
export const signsBeyond = (measures: readonly Measure[], limit: number): Measure[] =>
  measures.filter((measure) => isSign(measure) && measure.value > limit).toSorted((a, b) => b.value - a.value);

/** The share of rows by which signs of failed attacks are put up with. */
export const signLimit = number(
  0.02,
  "our own convention: two rows of a hundred; where gradients are true, these signs are rare, and strong attacks differ by less (Croce and Hein 2020)",
  "share",
);
