/** Colours by what they mean. Text colours contrast at least 7 to 1 with the grounds they stand on: tested. */
export interface Theme {
  readonly [name: string]: string;
}

export const light = {
  paper: "#fbfaf6",
  card: "#ffffff",
  ink: "#14263b",
  soft: "#475460",
  line: "#e0e2de",
  brass: "#684a0c",
  data: "#28557f",
  met: "#0a5349",
  unmet: "#97210f",
  errored: "#7a2a83",
  undecided: "#6b4200",
  none: "#47535d",
} satisfies Theme;

export const dark = {
  paper: "#0d1721",
  card: "#14202c",
  ink: "#e8edf0",
  soft: "#aab9c6",
  line: "#2b3b4b",
  brass: "#d9b25f",
  data: "#86b8e8",
  met: "#66d8be",
  unmet: "#ffa08d",
  errored: "#e6aeee",
  undecided: "#f1bb5f",
  none: "#a9b7c3",
} satisfies { readonly [K in keyof typeof light]: string };

/** How much of the data's colour one of a matrix's nine shades adds, in percent. */
export const shade = { light: 5, dark: 3 };

/** How much of a status's colour tints its ground, in percent. */
export const tint = 12;

export const variables = (theme: Theme): string =>
  Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
