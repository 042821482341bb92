import { describe, expect, it } from "vitest";
import { type Fake, startFake } from "../models/endpoint/testing/fake.ts";
import { folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folder = folders();

/** The small project, with its model behind an endpoint instead of in a file. */
function behind({ url }: Pick<Fake, "url">, { queries = 20_000, more = "" } = {}): Record<string, string | Uint8Array> {
  const { "tiny.onnx": _, "sextant.yaml": text, ...files } = tinyProject({ rows: 400 });
  const declared = String(text)
    .replace(
      "    file: tiny.onnx\n",
      `    endpoint: { url: "${url}", protocol: open-inference, model: credit, queries: ${queries}${more} }\n`,
    )
    .replace(", sizeMiB: 1", "");
  return { ...files, "sextant.yaml": declared };
}

describe("a model behind an endpoint", () => {
  it("is assessed as one in a file is, and the second run asks nothing", async () => {
    await using fake = await startFake();
    const root = await folder(behind(fake));
    const first = await sextant("assess", root, "--format", "json");
    expect(first.err).toBe("");
    console.log(first.out.slice(0, 3000), first.code);
    const rows = fake.rows;
    const second = await sextant("assess", root, "--format", "json");
    expect(second.code).toBe(first.code);
    expect(fake.rows).toBe(rows);
  });
});
