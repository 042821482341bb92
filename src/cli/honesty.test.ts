import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../assess/index.ts";
import { seededRandom } from "../base/index.ts";
import { declaration, folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folderOf = folders();

/** People with names and numbers of their own, some of them in both splits, some of them with both labels. */
function people(split: string): string {
  const random = seededRandom(3, split);
  const rows = Array.from({ length: 400 }, (_, at) => {
    const [who, income] = at < 40 ? [`Ximena${at}Q`, 3 + at / 7919] : [`${split}Zubin${at}Q`, random.normal()];
    const label = at < 20 ? (split === "train") === at % 2 > 0 : income > 0;
    return [who, income.toFixed(7), "0.2718281", at % 2 ? "f" : "m", label ? "granted" : "refused"].join(",");
  });
  return ["who,income,debt,sex,decision", ...rows, ""].join("\n");
}

/** What nobody may find outside the data: names, and numbers of seven digits. */
const personal = /Ximena\d|Zubin\d|\b3\.00\d{5}\b|2718281/;

let folder: string;
let assessment: Assessment;
let said: readonly string[];
beforeAll(async () => {
  const policy = 'policy: { claims: { algorithm-bias/equal-opportunity: { gap: 0.0625, because: "our works council" } } }\nseed: 7';
  const text = declaration.replace("    sensitive:", "    identifying: [who]\n    sensitive:").replace("seed: 7", policy);
  folder = await folderOf({ ...tinyProject(), "sextant.yaml": text, "train.csv": people("train"), "test.csv": people("test") });
  const json = await sextant("assess", folder, "--format", "json");
  expect(json.err).toBe("");
  assessment = JSON.parse(json.out) as Assessment;
  const reports = await Promise.all(["text", "html"].map((format) => sextant("report", folder, "--format", format)));
  said = [json.out, ...reports.map(({ out }) => out)];
});

describe("personal values", () => {
  it("stand in no report and in no evidence: what was found is told by its row", () => {
    const findings = assessment.results.flatMap((result) => result.findings);
    expect(findings.filter(({ row }) => row !== undefined).length).toBeGreaterThan(20);
    for (const text of said) expect(text).not.toMatch(personal);
    for (const name of readdirSync(join(folder, ".sextant/evidence")))
      expect(readFileSync(join(folder, ".sextant/evidence", name), "utf8")).not.toMatch(personal);
  });
});

describe("measures", () => {
  const measures = () => assessment.results.flatMap(({ claim, measures: own }) => own.map((measure) => ({ claim, ...measure })));

  it("have an interval where they speak of a population, named, and none where they count what is there", () => {
    expect(measures().length).toBeGreaterThan(30);
    for (const { claim, name, low, high, confidence, population } of measures()) {
      const interval = low !== undefined || high !== undefined;
      expect([claim, name, interval ? population : "census"]).toEqual([claim, name, interval ? expect.any(String) : "census"]);
      if (interval) expect([claim, name, confidence]).toEqual([claim, name, expect.any(Number)]);
      if (!interval) expect([claim, name, population]).toEqual([claim, name, undefined]);
    }
  });

  it("of whole splits are counted, without an interval", () => {
    for (const claim of ["contaminated-data/split-overlap", "contaminated-data/conflicting-labels"]) {
      const own = measures().filter((measure) => measure.claim === claim);
      expect(own.length).toBeGreaterThan(0);
      expect(own.filter(({ low, high, population }) => low !== undefined || high !== undefined || population !== undefined)).toEqual([]);
    }
  });
});

describe("words", () => {
  it("say what was seen: nothing is called secure, safe, certified or guaranteed", () => {
    const reasons = assessment.results.flatMap(({ reason, remedy }) => [reason, remedy ?? ""]);
    for (const reason of reasons) expect(reason).not.toMatch(/\b(secure|safe|guaranteed?|certified|compliant)\b/i);
  });

  it("of a threshold that was changed stand in every report, with the reason", () => {
    for (const text of said) expect(text).toMatch(/our\s+works\s+council/);
  });
});
