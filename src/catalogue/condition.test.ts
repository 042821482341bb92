import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Condition, catalogue, evaluate, type FactId, type Facts, factIds } from "./index.ts";

fc.configureGlobal({ numRuns: 1000 });

const allOf = (value: boolean | null): Facts => Object.fromEntries(factIds.map((id) => [id, value])) as Facts;
const unknown = allOf(null);
const no = allOf(false);

const truths = fc.record(Object.fromEntries(factIds.map((id) => [id, fc.constantFrom(true, false, null)]))) as fc.Arbitrary<Facts>;
const someFact = fc.constantFrom(...factIds);

const { condition, positive } = fc.letrec<{ condition: Condition; positive: Condition }>((tie) => {
  const leaf = fc.oneof(
    { weight: 5, arbitrary: someFact as fc.Arbitrary<Condition> },
    { weight: 1, arbitrary: fc.constant({ always: "Always." }) },
  );
  const listOf = (key: "condition" | "positive") => fc.array(tie(key), { minLength: 1, maxLength: 3 });
  const combined = (key: "condition" | "positive") => [
    fc.record({ all: listOf(key) }) as fc.Arbitrary<Condition>,
    fc.record({ any: listOf(key) }) as fc.Arbitrary<Condition>,
  ];
  return {
    condition: fc.oneof({ maxDepth: 4 }, leaf, ...combined("condition"), fc.record({ not: tie("condition") }) as fc.Arbitrary<Condition>),
    positive: fc.oneof({ maxDepth: 4 }, leaf, ...combined("positive")),
  };
});

/** Ordinary two-valued logic, written apart from the code under test. */
function holds(of: Condition, facts: Facts): boolean {
  if (typeof of === "string") return facts[of] === true;
  if ("always" in of) return true;
  if ("not" in of) return !holds(of.not, facts);
  return "all" in of ? of.all.every((part) => holds(part, facts)) : of.any.some((part) => holds(part, facts));
}

const completed = (facts: Facts, by: Facts): Facts => Object.fromEntries(factIds.map((id) => [id, facts[id] ?? by[id] ?? false])) as Facts;

describe("whether something applies", () => {
  test("is ordinary logic where every fact is declared", () => {
    fc.assert(
      fc.property(condition, truths, (of, facts) => {
        const known = completed(facts, no);
        expect(evaluate(of, known).applies).toBe(holds(of, known));
      }),
    );
  });

  test("is never denied because of what is unknown: if it is dismissed, it is dismissed whatever the unknown turns out to be", () => {
    fc.assert(
      fc.property(condition, truths, truths, (of, facts, turnsOut) => {
        if (!evaluate(of, facts).applies) expect(evaluate(of, completed(facts, turnsOut)).applies).toBe(false);
      }),
    );
  });

  test("does not end when a fact is withdrawn", () => {
    fc.assert(
      fc.property(condition, truths, someFact, (of, facts, withdrawn) => {
        if (evaluate(of, facts).applies) expect(evaluate(of, { ...facts, [withdrawn]: null }).applies).toBe(true);
      }),
    );
  });

  test("does not end when one more fact holds, unless the condition denies one", () => {
    fc.assert(
      fc.property(positive, truths, someFact, (of, facts, more) => {
        if (evaluate(of, facts).applies) expect(evaluate(of, { ...facts, [more]: true }).applies).toBe(true);
      }),
    );
  });

  test("follows from the decisive facts alone", () => {
    fc.assert(
      fc.property(condition, truths, truths, (of, facts, others) => {
        const { applies, decisive } = evaluate(of, facts);
        const changed: Facts = { ...others, ...Object.fromEntries(decisive.map((id) => [id, facts[id]])) };
        expect(evaluate(of, changed).applies).toBe(applies);
      }),
    );
  });

  test("is always explained in whole sentences", () => {
    fc.assert(
      fc.property(condition, truths, (of, facts) => {
        expect(evaluate(of, facts).why).toMatch(/^[A-Z].*\.$/);
      }),
    );
  });
});

describe("the reason", () => {
  const extraction: Condition = { any: ["strangers-query", "answers-scores"] };

  test("names what holds", () => {
    expect(evaluate(extraction, { ...no, "strangers-query": true })).toEqual({
      applies: true,
      why: "Somebody outside the organisation can query a model.",
      decisive: ["strangers-query"],
    });
  });

  test("of a dismissal names everything that does not hold", () => {
    expect(evaluate(extraction, no)).toEqual({
      applies: false,
      why: "Nobody outside the organisation can query a model. No service gives scores away.",
      decisive: ["strangers-query", "answers-scores"],
    });
  });

  test("says what is not declared, and that it counts until it is", () => {
    expect(evaluate(extraction, { ...no, "strangers-query": null })).toEqual({
      applies: true,
      why: "Not declared, so counted: who can query a model.",
      decisive: ["strangers-query"],
    });
  });

  test("puts what is declared first, and leaves out what cannot matter", () => {
    const evasion = catalogue.cells.find(({ threat, stage }) => threat === "evasion" && stage === "deployment");
    expect(evaluate(evasion?.when ?? "has-service", { ...unknown, "affects-anyone": true })).toEqual({
      applies: true,
      why: "Somebody is affected by its decisions. Not declared, so counted: whether a model is in use.",
      decisive: ["has-service", "affects-anyone"],
    });
  });

  test("of what always applies is a sentence, not a fact", () => {
    expect(evaluate({ always: "Every system runs on code." }, unknown)).toEqual({
      applies: true,
      why: "Every system runs on code.",
      decisive: [],
    });
  });
});

describe("of the catalogue's cells", () => {
  const applying = (facts: Facts) => catalogue.cells.filter(({ when }) => evaluate(when, facts).applies);

  test("all apply where nothing is declared", () => {
    expect(applying(unknown)).toHaveLength(27);
  });

  test("those that any system faces apply whatever is declared", () => {
    expect(applying(no).map(({ threat, stage }) => `${threat}/${stage}`)).toEqual([
      "code-vulnerability/development",
      "unbalanced-data/data-preparation",
      "unbalanced-data/development",
      "weak-algorithm/model-design",
      "weak-algorithm/development",
      "contaminated-data/development",
    ]);
  });

  test.each(factIds)("some are decided by %s alone, others being equal", (id: FactId) => {
    const serving: Facts = { ...no, "has-service": true };
    const applies = (when: Condition, value: boolean) => evaluate(when, { ...serving, [id]: value }).applies;
    const changed = catalogue.cells.filter(({ when }) => applies(when, true) && !applies(when, false));
    expect(changed.length).toBeGreaterThan(0);
  });
});

test("every fact is explained once, for yes, no and unknown", () => {
  expect(catalogue.facts.map(({ id }) => id)).toEqual([...factIds]);
  const sentences = catalogue.facts.flatMap(({ asks, ifTrue, ifFalse, ifUnknown }) => [asks, ifTrue, ifFalse, ifUnknown]);
  expect(new Set(sentences).size).toBe(sentences.length);
});
