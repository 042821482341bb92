import type { Table } from "../../../../data/index.ts";
import type { Corruption } from "../tables.ts";
import { blur } from "./blur.ts";
import { contrast, jpeg, pixelation } from "./digital.ts";
import { occlusion, shift } from "./geometry.ts";
import { gaussianNoise, impulseNoise, shotNoise } from "./noise.ts";
import { type Change, changedColumn } from "./picture.ts";
import { brightness, fog } from "./weather.ts";

interface Kind extends Pick<Corruption, "name" | "of" | "amounts"> {
  readonly change: Change;
}

/**
 * The kinds are those of D. Hendrycks and T. Dietterich (ICLR 2019), with occlusion and shift beside them. Amounts of noise, fog, brightness, contrast and JPEG
 * are theirs for small pictures (CIFAR-10-C) or close to them; blur, shift, pixelation and occlusion go by the picture's own size, so that they mean the same at any.
 */
const kinds: readonly Kind[] = [
  {
    name: "Gaussian noise",
    of: "standard deviation of noise, white being 1",
    amounts: [0.04, 0.06, 0.08, 0.1, 0.15],
    change: gaussianNoise,
  },
  { name: "shot noise", of: "of white is one grain of light", amounts: [0.002, 0.004, 0.01, 0.02, 0.05], change: shotNoise },
  { name: "impulse noise", of: "of all values are black or white", amounts: [0.01, 0.02, 0.03, 0.05, 0.07], change: impulseNoise },
  { name: "blur", of: "of the shorter side is the blur's standard deviation", amounts: [0.015, 0.02, 0.03, 0.04, 0.05], change: blur },
  { name: "pixelation", of: "of the resolution is gone", amounts: [0.1, 0.2, 0.3, 0.4, 0.5], change: pixelation },
  { name: "low contrast", of: "of the contrast is gone", amounts: [0.25, 0.5, 0.6, 0.7, 0.85], change: contrast },
  { name: "JPEG", of: "as the quality of JPEG", amounts: [80, 65, 58, 50, 40], change: jpeg },
  { name: "fog", of: "times white as fog", amounts: [0.2, 0.5, 0.75, 1, 1.5], change: fog },
  { name: "brightness", of: "of white is added", amounts: [0.05, 0.1, 0.15, 0.2, 0.3], change: brightness },
  { name: "occlusion", of: "of the picture is covered", amounts: [0.02, 0.05, 0.1, 0.15, 0.25], change: occlusion },
  { name: "shift", of: "of the shorter side off centre", amounts: [0.04, 0.07, 0.1, 0.15, 0.2], change: shift },
];

/** Ways in which pictures go wrong on their way to the model. Nothing is changed before it is read, in the size that the model takes. */
export const imageCorruptions: readonly Corruption[] = kinds.map(({ change, ...kind }) => ({
  ...kind,
  apply: (table, _, amount, random) => changedPictures(table, (column) => changedColumn(column, change, amount, random)),
}));

function changedPictures(
  table: Table,
  change: (column: NonNullable<Table["images"]>[string]) => NonNullable<Table["images"]>[string],
): Table | null {
  if (table.images === undefined || table.rows === 0) return null;
  const images = Object.entries(table.images).map(([name, column]) => [name, change(column)] as const);
  return { ...table, images: Object.assign(Object.create(null), Object.fromEntries(images)) };
}
