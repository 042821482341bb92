import { expect, test } from "vitest";
import { hostileNames } from "../testing/hostile.ts";
import { parseHtml } from "../testing/parse-html.ts";
import { drawing } from "./chart.ts";
import { chartOf } from "./chart-options.ts";
import { type Series, sentinels } from "./chart-parts.ts";

type Drawn = keyof typeof chartOf;
const series = (kind: Drawn, given: Partial<Series> = {}): Series => ({
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
const drawn = async (given: Series, key = "key") => (await drawing([given]))(given, key, "its claim").markup;
/** Without the values' table. */
const picture = async (given: Series) => (await drawn(given)).replace(/<details.*<\/details>/s, "");
const read = (markup: string) => parseHtml(`<!doctype html>${markup}`);

test.each(kinds)("%s become shapes in the page's own colours, without style, class or the library's ids", async (kind) => {
  const { elements } = read(await picture(series(kind)));
  const allowed = ["figure", "figcaption", "svg", "g", "path", "rect", "circle", "line", "polyline", "polygon", "text", "defs", "clipPath"];
  expect(elements.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([]);
  const inside = elements.filter(({ name }) => !["figure", "svg"].includes(name));
  expect(inside.some(({ attributes }) => attributes.has("style") || attributes.has("class"))).toBe(false);
  const colours = new Set(inside.flatMap(({ attributes }) => [attributes.get("fill") ?? "", attributes.get("stroke") ?? ""]));
  expect(colours).toContain("var(--data)");
  for (const sentinel of Object.keys(sentinels)) expect(colours).not.toContain(sentinel);
});

test.each(kinds)("the axes of %s hold the values and no more", async (kind) => {
  const labels = read(await picture(series(kind)))
    .text.split(/\s+/)
    .map(Number)
    .filter((value) => !Number.isNaN(value));
  expect(labels.length).toBeGreaterThan(2);
  expect(Math.max(...labels)).toBeLessThanOrEqual(0.4);
});

test("the same series drawn twice is the same to the byte, and two charts share no id", async () => {
  const draw = await drawing([series("line")]);
  expect(draw(series("line"), "one", "its claim")).toEqual(draw(series("line"), "one", "its claim"));
  const ids = ["one", "two"].flatMap((key) =>
    read(draw(series("line"), key, "its claim").markup).elements.flatMap(({ attributes }) => attributes.get("id") ?? []),
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
  expect(await drawn(bare)).toContain("150 of 10,001 values drawn");
  expect(read(await drawn({ ...bare, kind: "bars" })).text).toContain("24 of 10,001 values drawn");
});

const corruptions = ["noise", "blur", "a name that is long enough to be broken over two lines of a narrow legend"];
const severity = series("line", {
  name: "Accuracy by severity",
  x: { label: "severity", values: [1, 2, 3] },
  y: { label: "accuracy", unit: "share", values: [0.9, 0.8, 0.7], name: "brightness" },
  others: corruptions.map((name, at) => ({ name, values: [0.8, 0.6, 0.4 - at / 10] })),
});
const confusion: Series = {
  name: "Confusion",
  kind: "matrix",
  x: { label: "predicted", values: ["cat", "dog", "bird"] },
  rows: { label: "true", values: ["cat", "dog", "bird"] },
  y: { label: "rows", unit: "rows", values: [90, 10, 0, 5, 95, 0, 0, 1, 1] },
};
const pareto = series("points", {
  name: "Accuracy against latency",
  x: { label: "latency", unit: "ms", values: [1, 2, 3] },
  y: { label: "accuracy", unit: "share", values: [0.8, 0.7, 0.9] },
  labels: ["small", "bad", "large"],
  front: [0, 2],
});

test("several curves are told apart by dashes, not by colour alone, and named in a legend", async () => {
  const { elements, text } = read(await picture(severity));
  const lines = elements.filter(({ name }) => name === "line" || name === "path");
  const dashes = new Set(lines.map(({ attributes }) => attributes.get("stroke-dasharray")));
  expect(dashes.size).toBeGreaterThanOrEqual(4);
  for (const name of ["brightness", ...corruptions]) expect(text).toContain(name);
});

test("more curves than can be told apart are counted, and stand in the values", async () => {
  const others = Array.from({ length: 30 }, (_, at) => ({ name: `kind ${at}`, values: [1, 2, 3] }));
  expect(read(await picture({ ...severity, others })).text).toContain("19 more in the values");
  expect(read(await drawn({ ...severity, others })).text).toContain("kind 29");
});

test("a matrix is a table with heads, tinted by the share of its row, with a frame where row and column are one", async () => {
  const { elements } = read(await picture(confusion));
  const cells = elements.filter(({ name, attributes }) => name === "td" && attributes.has("class"));
  expect(cells.map(({ attributes }) => attributes.get("class"))).toEqual(
    ["heat-8 same", "heat-1", "heat-0", "heat-0", "heat-9 same", "heat-0", "heat-0", "heat-5", "heat-5 same"], // 90 % of 9 shades rounds to 8
  );
  expect(elements.filter(({ attributes }) => attributes.get("scope") === "row")).toHaveLength(3);
});

test("a large matrix is cut, says so, and its values hold all", async () => {
  const names = Array.from({ length: 60 }, (_, at) => `class ${at}`);
  const y = { label: "rows", unit: "rows" as const, values: names.flatMap(() => names.map((_, at) => at)) };
  const large: Series = { ...confusion, x: { label: "predicted", values: names }, rows: { label: "true", values: names }, y };
  const page = await drawn(large);
  expect(page).toContain("400 of 3,600 values drawn");
  expect(page).toContain('data-rows="3600"');
});

test("named points carry numbers that the list below explains, and those that nothing beats are said to be so", async () => {
  const { text, elements } = read(await picture(pareto));
  expect(text).toMatch(/small\s+nothing beats it/);
  expect(text).not.toMatch(/bad\s+nothing/);
  expect(elements.filter(({ attributes }) => attributes.get("class") === "beaten")).toHaveLength(1);
});

test("every kind gives its values as a table, with units", async () => {
  const tableOf = async (given: Series) => read((await drawn(given)).replace(/^.*?<details/s, "<details").replace("</figure>", "")).text;
  expect(await tableOf(severity)).toMatch(/severity\s+brightness.*noise.*90 %/s);
  expect(await tableOf(confusion)).toMatch(/true\s+predicted\s+rows\s+cat\s+cat\s+90/);
  expect(await tableOf(pareto)).toMatch(/1 ms\s+1: small\s+80 %/);
});

test("no name breaks a matrix, a legend or a list of points", async () => {
  for (const name of hostileNames) {
    read(
      await drawn({
        ...confusion,
        name,
        x: { label: name, values: [name, name, name] },
        rows: { label: name, values: [name, name, name] },
      }),
    );
    read(await drawn({ ...severity, others: [{ name, values: [1, 2, 3] }] }));
    read(await drawn({ ...pareto, labels: [name, name, name] }));
  }
});

test.each(kinds)("no name breaks %s, and none is needed", async (kind) => {
  for (const name of hostileNames)
    read(await drawn(series(kind, { name, x: { label: name, values: [name, name, name] }, y: { label: name, values: [1, 2, 3] } })));
  const nothing = { name: "", kind, x: { label: "", values: [] }, y: { label: "", values: [] } } satisfies Series;
  expect(read(await drawn(nothing)).text).toBeDefined();
});
