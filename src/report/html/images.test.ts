import { expect, test } from "vitest";
import { digestOf } from "../../base/index.ts";
import { hostileNames } from "../testing/hostile.ts";
import { parseHtml } from "../testing/parse-html.ts";
import { imagesOf, imagesPart } from "./images.ts";

const png = Buffer.from("89504e470d0a1a0a", "hex");
const digest = digestOf(png);

test("a picture stands on the page as data, with what it shows; one that is gone is named", async () => {
  const pictures = [
    { says: "row 3, as it is", digest },
    { says: "row 3, changed", digest: digestOf(Buffer.from("another")) },
  ];
  const images = await imagesOf([{ pictures }, { pictures }], async (wanted) => (wanted === digest ? png : null));
  const { elements, text } = parseHtml(`<!doctype html>${imagesPart({ pictures }, images).markup}`);
  const shown = elements.filter(({ name }) => name === "img").map(({ attributes }) => attributes.get("src"));
  expect(shown).toEqual([`data:image/png;base64,${png.toString("base64")}`]);
  expect(text).toContain("row 3, changed");
  expect(text).toContain("not at hand");
});

test("a page takes so many pictures and no more", async () => {
  const large = Buffer.alloc(2 ** 20);
  const pictures = Array.from({ length: 12 }, (_, at) => ({ says: "", digest: digestOf(String(at)) }));
  expect((await imagesOf([{ pictures }], async () => large)).size).toBe(8);
});

test("what a picture is said to show brings nothing along", () => {
  for (const says of hostileNames) {
    const { elements } = parseHtml(`<!doctype html>${imagesPart({ pictures: [{ says, digest }] }, new Map([[digest, ""]])).markup}`);
    expect(elements.filter(({ name }) => name === "script" || name === "iframe")).toEqual([]);
    expect(elements.some(({ attributes }) => attributes.has("onerror"))).toBe(false);
  }
});
