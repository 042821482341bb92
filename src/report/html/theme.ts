/** Colours by what they mean. Text colours contrast at least 4.5 to 1 with the grounds they stand on: tested. */
export interface Theme {
  readonly [name: string]: string;
}

export const light = {
  paper: "#fbfaf6",
  card: "#ffffff",
  ink: "#14263b",
  soft: "#56646f",
  line: "#e0e2de",
  brass: "#7d5c1a",
  data: "#2c5a86",
  met: "#11645a",
  unmet: "#ad2f1b",
  errored: "#86308f",
  undecided: "#855200",
  none: "#5a6771",
} satisfies Theme;

export const dark = {
  paper: "#0d1721",
  card: "#14202c",
  ink: "#e8edf0",
  soft: "#a3b3c1",
  line: "#2b3b4b",
  brass: "#d9b25f",
  data: "#86b8e8",
  met: "#58c9af",
  unmet: "#ff947f",
  errored: "#dfa0e8",
  undecided: "#f1bb5f",
  none: "#9dabb8",
} satisfies { readonly [K in keyof typeof light]: string };

/** How much of a status's colour tints its ground, in percent. */
export const tint = 12;

export const variables = (theme: Theme): string =>
  Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
