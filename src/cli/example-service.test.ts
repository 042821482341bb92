import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { sextantWith } from "./testing/run.ts";

const example = fileURLToPath(new URL("../../examples/service", import.meta.url));

interface Server {
  readonly url: string;
  readonly seen: { readonly rows: number; readonly requests: number };
  close(): Promise<void>;
}
interface ServerModule {
  startServer(options?: { trouble?(seen: Server["seen"]): number | undefined }): Promise<Server>;
}
const { startServer } = (await import(new URL("../../examples/service/server.js", import.meta.url).href)) as ServerModule;

it("the example's service is assessed though it fails now and then; the second run asks nothing; every report is made", async () => {
  const root = mkdtempSync(join(tmpdir(), "sextant-service-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(example, root, { recursive: true, filter: (path) => !path.includes(".sextant") });
  const server = await startServer({ trouble: ({ requests }) => ({ 1: 429, 2: 500, 3: 503 })[requests % 29] });
  onTestFinished(() => server.close());
  const run = (...args: string[]) => sextantWith({ SEXTANT_OFFERS_URL: server.url }, ...args);
  const only = ["served-answers", "success-metric", "calibration"].flatMap((claim) => ["--only", `weak-algorithm/${claim}`]);

  const first = JSON.parse((await run("assess", root, "--format", "json", ...only)).out) as {
    results: { claim: string; subject: string; verdict: string; reason: string }[];
    artefacts: { id: string; about: string }[];
  };
  const result = (claim: string, subject: string) => first.results.find((each) => each.claim === claim && each.subject === subject);
  expect(result("weak-algorithm/served-answers", "boosted on applicants")).toMatchObject({
    verdict: "met",
    reason: expect.stringMatching(/^0 of 6,512 answers differ from the tested model's/),
  });
  // examples/credit/README.md: the net is right on 86.09 % of the test part.
  expect(result("weak-algorithm/success-metric", "net on applicants")?.reason).toMatch(/86\.1 %/);
  const used = first.artefacts.flatMap(({ about }) => /, ([\d,]+) of [\d,]+ queries used$/.exec(about)?.[1] ?? []);
  expect(used.reduce((sum, each) => sum + Number(each.replaceAll(",", "")), 0)).toBe(server.seen.rows);

  const asked = server.seen.rows;
  await run("assess", root, ...only);
  expect(server.seen.rows).toBe(asked);
  for (const format of ["text", "json", "html", "sarif", "junit", "oscal", "csv", "markdown"])
    expect((await run("report", root, "--format", format)).out.length, format).toBeGreaterThan(50);
  expect(server.seen.rows).toBe(asked);
});
