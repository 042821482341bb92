import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { keeperIn } from "./kept.ts";

it("what a module keeps is there in the next run, and nothing to another module", async () => {
  const root = await mkdtemp(join(tmpdir(), "sextant-kept-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const [own, other] = ["./kept.ts", "./cache.ts"].map((module) => new URL(module, import.meta.url).href) as [string, string];
  expect(await keeperIn(root)(own).get()).toBeNull();
  await keeperIn(root)(own).put(new Map([["a", "b"]]));
  expect(await keeperIn(root)(own).get()).toEqual(new Map([["a", "b"]]));
  expect(await keeperIn(root)(other).get()).toBeNull();
});
