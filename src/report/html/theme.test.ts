import { expect, test } from "vitest";
import { dark, light, shade, tint } from "./theme.ts";

const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** WCAG 2.2, relative luminance. */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const mixed = (colour: string, ground: string, percent = tint) => {
  const under = channels(ground);
  return channels(colour).map((value, at) => (value * percent + (under[at] ?? 0) * (100 - percent)) / 100);
};

test.each([
  ["light", light, shade.light],
  ["dark", dark, shade.dark],
])("text contrasts at least 7 to 1 with every ground it stands on: %s", (_, theme, perShade) => {
  const { paper, card, line: _line, ...texts } = theme;
  for (const [name, colour] of Object.entries(texts)) {
    expect(contrast(channels(colour), channels(paper)), `${name} on paper`).toBeGreaterThanOrEqual(7);
    expect(contrast(channels(colour), channels(card)), `${name} on card`).toBeGreaterThanOrEqual(7);
  }
  expect(contrast(channels(theme.ink), mixed(theme.data, card, 9 * perShade)), "the darkest shade of a matrix").toBeGreaterThanOrEqual(7);
  for (const status of ["met", "undecided"] as const) {
    expect(contrast(channels(theme[status]), mixed(theme[status], card)), `${status} on its tint`).toBeGreaterThanOrEqual(7);
  }
});
