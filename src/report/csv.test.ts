import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../assess/index.ts";
import { renderCsv } from "./csv.ts";
import { oneLine } from "./terminal.ts";
import { anyName, hostileNames } from "./testing/hostile.ts";
import { sampleAssessment } from "./testing/sample.ts";

const sample = sampleAssessment();
const [first] = sample.results;
const withFindings = (findings: Assessment["results"][number]["findings"]): Assessment => ({
  ...sample,
  results: [{ ...first!, findings, findingsTotal: findings.length }],
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sextant-csv-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The table as another reader sees it, by the rules of RFC 4180. */
async function readBack(text: string): Promise<Record<string, unknown>[]> {
  const path = join(folder, "findings.csv");
  await writeFile(path, text);
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll(
    `SELECT * FROM read_csv('${path}', delim = ',', quote = '"', escape = '"', header = true, all_varchar = true, new_line = '\\r\\n', max_line_size = 100000000)`,
  );
  connection.closeSync();
  return reader.getRowObjects();
}

describe("the findings as CSV", () => {
  it("are one line each, with their file, read back by another reader as they were", async () => {
    const artefacts = sample.artefacts.map((artefact) => ({ ...artefact, path: `data/${artefact.kind}.csv` }));
    const findings = sample.results.flatMap((result) => result.findings);
    const rows = await readBack(renderCsv({ ...sample, artefacts }));
    expect(rows).toHaveLength(findings.length);
    expect(rows.map(({ reason }) => reason)).toEqual(findings.map(({ reason }) => reason));
    expect(rows.map(({ row }) => row)).toEqual(findings.map(({ row }) => (row === undefined ? null : String(row))));
  });

  it("may hold any text: it stays in its field, and no field that is a text can run in a spreadsheet", async () => {
    const texts = [
      ...hostileNames,
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      " =1",
      '"',
      "a,b",
      "a;=1",
      "＝1",
      ...fc.sample(anyName, { numRuns: 40, seed: 5 }),
    ];
    const rows = await readBack(renderCsv(withFindings(texts.map((reason, row) => ({ artefact: reason, row, reason })))));
    for (const [at, { reason, artefact }] of rows.entries()) {
      const plain = oneLine(texts[at] ?? "");
      expect([plain, `'${plain}`]).toContain(reason ?? "");
      for (const text of [reason, artefact]) expect(String(text)).not.toMatch(/^[\s]*[=+\-@＝＋－＠]/u);
    }
  });

  it("leave numbers numbers, the negative ones too", () => {
    const [, line] = renderCsv(withFindings([{ artefact: "a", row: 3, probability: -0.25, reason: "-0.25" }])).split("\r\n");
    expect(line?.endsWith(`"a",,3,,,-0.25,"'-0.25"`)).toBe(true);
  });

  it("are the head alone where there are none, and every line ends in CR LF", () => {
    const text = renderCsv(withFindings([]));
    expect(text).toBe("claim,subject,verdict,level,artefact,file,row,column,place,probability,reason\r\n");
    expect(renderCsv(sample).replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});
