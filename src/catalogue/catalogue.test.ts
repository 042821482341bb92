import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  catalogue,
  catalogueSchema,
  cellId,
  cellsOfClaim,
  checkReferences,
  claimById,
  requirementsOfClaim,
  stakeholderIds,
} from "./index.ts";

const vector = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/catalogue/${name}.json`, import.meta.url), "utf8"));
const coverage = vector("coverage") as {
  readonly cells: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly requirements: Readonly<Record<string, readonly string[]>>;
};

/** The draft's table of threats, as the digest gives it: P planning, D data preparation, M model design, T training, L deployment, O operation. */
const drawn = `
  algorithm-bias        . . M T . .
  code-vulnerability    . . . T . .
  unbalanced-data       . D . T . .
  data-poisoning        . D . T L .
  evasion               . D . T L .
  membership-inference  . D . T . .
  model-extraction      . . . T L .
  model-inversion       . D . T . .
  dataset-compromise    . . . T L .
  weak-algorithm        . . M T L .
  unexplainability      . . . T . .
  adversarial-attack    . . . T . .
  contaminated-data     . . . T L O`;
const stageOf: Readonly<Record<string, string>> = {
  P: "planning",
  D: "data-preparation",
  M: "model-design",
  T: "development",
  L: "deployment",
  O: "operation",
};
const rows = drawn
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));
const cellsDrawn = rows.flatMap(([threat, ...marks]) => marks.filter((mark) => mark !== ".").map((mark) => `${threat}/${stageOf[mark]}`));

describe("the catalogue", () => {
  test("fits its own schema, unchanged", () => {
    expect(catalogueSchema.parse(catalogue)).toEqual(catalogue);
  });

  test("is plain data: what JSON holds of it is all of it", () => {
    expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue);
  });

  test("names nothing that does not exist, nothing twice, and holds nothing that serves nothing", () => {
    expect(checkReferences(catalogue)).toEqual([]);
  });

  test("has the six stages of the draft in order, and data preparation in four parts", () => {
    expect(catalogue.stages.map(({ id }) => id)).toEqual(Object.values(stageOf));
    expect(catalogue.stages.map(({ parts }) => parts.length)).toEqual([0, 4, 0, 0, 0, 0]);
  });

  test("has the draft's five stakeholders and the service's user", () => {
    expect(catalogue.stakeholders.map(({ id }) => id)).toEqual([...stakeholderIds]);
  });

  test("has thirteen threats, in the draft's order, at exactly the 27 places that the draft marks", () => {
    expect(catalogue.threats.map(({ id }) => id)).toEqual(rows.map(([threat]) => threat));
    expect(cellsDrawn).toHaveLength(27);
    expect(catalogue.cells.map(cellId)).toEqual(cellsDrawn);
  });

  test("has the draft's 19 requirements with level, owner and stage", () => {
    const lines = catalogue.requirements.map(({ id, level, stakeholder, stage }) => `${id} ${level} ${stakeholder} ${stage}`);
    expect(lines).toEqual([
      "PL-1 required management planning",
      "PL-2 required management planning",
      "DP-1 required data-scientist data-preparation",
      "DP-2 required data-scientist data-preparation",
      "DP-3 required data-scientist data-preparation",
      "DP-4 required data-scientist data-preparation",
      "MD-1 recommended architect model-design",
      "MD-2 recommended architect model-design",
      "TD-1 required developer development",
      "TD-2 required developer development",
      "TD-3 required developer development",
      "TD-4 required developer development",
      "TD-5 required data-scientist development",
      "TD-6 recommended data-scientist development",
      "DE-1 recommended operator deployment",
      "OP-1 recommended operator operation",
      "OP-2 required operator operation",
      "OP-3 recommended operator operation",
      "OP-4 recommended operator operation",
    ]);
  });
});

describe("the coverage map", () => {
  test("speaks of every cell and every requirement", () => {
    expect(Object.keys(coverage.cells)).toEqual(cellsDrawn);
    expect(Object.keys(coverage.requirements)).toEqual(catalogue.requirements.map(({ id }) => id));
  });

  test.each(catalogue.cells.map((cell) => [cellId(cell), cell.claims] as const))(
    "each phrase on %s is a claim, and each claim comes from a phrase",
    (id, claims) => {
      const phrases = Object.values(coverage.cells[id] ?? {});
      expect(phrases.every((named) => named.length > 0)).toBe(true);
      expect([...phrases.flat()].sort()).toEqual([...claims].sort());
    },
  );

  test.each(catalogue.requirements.map(({ id, claims }) => [id, claims] as const))(
    "%s asks for claims of the topics that it comes from",
    (id, claims) => {
      expect(new Set(claims.map((claim) => claim.split("/")[0]))).toEqual(new Set(coverage.requirements[id]));
    },
  );
});

describe("claims", () => {
  test("of data preparation belong to one of its parts, and every part has one", () => {
    const stage = catalogue.stages.find(({ id }) => id === "data-preparation");
    const claims = catalogue.cells.filter((cell) => cell.stage === stage?.id).flatMap((cell) => cell.claims.map((id) => claimById(id)));
    expect(claims.filter((claim) => claim?.part === undefined)).toEqual([]);
    const used = new Set(catalogue.claims.map(({ part }) => part));
    expect(stage?.parts.filter(({ id }) => !used.has(id))).toEqual([]);
  });

  test("have titles and sentences of their own, so that a report can tell them apart", () => {
    for (const key of ["title", "says"] as const)
      expect(new Set(catalogue.claims.map((claim) => claim[key])).size).toBe(catalogue.claims.length);
  });

  test("are named after a threat at whose stages they stand, or serve a requirement", () => {
    for (const { id } of catalogue.claims) {
      const topic = id.split("/")[0];
      const cells = cellsOfClaim(id);
      expect(
        cells.every(({ threat }) => threat === topic),
        id,
      ).toBe(true);
      expect(cells.length + requirementsOfClaim(id).length, id).toBeGreaterThan(0);
    }
  });

  test("are found by id with the cells and requirements that they serve", () => {
    expect(claimById("contaminated-data/split-overlap")?.title).toBe("Overlap between splits");
    expect(cellsOfClaim("contaminated-data/split-overlap").map(cellId)).toEqual(["contaminated-data/development"]);
    expect(requirementsOfClaim("contaminated-data/split-overlap").map(({ id }) => id)).toEqual(["DP-4"]);
    expect(claimById("contaminated-data/no-such-claim")).toBeNull();
  });

  test("of a catalogue with a user's own entries are found there", () => {
    const claims = [{ id: "own/claim", title: "Own", says: "Our own.", wants: "nothing", owner: "operator" as const }];
    expect(claimById("own/claim", { claims })?.title).toBe("Own");
    expect(cellsOfClaim("own/claim", { cells: [] })).toEqual([]);
    expect(requirementsOfClaim("own/claim", { requirements: [] })).toEqual([]);
  });
});

test("every reference to MITRE ATLAS has the id and name of its release", () => {
  const atlas = vector("atlas-5.6.0") as {
    readonly version: string;
    readonly techniques: readonly { readonly id: string; readonly name: string }[];
  };
  const names = new Map(atlas.techniques.map(({ id, name }) => [id, name]));
  const references = catalogue.threats.flatMap((threat) => threat.references);
  expect(references.length).toBeGreaterThan(0);
  for (const { scheme, release, id, name } of references) {
    expect({ scheme, release, name }).toEqual({ scheme: "MITRE ATLAS", release: atlas.version, name: names.get(id) });
  }
});
