import { expect, test } from "vitest";
import type { Kept } from "../../assess/index.ts";
import { hostileNames } from "../testing/hostile.ts";
import { parseHtml } from "../testing/parse-html.ts";
import { drawing } from "./chart.ts";
import type { Series } from "./chart-parts.ts";
import { picturesOf } from "./pictures.ts";

const named = (name: string): Series => ({
  name,
  kind: "bars",
  x: { label: "group", values: ["a", "b"] },
  y: { label: "rate", values: [0.1, 0.2] },
});

/** Keeps one value, and counts how often it is written. */
function keeping(value: unknown = null): Kept & { writes: number; readonly value: unknown } {
  return {
    writes: 0,
    value,
    get: async () => value,
    async put(next) {
      this.writes++;
      value = next;
    },
  };
}
const loading = (calls: string[]) => async () => (series: Series) => {
  calls.push(series.name);
  return `picture of ${series.name}`;
};

test("a picture is drawn once, and kept as long as a page shows it", async () => {
  const kept = keeping();
  const calls: string[] = [];
  const pictures = async (...names: string[]) => {
    const of = await picturesOf(names.map(named), loading(calls), kept);
    return names.map((name) => of(named(name)));
  };
  expect(await pictures("one", "two")).toEqual(["picture of one", "picture of two"]);
  expect(await pictures("two", "three")).toEqual(["picture of two", "picture of three"]);
  expect(calls).toEqual(["one", "two", "three"]);
  expect(await pictures("two")).toEqual(["picture of two"]);
  await pictures("one", "two");
  expect(calls, "one was left out in between").toEqual(["one", "two", "three", "one"]);
});

test("where nothing is new, nothing is loaded and nothing written", async () => {
  const kept = keeping();
  await picturesOf([named("one")], loading([]), kept);
  const never = () => Promise.reject(new Error("loaded"));
  expect((await picturesOf([named("one")], never, kept))(named("one"))).toBe("picture of one");
  await picturesOf([], never, kept);
  expect(kept.writes).toBe(1);
});

test("whatever else was kept is drawn anew", async () => {
  for (const value of [7, [], new Map([["key", 7]]), new Map([[7, "picture"]])]) {
    const calls: string[] = [];
    await picturesOf([named("one")], loading(calls), keeping(value));
    expect(calls).toEqual(["one"]);
  }
});

test("a figure from a kept picture is the same to the byte, and one that somebody put there brings nothing along", async () => {
  const kept = keeping();
  const drawn = (await drawing([named("one")], () => kept))(named("one"), "key").markup;
  expect((await drawing([named("one")], () => kept))(named("one"), "key").markup).toBe(drawn);
  const [key] = [...((await kept.get()) as Map<string, string>).keys()];
  for (const text of [...hostileNames, '<script>a</script><rect onload="a" x="1"/>']) {
    const forged = keeping(new Map([[key, `<svg>${text}</svg>`]]));
    const { elements } = parseHtml(`<!doctype html>${(await drawing([named("one")], () => forged))(named("one"), "key").markup}`);
    expect(elements.some(({ name, attributes }) => name === "script" || attributes.has("onload"))).toBe(false);
  }
});
