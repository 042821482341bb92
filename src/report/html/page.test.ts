import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../catalogue/index.ts";
import { anyName, hostileNames } from "../testing/hostile.ts";
import { largeAssessment } from "../testing/large.ts";
import { type Element, parseHtml } from "../testing/parse-html.ts";
import { sampleAssessment } from "../testing/sample.ts";
import { renderText } from "../text.ts";
import { extentOf, marks } from "../words.ts";
import { cellAnchor, requirementAnchor } from "./homes.ts";
import { renderHtml } from "./page.ts";

const sample = sampleAssessment();
let page: string;
let elements: readonly Element[];
let text: string;
beforeAll(async () => {
  page = await renderHtml(sample);
  ({ elements, text } = parseHtml(page));
});

const idsOf = (all: readonly Element[]) => all.flatMap(({ attributes }) => attributes.get("id") ?? []);
const valuesOf = (all: readonly Element[], attribute: string) => all.flatMap(({ attributes }) => attributes.get(attribute) ?? []);
const only = (all: readonly Element[], name: string) => all.filter((element) => element.name === name);

describe("the report as a page", () => {
  test("links each of the 27 cells from the matrix to its section, and shows all 19 requirements", () => {
    const ids = idsOf(elements);
    const links = valuesOf(elements, "href");
    for (const cell of catalogue.cells) {
      expect(ids).toContain(cellAnchor(cell));
      expect(links).toContain(`#${cellAnchor(cell)}`);
    }
    for (const { id } of catalogue.requirements) expect(ids).toContain(requirementAnchor(id));
  });

  test("has no id twice, and no link that leads nowhere", () => {
    const ids = idsOf(elements);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of valuesOf(only(elements, "a"), "href")) expect(ids).toContain(link.slice(1));
    for (const labelled of valuesOf(elements, "aria-labelledby").flatMap((names) => names.split(" "))) expect(ids).toContain(labelled);
  });

  test("loads nothing: no address but its own places and the favicon's data", () => {
    const addresses = ["href", "src", "srcset", "action", "data", "poster", "xlink:href"].flatMap((name) => valuesOf(elements, name));
    expect(addresses.filter((address) => !address.startsWith("#") && !address.startsWith("data:image/svg+xml;base64,"))).toEqual([]);
    const [style] = only(elements, "style");
    expect(style?.content).not.toMatch(/url\(|@import|http/);
  });

  test("forbids all but its own style and script, by hashes that match", () => {
    const meta = only(elements, "meta").find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");
    const policy = meta?.attributes.get("content") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    for (const name of ["style", "script"]) {
      const found = only(elements, name);
      expect(found).toHaveLength(1);
      const hash = createHash("sha256")
        .update(found[0]?.content ?? "")
        .digest("base64");
      expect(policy).toContain(`${name}-src 'sha256-${hash}'`);
    }
    const inline = elements.flatMap(({ attributes }) => [...attributes.keys()]).filter((name) => name === "style" || name.startsWith("on"));
    expect(inline).toEqual([]);
  });

  test("uses the terminal's glyphs and words", () => {
    const terminal = renderText(sample, { colour: false });
    for (const status of new Set(sample.cells.map((cell) => cell.status))) {
      const { glyph, word } = marks[status];
      expect(terminal).toContain(`${glyph} ${word}`);
      expect(text).toContain(word);
      expect(text).toContain(glyph);
    }
  });

  test("is the same to the byte when drawn again, and small", async () => {
    expect(await renderHtml(sample)).toBe(page);
    expect(page.length).toBeLessThan(600_000);
  });

  test("draws a claim once, with all its subjects, and links it from where else it counts", () => {
    const ids = idsOf(elements).filter((id) => id === "claim-contaminated-data.split-overlap");
    expect(ids).toHaveLength(1);
    expect(text).toContain("boosted on applicants");
    expect(text).toContain("net on applicants");
    expect(valuesOf(only(elements, "a"), "href")).toContain("#claim-contaminated-data.split-overlap");
  });

  test("says of a threat that doesn't apply why, of a lowered level why, and of a changed limit why", () => {
    expect(text).toContain("Does not apply. Nobody outside the organisation can query a model.");
    expect(text).toContain("Lowered from required by policy: a person decides, the model advises");
    expect(text).toContain("kept although the system is used in Europe: there is no stricter number");
  });

  test("says of a changed limit what it is, why, and what it was", async () => {
    const [first, ...rest] = sample.results;
    if (first === undefined) throw new Error("the sample has results");
    const own = { value: 100, source: "our own convention." };
    const policy = [
      { name: "rows", value: 50, source: "declared: policy", because: "small pilot.", own },
      { name: "limitMs", value: 20, source: "declared: system.limits.latencyMs" },
    ];
    const said = (await renderHtml({ ...sample, results: [{ ...first, policy }, ...rest] })).replace(/<[^>]+>/g, "");
    expect(said).toContain("rows 50 (changed by the declaration: small pilot; the control’s own is 100: our own convention)");
    expect(said).toContain("limitMs 20, declared: system.limits.latencyMs");
  });

  test("counts as measured what has a verdict, kept or not, the same at each place", () => {
    const verdicts = sample.results.filter(({ verdict }) => verdict !== "errored" && verdict !== "unassessed");
    const kept = verdicts.filter(({ cached }) => cached).length;
    expect(extentOf(sample)).toEqual({ measured: verdicts.length, kept });
    expect(text).toContain(`${verdicts.length} measurements, ${kept} of them kept from before`);
    expect(text).toContain(`Of ${verdicts.length} measurements:`);
  });

  test("says in words how it ends, and the exit code only in the fine print", () => {
    const [end] = elements.filter(({ attributes }) => attributes.get("class")?.startsWith("exit ") ?? false);
    expect(end?.name).toBe("p");
    expect(text).toContain(`· exit code ${sample.exit.code}`);
  });

  test("marks a place where one claim is undecided while others are not measured", async () => {
    const cells = sample.cells.map((cell, at) =>
      at > 0
        ? cell
        : {
            ...cell,
            status: "unassessed" as const,
            claims: cell.claims.map((claim, nth) => ({ ...claim, verdict: nth === 0 ? ("undecided" as const) : ("unassessed" as const) })),
          },
    );
    const { elements: all } = parseHtml(await renderHtml({ ...sample, cells }));
    const [cell] = cells;
    const link = only(all, "a").find(({ attributes }) => attributes.get("href") === `#${cell === undefined ? "" : cellAnchor(cell)}`);
    expect(link?.attributes.get("title")).toContain(`1 of ${cell?.claims.length} claims measured, the worst of them undecided`);
    expect(all.filter(({ attributes }) => attributes.get("class") === "sofar undecided").length).toBeGreaterThan(0);
  });

  test("states how many findings there are when it shows the first of them", () => {
    expect(text).toContain("The first 12 of 1,204");
  });

  test("says what met means, and that the evidence is not signed", () => {
    expect(text).toContain("not broken by these measurements, at this budget, on this data");
    expect(text).toContain("The evidence is not signed.");
  });

  test("folds hundreds of results of one claim away, the worst of them first, each with a place of its own", async () => {
    const { elements: all, text: words } = parseHtml(await renderHtml(largeAssessment(100, 300)));
    const results = all.filter(({ attributes }) => attributes.get("id")?.startsWith("result-weak-algorithm.size."));
    const ranks = results.map(({ attributes }) => Object.keys(marks).indexOf(attributes.get("data-status") ?? ""));
    expect(ranks).toHaveLength(302);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(words).toContain("296 more results");
    expect(new Set(idsOf(all)).size).toBe(idsOf(all).length);
  });

  test("says of a policy's number what it is in its unit", async () => {
    const [first, ...rest] = sample.results;
    if (first === undefined) throw new Error("the sample has results");
    const policy = [
      {
        name: "gap",
        value: 0.1,
        unit: "points" as const,
        source: "declared: policy",
        because: "a pilot",
        own: { value: 0.05, source: "a paper" },
      },
      { name: "limitMs", value: 20, unit: "ms" as const, source: "declared: system.limits.latencyMs" },
    ];
    const said = (await renderHtml({ ...sample, results: [{ ...first, policy }, ...rest] })).replace(/<[^>]+>/g, "");
    expect(said).toContain("gap 0.1 = 10.0 points (changed by the declaration: a pilot; the control’s own is 0.05 = 5.0 points: a paper)");
    expect(said).toContain("limitMs 20 ms, declared: system.limits.latencyMs");
  });

  test("gives every plot words of its own", () => {
    const pictures = only(elements, "svg").filter(({ attributes }) => attributes.get("role") === "img");
    expect(pictures.length).toBeGreaterThan(30);
    for (const { attributes } of pictures) expect(attributes.get("aria-label")?.length).toBeGreaterThan(10);
    const silent = only(elements, "svg").filter(({ attributes }) => !attributes.has("role") && attributes.get("aria-hidden") !== "true");
    expect(silent.every(({ attributes }) => attributes.get("class") === "mark")).toBe(true);
  });
});

