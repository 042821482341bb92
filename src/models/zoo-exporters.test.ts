import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { problemsOf } from "../base/index.ts";
import { type OnnxGraph, type ParsedModel, parseModel } from "../onnx/index.ts";
import type { Answers } from "./index.ts";
import { answersOf, exportersFolder, furthest, namesIn, vectorOf } from "./zoo.fixture.ts";

const names = namesIn(exportersFolder);

interface Entry {
  readonly name: string;
  readonly exporter: string;
  readonly ir: number;
  readonly opset: number | null;
  readonly nodes: number;
  /** SHA-256 of the multiset of operators. */
  readonly operators: string;
}

const manifest = JSON.parse(readFileSync(join(exportersFolder, "manifest.json"), "utf8")) as readonly Entry[];

/** Files that no declaration makes answer, each with what a person is told. */
const refused: Readonly<Record<string, readonly [code: string, says: RegExp]>> = {
  "hand-opset-28-changed": ["MODEL_OPSET_UNSUPPORTED", /operator “ReduceLogSumExp” of ai\.onnx is new or another since opset 28/],
  "hand-opset-6": ["MODEL_LOAD_FAILED", /Could not find an implementation for Add\(6\)/],
  "hand-sequence-alone": ["MODEL_OUTPUT_MISMATCH", /output “each” of model “hand-sequence-alone” is a sequence/],
  "skl-gaussian-process": ["MODEL_OPERATOR_UNKNOWN", /operator “Solve” of com\.microsoft is not known to onnxruntime/],
  "skl-regression": ["MODEL_OUTPUT_MISMATCH", /what a regression predicts: an amount, not a score of a class/],
  "tf-unknown-operator": ["MODEL_OPERATOR_UNKNOWN", /operator “Erfc” of ai\.onnx is not known to onnxruntime/],
  "torchscript-time-major": ["MODEL_INPUT_MISMATCH", /takes exactly 20 rows at a time in “series”/],
};

type Outcome = { readonly answers: Answers } | { readonly error: unknown };
const outcomes = new Map<string, Outcome>();
const parsed = new Map<string, ParsedModel>();

beforeAll(async () => {
  for (const name of names) {
    const outcome = await answersOf(exportersFolder, name, 5).then(
      (answers) => ({ answers }),
      (error: unknown) => ({ error }),
    );
    outcomes.set(name, outcome);
  }
}, 120_000);

/** How far a file's answers lie from its origin's; infinitely where there are none or the labels differ. */
function distance(name: string): number {
  const outcome = outcomes.get(name);
  const { expected } = vectorOf(exportersFolder, name);
  if (outcome === undefined || "error" in outcome || expected.probabilities === null) return Number.POSITIVE_INFINITY;
  const { classes, labels, probabilities } = outcome.answers;
  const isSame = Array.from(labels, (index) => classes[index]).join("\n") === expected.labels.join("\n");
  return isSame ? furthest(expected.probabilities, probabilities) : Number.POSITIVE_INFINITY;
}

describe("each file answers as its origin does, or says why not", () => {
  test.for(names.filter((name) => !Object.hasOwn(refused, name)))("%s answers", (name) => {
    const outcome = outcomes.get(name);
    if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("it was not asked");
    const { expected, within = 0 } = vectorOf(exportersFolder, name);
    expect(outcome.answers.classes).toEqual(expected.classes);
    expect(distance(name)).toBeLessThanOrEqual(within);
  });

  test.for(Object.entries(refused))("%s says why not", ([name, [code, says]]) => {
    const outcome = outcomes.get(name);
    const found = outcome !== undefined && "error" in outcome ? problemsOf(outcome.error) : [];
    expect(found.map((problem) => `${problem.code} ${problem.message}`)).toContainEqual(
      expect.stringMatching(new RegExp(`^${code} .*${says.source}`)),
    );
  });

  test("at least nine in ten lie within 1e-4 of their origin, or 1e-2 where they are quantised to integers", () => {
    const equal = names.filter((name) => distance(name) <= (name.startsWith("quantised") ? 1e-2 : 1e-4));
    expect(equal.length / names.length).toBeGreaterThanOrEqual(0.9);
  });
});

function* operatorsOf(graph: OnnxGraph): Generator<string> {
  for (const { domain, op, attributes } of graph.nodes) {
    yield `${domain}:${op}`;
    for (const { graphs } of attributes) for (const inner of graphs) yield* operatorsOf(inner);
  }
}

/** As scripts make it: each operator with how often it stands there, sorted. */
function multisetOf(graph: OnnxGraph): string {
  const counts = Map.groupBy(operatorsOf(graph), (name) => name);
  const lines = [...counts].map(([name, all]) => `${name} ${all.length}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

/** A file that is refused for its versions or operators is read past the checks by its neighbours alone. */
const isRead = (name: string) => !["MODEL_OPSET_UNSUPPORTED", "MODEL_OPERATOR_UNKNOWN"].includes(refused[name]?.[0] ?? "");

describe("the zoo is as various as it is said to be", () => {
  beforeAll(() => {
    for (const name of names.filter(isRead))
      parsed.set(name, parseModel(new Uint8Array(readFileSync(join(exportersFolder, `${name}.onnx`))), name));
  });

  test("at least 40 files, of at least six exporters by what the files themselves say", () => {
    expect(parsed.size).toBeGreaterThanOrEqual(40);
    const producers = new Set([...parsed.values()].map(({ producer }) => producer).filter((producer) => producer !== ""));
    expect(producers.size).toBeGreaterThanOrEqual(6);
    expect(new Set(manifest.map(({ exporter }) => exporter)).size).toBeGreaterThanOrEqual(producers.size);
  });

  test("at least 15 architectures of more than ten nodes, no two with the same multiset of operators", () => {
    const large = [...parsed.values()].filter(({ graph }) => [...operatorsOf(graph)].length > 10);
    expect(new Set(large.map(({ graph }) => multisetOf(graph))).size).toBeGreaterThanOrEqual(15);
  });

  test("versions from IR 3 and opset 6 to IR 14 and opset 28", () => {
    const irs = [...parsed.values()].map(({ irVersion }) => irVersion);
    expect([Math.min(...irs), Math.max(...irs)]).toEqual([3, 14]);
    const opsets = [...parsed.values()].flatMap(({ opsets }) => opsets.get("") ?? []);
    expect([Math.min(...opsets), Math.max(...opsets)]).toEqual([6, 28]);
  });

  test("the manifest lists every file, as it is", () => {
    expect(manifest.map(({ name }) => name)).toEqual(names);
    for (const { name, ir, opset, nodes, operators } of manifest.filter((entry) => isRead(entry.name))) {
      const model = parsed.get(name);
      if (model === undefined) throw new Error(`${name} is not read`);
      expect([name, ir, opset, nodes]).toEqual([name, model.irVersion, model.opsets.get("") ?? null, [...operatorsOf(model.graph)].length]);
      expect(operators).toBe(multisetOf(model.graph));
    }
  });
});
