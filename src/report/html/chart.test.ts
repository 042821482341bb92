import { expect, test } from "vitest";
import { hostileNames } from "../testing/hostile.ts";
import { parseHtml } from "../testing/parse-html.ts";
import { drawing } from "./chart.ts";
import { chartOf, type Series, sentinels } from "./chart-options.ts";

const series = (kind: Series["kind"], given: Partial<Series> = {}): Series => ({
  name: "Rates",
  kind,
  x: { label: "group", values: ["a", "b", "c"] },
  y: { label: "rate", values: [0.1, 0.2, 0.15] },
  low: [0.05, 0.1, 0.1],
  high: [0.2, 0.3, 0.2],
  reference: [0.15, 0.15, 0.15],
  ...given,
});
const kinds = ["line", "bars", "points"] as const;
const drawn = async (given: Series, key = "key") => (await drawing(true))(given, key).markup;
const read = (markup: string) => parseHtml(`<!doctype html>${markup}`);

test.each(kinds)("%s become shapes in the page's own colours, without style, class or the library's ids", async (kind) => {
  const { elements } = read(await drawn(series(kind)));
  const allowed = ["figure", "figcaption", "svg", "g", "path", "rect", "circle", "line", "polyline", "polygon", "text", "defs", "clipPath"];
  expect(elements.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([]);
  const inside = elements.filter(({ name }) => !["figure", "svg"].includes(name));
  expect(inside.some(({ attributes }) => attributes.has("style") || attributes.has("class"))).toBe(false);
  const colours = new Set(inside.flatMap(({ attributes }) => [attributes.get("fill") ?? "", attributes.get("stroke") ?? ""]));
  expect(colours).toContain("var(--data)");
  for (const sentinel of Object.keys(sentinels)) expect(colours).not.toContain(sentinel);
});

test.each(kinds)("the axes of %s hold the values and no more", async (kind) => {
  const labels = read(await drawn(series(kind)))
    .text.split(/\s+/)
    .map(Number)
    .filter((value) => !Number.isNaN(value));
  expect(labels.length).toBeGreaterThan(2);
  expect(Math.max(...labels)).toBeLessThanOrEqual(0.4);
});

test("the same series drawn twice is the same to the byte, and two charts share no id", async () => {
  const draw = await drawing(true);
  expect(draw(series("line"), "one")).toEqual(draw(series("line"), "one"));
  const ids = ["one", "two"].flatMap((key) =>
    read(draw(series("line"), key).markup).elements.flatMap(({ attributes }) => attributes.get("id") ?? []),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("long series are thinned and keep their ends; many bars are cut, and the caption says so", async () => {
  const many = Array.from({ length: 10_001 }, (_, at) => at);
  const {
    low: _low,
    high: _high,
    reference: _reference,
    ...bare
  } = series("line", { x: { label: "x", values: many }, y: { label: "y", values: many } });
  expect(chartOf.line(bare).drawn).toBe(150);
  expect(await drawn(bare)).toContain("150 of 10001 values drawn");
  expect(read(await drawn({ ...bare, kind: "bars" })).text).toContain("24 of 10001 values drawn");
});

test.each(kinds)("no name breaks %s, and none is needed", async (kind) => {
  for (const name of hostileNames)
    read(await drawn(series(kind, { name, x: { label: name, values: [name, name, name] }, y: { label: name, values: [1, 2, 3] } })));
  const nothing = { name: "", kind, x: { label: "", values: [] }, y: { label: "", values: [] } } satisfies Series;
  expect(read(await drawn(nothing)).text).toBeDefined();
});

test("nothing is loaded for nothing to draw", async () => {
  expect((await drawing(false))(series("line"), "key").markup).toBe("");
});
