import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openJson } from "./index.ts";

it("A batch of long records holds fewer of them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "json-"));
  const path = join(folder, "long.jsonl");
  await writeFile(path, `${JSON.stringify({ text: "x".repeat(1_000_000) })}\n`.repeat(20));
  const { batches } = await openJson(path, path);
  const rows: number[] = [];
  for await (const batch of batches) rows.push(batch.rows);
  expect(rows).toEqual([17, 3]); // 2^24 characters make it full
  await rm(folder, { recursive: true });
});