/** What a name must never change: the elements and their attributes. Code in backticks is set as code, wherever it comes from. */
const skeletonOf = (all: readonly Element[]) =>
  all.filter(({ name }) => name !== "code").map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(" ")}`);

const named = (name: string) =>
  renderHtml(
    sampleAssessment({ system: name, purpose: name, models: [name], dataset: name, column: name, groups: [name, "Other"], person: name }),
  );

describe("names from outside", () => {
  test("never add, remove or change an element", async () => {
    const plain = skeletonOf(parseHtml(await named("a plain name")).elements);
    const anything = anyName.filter((name) => name.trim() !== "");
    const markup = fc
      .array(fc.constantFrom("<", ">", '"', "'", "&", "`", "/", "=", "script", "img", "]]>", "<!--", "-->", " ", "\u202e", "x"), {
        minLength: 1,
        maxLength: 12,
      })
      .map((parts) => `n${parts.join("")}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, markup, fc.constantFrom(...hostileNames)), async (name) => {
        expect(skeletonOf(parseHtml(await named(name)).elements)).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  test("cannot turn the reading direction or hide, and don't swell the page", async () => {
    for (const name of hostileNames) {
      const hostile = await named(name);
      expect(hostile.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(hostile.length).toBeLessThan(1_000_000);
    }
  });

  test("of a user's own threats and stages become harmless places", async () => {
    const [cell] = sample.cells;
    if (cell === undefined) throw new Error("the sample has cells");
    const own = hostileNames.slice(0, 12).map((name) => ({ ...cell, threat: name, stage: name }));
    const { elements: all } = parseHtml(await renderHtml({ ...sample, cells: [...sample.cells, ...own] }));
    const ids = idsOf(all);
    expect(new Set(ids).size).toBe(ids.length);
    for (const each of own) expect(ids).toContain(cellAnchor(each));
  });
});
