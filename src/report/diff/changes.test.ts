import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assessment, Level, Outcome, Result } from "../../assess/index.ts";
import { foreignAssessment } from "../testing/foreign.ts";
import { sampleAssessment } from "../testing/sample.ts";
import { changesOf, exitAgainst, findingsTurned, isFixed, isNewlyOpen, isNewlyUnmet, isStillUnmet, isUnshown, isWorse } from "./changes.ts";

const sample = sampleAssessment();
const claim = "weak-algorithm/size";
const [template] = sample.results;

interface Standing {
  readonly verdict: Outcome | "none";
  readonly level?: Level | "inapplicable";
  readonly subject?: string;
}

/** An assessment of one claim alone; `none`: no control measures it. */
function withOne({ verdict, level = "required", subject = "net" }: Standing, changed: Partial<Result> = {}): Assessment {
  const results = verdict === "none" ? [] : [{ ...template!, claim, control: claim, subject, verdict, ...changed }];
  const state = {
    id: claim,
    control: verdict === "none" ? null : claim,
    verdict: verdict === "none" ? ("unassessed" as const) : verdict,
    reason: "",
  };
  const [cell] = sample.cells;
  const cells = [{ ...cell!, applies: level !== "inapplicable", level: level === "inapplicable" ? "required" : level, claims: [state] }];
  const code = verdict === "errored" ? 3 : 0;
  return { ...sample, results, cells, requirements: [], exit: { code, why: "one control errored" } };
}

const required = (verdict: Standing["verdict"]): Standing => ({ verdict });
const recommended = (verdict: Standing["verdict"]): Standing => ({ verdict, level: "recommended" });
const dismissed = (verdict: Standing["verdict"]): Standing => ({ verdict, level: "inapplicable" });

describe("the exit code against a baseline", () => {
  const table: readonly [Standing, Standing, 0 | 1 | 3 | 4][] = [
    // What was unmet there is excused, whatever it is now, as long as the control ran.
    [required("unmet"), required("unmet"), 0],
    [required("unmet"), required("undecided"), 0],
    [required("unmet"), required("unassessed"), 0],
    [required("unmet"), required("met"), 0],
    // What was good there must stay good.
    [required("met"), required("unmet"), 1],
    [required("inapplicable"), required("unmet"), 1],
    [required("met"), required("undecided"), 4],
    [required("met"), required("unassessed"), 4],
    [required("inapplicable"), required("undecided"), 4],
    [required("met"), required("inapplicable"), 0],
    // What was open there may stay open, and may not turn out to be unmet.
    [required("undecided"), required("undecided"), 0],
    [required("undecided"), required("unassessed"), 0],
    [required("unassessed"), required("undecided"), 0],
    [required("undecided"), required("unmet"), 1],
    [required("unassessed"), required("unmet"), 1],
    [required("errored"), required("undecided"), 0],
    [required("errored"), required("unmet"), 1],
    // What no control measured there: measuring it is no news, finding it unmet is.
    [required("none"), required("none"), 0],
    [required("none"), required("undecided"), 0],
    [required("none"), required("unmet"), 1],
    [required("met"), required("none"), 4],
    // An error is excused by nothing.
    [required("errored"), required("errored"), 3],
    [required("met"), required("errored"), 3],
    [dismissed("met"), recommended("errored"), 3],
    // Only what is required now fails; what became required is new.
    [recommended("met"), recommended("unmet"), 0],
    [recommended("met"), recommended("undecided"), 0],
    [dismissed("met"), dismissed("unmet"), 0],
    [recommended("unmet"), required("unmet"), 1],
    [dismissed("unmet"), required("unmet"), 1],
    [recommended("undecided"), required("undecided"), 4],
    [required("unmet"), recommended("unmet"), 0],
    // Another subject is another line.
    [{ verdict: "unmet", subject: "boosted" }, { verdict: "unmet", subject: "net" }, 1],
    [{ verdict: "met", subject: "boosted" }, { verdict: "undecided", subject: "net" }, 4],
    [{ verdict: "unmet", subject: "boosted" }, { verdict: "met", subject: "net" }, 0],
  ];
  it.each(table)("%o, then %o: %i", (before, after, code) => {
    expect(exitAgainst(withOne(before), withOne(after)).code).toBe(code);
  });

  it("is 0 for an assessment against itself, save where a control errored", () => {
    expect(exitAgainst(sample, sample).code).toBe(3);
    const sound = {
      ...sample,
      results: sample.results.filter(({ verdict }) => verdict !== "errored"),
      exit: { code: 1 as const, why: "" },
    };
    expect(exitAgainst(sound, sound)).toEqual({ code: 0, why: "nothing required is newly open" });
  });

  it("is never 1 or 4 for an assessment against itself, whatever it holds", () => {
    fc.assert(
      fc.property(foreignAssessment, (assessment) => {
        expect([0, 3]).toContain(exitAgainst(assessment, assessment).code);
      }),
      { numRuns: 20 },
    );
  });

  it("takes the worse of a line that stands there twice", () => {
    const once = withOne(required("met"));
    const twice = { ...once, results: [{ ...once.results[0]!, verdict: "unmet" as const }, ...once.results] };
    expect(exitAgainst(once, twice).code).toBe(1);
  });

  it("names a worse code before a better one, as without a baseline", () => {
    const two = (a: Outcome, b: Outcome) => {
      const [one, other] = [withOne({ verdict: a, subject: "net" }), withOne({ verdict: b, subject: "boosted" })];
      return { ...one, results: [...one.results, ...other.results] };
    };
    expect(exitAgainst(two("met", "met"), two("undecided", "unmet")).code).toBe(1);
  });
});

