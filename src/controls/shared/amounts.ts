import { fixed } from "../verdicts.ts";

/** How a number of some unit reads beside the limit that it is compared with. */
export interface Amounts {
  readonly unit: string;
  /** The number shown is value * scale. */
  readonly scale: number;
  readonly digits: number;
}

export const shareAmounts: Amounts = { unit: "%", scale: 100, digits: 1 };
export const pointAmounts: Amounts = { unit: "points", scale: 100, digits: 1 };
export const mebibytes: Amounts = { unit: "MiB", scale: 2 ** -20, digits: 2 };

const mostDigits = 8;

/** The number alone, with more digits where rounding would make it look like the limit. */
export function bare(value: number, { scale, digits }: Amounts, limit?: number): string {
  const shown = (at: number, to: number) => fixed(at * scale, to);
  let to = digits;
  while (limit !== undefined && value !== limit && to < mostDigits && shown(value, to) === shown(limit, to)) to++;
  return shown(value, to);
}

/** `1.43 MiB`. */
export const amount = (value: number, amounts: Amounts, limit?: number) => `${bare(value, amounts, limit)} ${amounts.unit}`.trimEnd();
