import { describe, expect, it } from "vitest";
import { digestOf } from "../base/index.ts";
import { type AnyControl, type Budget, budgets, defineControl, type Measured, type Verdict } from "../controls/index.ts";
import type { System } from "../declaration/index.ts";
import { judge } from "./judge.ts";
import type { Ending } from "./measurement.ts";
import type { Task } from "./plan.ts";

const claim = "weak-algorithm/size";
const now = new Date("2026-03-01T00:00:00Z");
const digest = digestOf("evidence");
const one: Measured = { measures: [{ name: "size", value: 5, unit: "bytes" }] };

const control = (judged: AnyControl["judge"], more: Partial<AnyControl> = {}): AnyControl => ({
  ...defineControl({ claim, needs: {}, policy: {}, measure: () => one, judge: judged }),
  ...more,
});
const always = (verdict: Verdict["verdict"], more: Partial<AnyControl> = {}) => control(() => ({ verdict, reason: "seen" }), more);

/** A task of that control in a system whose policy is given. */
const taskOf = (given: AnyControl, policy = {}): Task => ({
  control: given,
  own: null,
  scope: {
    budget: "quick",
    system: { declaration: { version: 1, system: { name: "A" }, policy }, root: "/", datasets: [], models: [] } as unknown as System,
  },
  subject: "A",
  needs: {},
  missing: [],
  key: digest,
  about: digest,
  artefacts: [],
  usesSeed: false,
  usesBudget: true,
});

const measuredWith = (budget: Budget | null, measured = one): Ending => ({
  kind: "measured",
  evidence: digest,
  fresh: true,
  measurement: {
    schema: "sextant/measurement@1",
    key: digest,
    about: digest,
    control: claim,
    subject: "A",
    artefacts: [],
    seed: 3,
    budget,
    tool: { name: "t", version: "1" },
    environment: {},
    measuredAt: "2026-01-01T00:00:00.000Z",
    milliseconds: 1,
    measured,
  },
});

describe("a budget", () => {
  const verdicts = (given: AnyControl, policy = {}) =>
    budgets.map((budget) => judge(taskOf(given, policy), measuredWith(budget), now).verdict);

  it("below the smallest that may say met says undecided at best", () => {
    expect(verdicts(always("met", { metFrom: "standard" }))).toEqual(["undecided", "met", "met"]);
    expect(verdicts(always("met"))).toEqual(["met", "met", "met"]);
    const { reason, remedy } = judge(taskOf(always("met", { metFrom: "thorough" })), measuredWith("quick"), now);
    expect([reason, remedy]).toEqual([expect.stringContaining("quick budget is too small"), expect.stringContaining("--budget thorough")]);
  });

  it("changes no other verdict: what is broken by little effort is broken", () => {
    for (const verdict of ["unmet", "undecided", "inapplicable"] as const)
      expect(verdicts(always(verdict, { metFrom: "thorough" }))).toEqual([verdict, verdict, verdict]);
  });

  it("is raised by the declaration's policy, with its reason", () => {
    const policy = { claims: { [claim]: { metFrom: "thorough", because: "the law" } } };
    expect(verdicts(always("met"), policy)).toEqual(["undecided", "undecided", "met"]);
    expect(judge(taskOf(always("met"), policy), measuredWith("quick"), now).policy).toEqual([
      {
        name: "metFrom",
        value: "thorough",
        source: "declared: policy",
        because: "the law",
        own: { value: "quick", source: "the smallest budget at which it may say met" },
      },
    ]);
  });
});

describe("judging", () => {
  it("sees measures, policy and now, and nothing else", () => {
    const seen: unknown[] = [];
    const asked = control(
      (...given) => {
        seen.push(...given);
        return { verdict: "met", reason: "seen" };
      },
      { policy: { limit: { kind: "number", value: 3, source: "a paper" } } },
    );
    judge(taskOf(asked), measuredWith("quick"), now);
    expect(seen).toEqual([one, { limit: 3 }, now]);
  });

  it("shows where each number comes from, and the reason of one that was changed", () => {
    const limited = always("met", { policy: { limit: { kind: "number", value: 3, source: "a paper" } } });
    expect(judge(taskOf(limited), measuredWith("quick"), now).policy).toEqual([{ name: "limit", value: 3, source: "a paper" }]);
    const changed = { claims: { [claim]: { limit: 4, because: "the law" } } };
    expect(judge(taskOf(limited, changed), measuredWith("quick"), now).policy).toEqual([
      { name: "limit", value: 4, source: "declared: policy", because: "the law", own: { value: 3, source: "a paper" } },
    ]);
  });

  it("that fails is one errored control, and what was measured is shown", () => {
    const broken = control(() => {
      throw new TypeError("no such measure");
    });
    expect(judge(taskOf(broken), measuredWith("quick"), now)).toMatchObject({
      verdict: "errored",
      reason: expect.stringContaining("no such measure"),
      measures: [{ value: 5, seed: 3 }],
    });
  });

  it("calls nothing met where nothing was measured", () => {
    expect(judge(taskOf(always("met")), measuredWith(null, { measures: [] }), now).verdict).toBe("undecided");
  });

  it("of what could not run says what is missing, and of what failed where and what to do", () => {
    expect(judge(taskOf(always("met")), { kind: "missing", reason: "no label", remedy: "Name it." }, now)).toMatchObject({
      verdict: "unassessed",
      reason: "no label",
      remedy: "Name it.",
      evidence: null,
    });
    const problem = { code: "TABLE_DAMAGED", message: "is cut short", remedy: "Copy it again.", file: "a.csv" } as const;
    expect(judge(taskOf(always("met")), { kind: "errored", problems: [problem], fault: null, milliseconds: 1 }, now)).toMatchObject({
      verdict: "errored",
      reason: "a.csv: is cut short",
      remedy: "Copy it again.",
    });
  });
});