describe("what changed between two assessments", () => {
  const only = (before: Standing, after: Standing) => {
    const [change] = changesOf(withOne(before), withOne(after));
    return [isNewlyUnmet, isNewlyOpen, isFixed, isStillUnmet, isUnshown, isWorse].filter((is) => is(change!)).map(({ name }) => name);
  };
  it.each([
    ["met", "unmet", ["isNewlyUnmet", "isWorse"]],
    ["met", "undecided", ["isNewlyOpen", "isWorse"]],
    ["unmet", "met", ["isFixed"]],
    ["unmet", "unmet", ["isStillUnmet"]],
    ["unmet", "undecided", ["isUnshown"]],
    ["unmet", "inapplicable", ["isUnshown"]],
    ["undecided", "met", []],
    ["met", "met", []],
  ] as const)("%s, then %s is %j", (before, after, kinds) => {
    expect(only(required(before), required(after))).toEqual(kinds);
  });

  it("holds every claim of every cell and requirement, measured or not, and once", () => {
    const keys = changesOf(sample, sample).map(({ claim: id, subject }) => JSON.stringify([id, subject]));
    expect(new Set(keys).size).toBe(keys.length);
    const ids = new Set([...sample.cells, ...sample.requirements].flatMap(({ claims }) => claims.map(({ id }) => id)));
    for (const id of ids) expect(keys.some((key) => key.startsWith(`["${id}"`))).toBe(true);
  });

  it("keeps what is gone: a subject that is measured no more", () => {
    const changes = changesOf(withOne({ verdict: "unmet", subject: "boosted" }), withOne({ verdict: "met", subject: "net" }));
    expect(changes.map(({ subject, before, after }) => [subject, before?.verdict, after?.verdict])).toEqual([
      ["net", undefined, "met"],
      ["boosted", "unmet", undefined],
    ]);
  });
});

describe("findings that came and went", () => {
  const [artefact] = sample.artefacts;
  const finding = (row: number) => ({ artefact: artefact!.id, row, reason: "twin" });
  const withRows = (rows: readonly number[], findingsTotal = rows.length) =>
    withOne(required("unmet"), { findings: rows.map(finding), findingsTotal });
  const turned = (before: Assessment, after: Assessment) => findingsTurned(changesOf(before, after)[0]!, before, after);

  it("are told by artefact, row and reason", () => {
    expect(turned(withRows([1, 2, 3]), withRows([3, 4]))).toEqual({ added: 1, removed: 2 });
    expect(turned(withRows([1]), withRows([1]))).toEqual({ added: 0, removed: 0 });
  });

  it("cannot be told where the artefact is another, or not all are kept", () => {
    const other = { ...withRows([1]), artefacts: [{ ...artefact!, digest: `sha256:${"f".repeat(64)}` as const }] };
    expect(turned(withRows([1]), other)).toBeNull();
    expect(turned(withRows([1]), withRows([1, 2], 900))).toBeNull();
  });
});
