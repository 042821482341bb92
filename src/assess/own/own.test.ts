import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../base/index.ts";
import { declaration, folders, tinyProject } from "../../cli/testing/project.ts";
import { type AssessEvent, type Assessment, assess, report } from "../../library/index.ts";

const folder = folders();

/** A control of somebody's own: the share of right answers. */
const good = `import { type Control, clopperPearson, defineControl, met, number, predictions, undecided, unmet } from "sextant-ai";

export const enoughRight = defineControl({
  claim: "house-rules/enough-right",
  about: {
    title: "Enough right answers",
    says: "The share of right answers lies above the limit.",
    wants: "a labelled test split, and the model",
    owner: "data-scientist",
    cells: ["weak-algorithm/development"],
    requirements: ["TD-4"],
  },
  needs: { answers: predictions({ split: "test" }) },
  policy: { least: number(0.5, "our own convention: better than a coin", "share") },
  measure({ answers }) {
    const right = answers.truth.reduce((sum: number, label: number, row: number) => sum + Number(label === answers.answers[row]), 0);
    const { value, low, high } = clopperPearson(right, answers.rows)!;
    return { measures: [{ name: "share right", value, low, high, unit: "share", population: "people like those of the test split", n: answers.rows }] };
  },
  judge({ measures: [share] }, { least }) {
    if (share === undefined) return undecided("nothing was measured");
    if ((share.low ?? 0) >= least) return met("at least " + least + " are right");
    return (share.high ?? 1) < least ? unmet("too few are right") : undecided("too few rows to tell");
  },
});
`;

const project = async (control: string, { digest = digestOf(control), file = "controls/right.ts", more = "" } = {}) => {
  const text = `${declaration}controls: [{ file: ${file}, digest: "${digest}" }]\n${more}`;
  return folder({ ...tinyProject({ rows: 400 }), "sextant.yaml": text, [file]: control });
};
const problemOf = async (control: string, settings = {}) => {
  const root = await project(control, settings);
  return assess(root, { only: ["weak-algorithm/size"] }).then(
    () => null,
    (error: unknown) => error,
  );
};

