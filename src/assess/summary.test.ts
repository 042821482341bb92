import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue/index.ts";
import { controls } from "../controls/index.ts";
import type { Declaration } from "../declaration/index.ts";
import type { Outcome, Result } from "./assessment.ts";
import { exitOf, nextSteps, summarise } from "./summary.ts";

/** A predictive system that strangers query, so that much applies. */
const declaration = (policy: Declaration["policy"] = undefined): Declaration =>
  ({
    version: 1,
    system: { name: "A", affects: { whom: "people" } },
    datasets: [{ id: "d", splits: { train: "train.csv" }, label: "y", personal: true }],
    models: [{ id: "m", file: "m.onnx", trainedOn: ["d"] }],
    services: [{ id: "s", model: "m", callers: "strangers", answers: "scores" }],
    ...(policy === undefined ? {} : { policy }),
  }) as Declaration;

const resultOf = (claim: string, verdict: Outcome, subject = "m on d"): Result => ({
  control: claim,
  claim,
  subject,
  artefacts: [],
  cells: [],
  requirements: [],
  verdict,
  reason: `${claim} ${verdict}`,
  remedy: null,
  measures: [],
  findings: [],
  findingsTotal: 0,
  series: [],
  attachments: [],
  pictures: [],
  decisive: [],
  policy: [],
  measuredAt: null,
  evidence: null,
  seed: null,
  budget: null,
  cached: false,
  milliseconds: 0,
});

const measured = controls.map(({ control }) => control.claim as string);
const outcomes = ["met", "unmet", "undecided", "inapplicable", "errored", "unassessed"] as const satisfies readonly Outcome[];

describe("cells and requirements", () => {
  it("are all there, whatever ran", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...measured), fc.constantFrom(...outcomes)), { maxLength: 20 }), (given) => {
        const { cells, requirements } = summarise(
          declaration(),
          given.map(([claim, verdict]) => resultOf(claim, verdict)),
        );
        return cells.length === catalogue.cells.length && requirements.length === catalogue.requirements.length;
      }),
    );
  });

  it("with a claim that no control measures are never met, however good the others look", () => {
    const { cells, requirements } = summarise(
      declaration(),
      measured.map((claim) => resultOf(claim, "met")),
    );
    const open = [...cells, ...requirements].filter(({ claims }) => claims.some(({ control }) => control === null));
    expect(open.length).toBeGreaterThan(20);
    expect(open.filter(({ status }) => status === "met")).toEqual([]);
    for (const { verdict, reason } of open.flatMap(({ claims }) => claims).filter(({ control }) => control === null))
      expect([verdict, reason]).toEqual(["unassessed", "no control measures this yet"]);
  });

  it("are as bad as the worst subject of their claims, and say which it is", () => {
    const claim = "algorithm-bias/equal-opportunity";
    const { cells } = summarise(declaration(), [resultOf(claim, "met", "one"), resultOf(claim, "unmet", "two")]);
    const states = cells.flatMap(({ claims }) => claims).filter(({ id }) => id === claim);
    expect(states.length).toBeGreaterThan(0);
    for (const { verdict, reason } of states) expect([verdict, reason]).toEqual(["unmet", `two: ${claim} unmet`]);
  });
});

describe("levels", () => {
  const key = "algorithm-bias/development";
  const lowered = declaration({ levels: { [key]: { level: "recommended", because: "a prototype" } } } as Declaration["policy"]);

  it("of a cell that applies is required unless policy lowers it, with the reason", () => {
    const before = summarise(declaration(), []).cells;
    expect(new Set(before.map(({ level }) => level))).toEqual(new Set(["required"]));
    const after = summarise(lowered, []).cells.filter(({ level }) => level !== "required");
    expect(after.map(({ threat, stage, levelBecause }) => [`${threat}/${stage}`, levelBecause])).toEqual([[key, "a prototype"]]);
  });

  it("of requirements are the Recommendation's own", () => {
    const { requirements } = summarise(lowered, []);
    expect(requirements.map(({ level }) => level)).toEqual(catalogue.requirements.map(({ level }) => level));
  });
});

describe("the exit code", () => {
  const line = (status: Outcome, { applies = true, level = "required" as "required" | "recommended" } = {}) => ({
    threat: "t",
    stage: "s",
    applies,
    why: "",
    level,
    status,
    claims: [],
  });

  it("is the first that holds: 3 a control errored, 1 required and unmet, 4 required and open, 0", () => {
    expect(exitOf([resultOf("c", "errored")], [line("unmet")], []).code).toBe(3);
    expect(exitOf([], [line("unmet"), line("unassessed")], []).code).toBe(1);
    expect(exitOf([], [line("undecided")], []).code).toBe(4);
    expect(exitOf([], [line("unassessed")], []).code).toBe(4);
    expect(exitOf([], [line("met"), line("inapplicable")], []).code).toBe(0);
  });

  it("does not count what is only recommended, or does not apply", () => {
    for (const status of ["unmet", "undecided", "unassessed"] as const) {
      expect(exitOf([], [line(status, { level: "recommended" })], []).code).toBe(0);
      expect(exitOf([], [line(status, { applies: false })], []).code).toBe(0);
    }
  });
});

describe("what to do next", () => {
  it("begins with the worst, and leaves out what is met or stands nowhere", () => {
    const [a = "", b = "", c = "", d = "", e = ""] = measured;
    const results = [resultOf(a, "met"), resultOf(b, "unassessed"), resultOf(c, "undecided"), resultOf(d, "errored"), resultOf(e, "unmet")];
    const { cells, requirements } = summarise(declaration(), results);
    const steps = nextSteps(declaration(), results, cells, requirements);
    expect(steps.map(({ outcome }) => outcome)).toEqual(["unmet", "errored", "undecided", "unassessed"]);
    expect(nextSteps(declaration(), results, [], [])).toEqual([]);
  });
});
