import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Catalogue, catalogue, catalogueSchema, checkReferences } from "./index.ts";

type Path = readonly (string | number)[];
type Draft = { [key: string | number]: unknown };

const copy = (): Catalogue => structuredClone(catalogue);
const inside = (of: unknown, path: Path): unknown => path.reduce<unknown>((value, key) => (value as Draft)[key], of);

function changed(path: Path, to: unknown): Catalogue {
  const draft = copy();
  (inside(draft, path.slice(0, -1)) as Draft)[path.at(-1) ?? ""] = to;
  return draft;
}

/** Every place below `value` that holds a text, with the path to it. */
function texts(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Found by walking the data, apart from the checker: texts in places whose key says that they name another entry. */
const references = [
  ...catalogue.claims.flatMap((claim, at) => ["owner", "part"].filter((key) => key in claim).map((key): Path => ["claims", at, key])),
  ...(["cells", "requirements"] as const).flatMap((kind) =>
    texts(catalogue[kind], [kind]).filter(
      (path) => path.some((key) => ["threat", "stage", "stakeholder", "claims", "when"].includes(String(key))) && !path.includes("always"),
    ),
  ),
];
const entries = (["stages", "stakeholders", "facts", "threats", "claims", "cells", "requirements"] as const).flatMap((kind) =>
  catalogue[kind].map((_, at) => [kind, at] as const),
);

describe("a catalogue whose references are broken", () => {
  test("in any single place is found out", () => {
    expect(references.length).toBeGreaterThan(400);
    for (const path of references) {
      const faults = checkReferences(changed(path, "no-such-entry"));
      expect(faults, path.join(".")).toContainEqual(expect.objectContaining({ id: "no-such-entry", what: "unknown" }));
    }
  });

  test("by any text that is no id there is found out", () => {
    const known = new Set(references.map((path) => inside(catalogue, path)));
    fc.assert(
      fc.property(
        fc.constantFrom(...references),
        fc.string().filter((text) => !known.has(text)),
        (path, text) => {
          expect(checkReferences(changed(path, text))).toContainEqual(expect.objectContaining({ id: text, what: "unknown" }));
        },
      ),
    );
  });

  test("by the loss of any entry that others name is found out", () => {
    for (const [kind, at] of entries.filter(([kind]) => kind !== "cells" && kind !== "requirements")) {
      const lost = catalogue[kind][at] as { readonly id: string };
      if (lost.id === "user") continue; // owed something, owner of nothing
      const without = { ...catalogue, [kind]: catalogue[kind].filter((_, index) => index !== at) };
      expect(checkReferences(without), `${kind} ${lost.id}`).toContainEqual(expect.objectContaining({ id: lost.id, what: "unknown" }));
    }
  });

  test("by any entry given twice is found out", () => {
    for (const [kind, at] of entries) {
      const doubled = { ...catalogue, [kind]: [...catalogue[kind], catalogue[kind][at]] };
      expect(checkReferences(doubled), `${kind} ${at}`).toContainEqual(expect.objectContaining({ at: kind, what: "twice" }));
    }
  });

  test("by a claim listed twice in one cell or requirement is found out", () => {
    for (const kind of ["cells", "requirements"] as const) {
      catalogue[kind].forEach((entry, at) => {
        const doubled = changed([kind, at, "claims"], [...entry.claims, entry.claims[0]]);
        expect(checkReferences(doubled)).toContainEqual(expect.objectContaining({ id: entry.claims[0], what: "twice" }));
      });
    }
  });

  test("by an entry that nothing uses is found out", () => {
    const threat = { id: "own-threat", title: "Own", says: "Our own.", references: [] };
    const claim = { id: "own-threat/claim", title: "Own", says: "Our own.", wants: "nothing", owner: "operator" as const };
    const faults = checkReferences({ ...catalogue, threats: [...catalogue.threats, threat], claims: [...catalogue.claims, claim] });
    expect(faults).toEqual([
      { at: "claims", id: "own-threat/claim", what: "unused" },
      { at: "threats", id: "own-threat", what: "unused" },
    ]);
  });
});

test("a user's own threat, claim, cell and requirement fit in as data", () => {
  const own = {
    ...catalogue,
    threats: [...catalogue.threats, { id: "stale-map", title: "Stale map", says: "The map is older than the roads.", references: [] }],
    claims: [
      ...catalogue.claims,
      { id: "stale-map/age", title: "Age", says: "The map is no older than the limit.", wants: "the map", owner: "operator" },
    ],
    cells: [
      ...catalogue.cells,
      { threat: "stale-map", stage: "operation", claims: ["stale-map/age"], when: { not: { any: ["strangers-query"] } } },
    ],
    requirements: [
      ...catalogue.requirements,
      {
        id: "OWN-1",
        level: "required",
        stakeholder: "operator",
        stage: "operation",
        title: "Fresh map",
        says: "Keep the map fresh.",
        claims: ["stale-map/age"],
        when: "has-service",
      },
    ],
  };
  expect(checkReferences(catalogueSchema.parse(own))).toEqual([]);
});

const nested = (depth: number): unknown => (depth === 0 ? "has-service" : { not: nested(depth - 1) });
const bottomless = Array.from({ length: 100_000 }).reduce<unknown>((inner) => ({ not: inner }), "has-service");

test("the schema takes conditions nested five deep", () => {
  expect(catalogueSchema.safeParse(changed(["cells", 0, "when"], nested(5))).success).toBe(true);
});

describe("the schema refuses", () => {
  test.each([
    ["an unknown fact in a condition", ["cells", 0, "when"], "affects-martians"],
    ["a condition of no parts", ["cells", 0, "when"], { all: [] }],
    ["a condition with two meanings", ["cells", 0, "when"], { all: ["has-service"], any: ["has-service"] }],
    ["a condition nested deeper", ["cells", 0, "when"], nested(6)],
    ["a condition nested without end", ["cells", 0, "when"], bottomless],
    ["a cell without claims", ["cells", 0, "claims"], []],
    ["a claim's id without a topic", ["claims", 0, "id"], "equal-opportunity"],
    ["an id that would leave its folder", ["threats", 0, "id"], "../evasion"],
    ["an unknown level", ["requirements", 0, "level"], "optional"],
    ["an unknown owner", ["claims", 0, "owner"], "intern"],
    ["a head too long for its column", ["stages", 0, "short"], "Deliberations"],
    ["a sentence of many lines", ["claims", 0, "says"], "One.\nTwo."],
    ["a key that it does not know", ["claims", 0, "severity"], "high"],
    ["a version that is none", ["version"], "latest"],
  ] as const)("%s", (_, path, value) => {
    expect(catalogueSchema.safeParse(changed(path, value)).success).toBe(false);
  });

  test("any value of any other shape, without an exception", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(catalogueSchema.safeParse(value).success).toBe(false);
      }),
    );
  });
});