describe("a control of the project's own", () => {
  it("appears in everything: results, cells, requirements, next steps, and every report", async () => {
    const root = await project(good, { more: `policy: { claims: { house-rules/enough-right: { least: 0.99, because: "a dare" } } }\n` });
    const events: AssessEvent[] = [];
    const claim = "house-rules/enough-right";
    const assessment = await assess(root, { only: [claim], on: (event) => events.push(event) });
    const result = assessment.results.find((each) => each.claim === claim);
    expect(result).toMatchObject({ verdict: "unmet", model: "tiny", words: { title: "Enough right answers" } });
    const cell = assessment.cells.find(({ threat, stage }) => threat === "weak-algorithm" && stage === "development");
    expect(cell?.claims.find(({ id }) => id === claim)).toMatchObject({ verdict: "unmet", control: claim });
    expect(assessment.requirements.find(({ id }) => id === "TD-4")?.claims.map(({ id }) => id)).toContain(claim);
    expect(assessment.next.map(({ id, stakeholder }) => [id, stakeholder])).toContainEqual([claim, "data-scientist"]);
    expect(events).toContainEqual({ kind: "ended", claim, subject: "tiny on applicants", how: "measured" });
    for (const format of ["text", "html", "json", "sarif", "junit", "oscal", "markdown"] as const)
      expect(await report(assessment, format), format).toMatch(/house-rules.enough-right/);
    for (const format of ["html", "sarif", "oscal"] as const)
      expect(await report(assessment, format), format).toContain("nough right answers");
  });

  it("is measured once, judged by the declaration's own limit, and measured again when its file changes", async () => {
    const root = await project(good);
    const run = async (at: string) =>
      (await assess(at, { only: ["house-rules/enough-right"] })).results.find(({ claim }) => claim.startsWith("house"));
    expect(await run(root)).toMatchObject({ cached: false, verdict: "met" });
    expect(await run(root)).toMatchObject({ cached: true, verdict: "met" });
    const stricter = await project(good, {
      more: `policy: { claims: { house-rules/enough-right: { least: 0.99, because: "a dare" } } }\n`,
    });
    expect(await run(stricter)).toMatchObject({ verdict: "unmet", policy: [{ value: 0.99, because: "a dare" }] });
    const changed = good.replace("share right", "share of right answers");
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(root, "controls/right.ts"), changed);
    await writeFile(join(root, "sextant.yaml"), `${declaration}controls: [{ file: controls/right.ts, digest: "${digestOf(changed)}" }]\n`);
    expect(await run(root)).toMatchObject({ cached: false, verdict: "met" });
  });

  it("is not run unless the declaration trusts that very file, and the message says its digest", async () => {
    const digest = digestOf("something else");
    expect(await problemOf(good, { digest })).toMatchObject({
      list: [{ code: "CONTROL_UNTRUSTED", remedy: expect.stringContaining(digestOf(good)) }],
    });
  });

  const wrong: readonly (readonly [what: string, control: string, says: RegExp])[] = [
    ["imports another module", `import "node:fs";\n${good}`, /imports "node:fs"/],
    ["imports a file beside it", `import "./other.ts";\n${good}`, /imports "\.\/other.ts"/],
    ["asks for what only the library has", `import { assess } from "sextant-ai";\n${good}`, /does not provide an export named 'assess'/],
    ["exports nothing", "export const nothing = 1;", /exports 0 controls/],
    ["does not parse", "export const (", /cannot be loaded|types cannot be taken out/],
    [
      "serves a cell that there is not",
      good.replace("weak-algorithm/development", "weak-algorithm/moonshine"),
      /serves .weak-algorithm\/moonshine/,
    ],
    [
      "takes a claim that has a control",
      good.replace("house-rules/enough-right", "weak-algorithm/size").replace(/ {2}about: \{[\s\S]*?\n {2}\},\n/, ""),
      /has a control already/,
    ],
    ["brings no words for a claim of its own", good.replace(/ {2}about: \{[\s\S]*?\n {2}\},\n/, ""), /has no claim house-rules/],
    ["ends the process while it loads", `process.exit(0);\n${good}`, /uses process.exit/],
    ["asks the clock while it loads", `const now = Date.now();\n${good}`, /uses the clock/],
  ];
  it.each(wrong)("is refused with its file where it %s", async (_, control, says) => {
    const error = (await problemOf(control)) as Error & { code?: string; list?: readonly Error[] };
    expect([error, ...(error.list ?? [])].map(({ message }) => message).join("\n")).toMatch(says);
  });

  /** What `measure` does first, which it may not. */
  const forbidden: readonly (readonly [what: string, does: string])[] = [
    ["reads a file", `const fs: any = process.constructor.constructor; fs("return 1")();`],
    ["opens a connection", `(globalThis as any).fetch("http://127.0.0.1:1");`],
    ["draws a number of its own", "Math.random();"],
    ["asks what day it is", "new Date();"],
    ["loads another module", `void 0; return import("node:fs");`],
    ["gets at a built-in module", `(process as any).getBuiltinModule("fs");`],
    ["speaks to the process that started it", "process.send!(null);"],
    ["sends that one a signal", "process.kill(process.ppid, 0);"],
    ["ends its own", "process.exit(0);"],
  ];
  const mistaken: readonly (readonly [what: string, control: string, says: string])[] = [
    [
      "hands over no number",
      good.replace("value, low, high, unit", "value: Number.NaN, unit").replace(/population: "[^"]*", /, ""),
      "measures[0].value: expected a number; this is NaN",
    ],
    ["throws", good.replace("    const right", "    (undefined as any).nothing();\n    const right"), "it failed: Cannot read properties"],
    [
      "throws when it judges",
      good.replace("    if (share === undefined)", "    (share as any).no();\n    if (share === undefined)"),
      "it failed: share.no is",
    ],
  ];

  describe("among others in one run", () => {
    const erring = [
      ...forbidden.map(([what, does]) => [what, good.replace("    const right", `    ${does}\n    const right`)]),
      ...mistaken,
    ];
    let results: Assessment["results"];
    beforeAll(async () => {
      const all = [["does what it may", good] as const, ...erring].map(([what = "", control = ""]) => {
        const name = what.replaceAll(" ", "-");
        return {
          file: `controls/${name}.ts`,
          claim: `house-rules/${name}`,
          text: control.replace("house-rules/enough-right", `house-rules/${name}`),
        };
      });
      const declared = all.map(({ file, text }) => `{ file: ${file}, digest: "${digestOf(text)}" }`).join(", ");
      const files = Object.fromEntries(all.map(({ file, text }) => [file, text]));
      const root = await folder({ ...tinyProject({ rows: 400 }), ...files, "sextant.yaml": `${declaration}controls: [${declared}]\n` });
      ({ results } = await assess(root, { only: all.map(({ claim }) => claim) }));
    });
    const about = (what: string) => results.find(({ claim }) => claim === `house-rules/${what.replaceAll(" ", "-")}`);

    it.each(mistaken)("is told in words, with its file, where it %s", (what, _, says) => {
      const result = about(what);
      expect(result).toMatchObject({ verdict: "errored", reason: expect.stringContaining(says) });
      expect(result?.reason).toMatch(new RegExp(`^controls/${what.replaceAll(" ", "-")}\\.ts: [^{]*$`));
      expect(result?.remedy).not.toContain("report it");
    });

    it.each(forbidden)("errs where it %s", (what) => {
      expect(about(what)?.verdict).toBe("errored");
    });

    it("is met where it does what it may, whatever those others do", () => {
      expect(about("does what it may")?.verdict).toBe("met");
    });
  });

  it.each([
    ["a number", "5"],
    ["a recipe of no inputs", `({ kind: "derived", recipe: "predictions" })`],
    [
      "a million, in a few names",
      `[...Array(20)].reduce((node) => ({ kind: "derived", recipe: "predictions", inputs: { a: node, b: node } }), { kind: "value", value: 1 })`,
    ],
  ])("that plans %s is not assessed, and breaks nothing", async (_, planned) => {
    const control = good.replace(
      'predictions({ split: "test" })',
      `{ per: "model", plan: () => ${planned}, view: (seen: any) => seen } as any`,
    );
    const { results } = await assess(await project(control), { only: ["house-rules/enough-right"] });
    expect(results.find(({ claim }) => claim.startsWith("house"))?.verdict).toBe("unassessed");
  });
});
