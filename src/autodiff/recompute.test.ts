import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, int, int64s, openSession, writeProgram } from "../onnx/index.ts";
import { bytesOf, peakBytes } from "./bytes.ts";
import { differentiate } from "./differentiate.ts";
import { gradient } from "./gradient.ts";
import { lossGradient } from "./loss-gradient.ts";
import { float32, programOf } from "./testing/programs.ts";
import { attempt, constants, graphOf, numbers, steps } from "./testing/random-graph.ts";

/** Layers of four columns, each of x before it, so that all of them are needed on the way back. */
function deep(layers: number, rows: number) {
  const w = float32([4, 4], [0.5, -1, 0.2, 0.1, 0.3, 0.7, -0.4, 1, -0.6, 0.2, 0.9, -0.2, 1, 0.1, -0.3, 0.4]);
  const nodes = Array.from({ length: layers }, (_, at) => [
    ["MatMul", [at === 0 ? "x" : `y${at - 1}`, "w"], [`z${at}`]] as const,
    ["Tanh", [`z${at}`], [`y${at}`]] as const,
  ]).flat();
  return programOf({ x: ["float32", [rows, 4]] }, { w }, nodes);
}

describe("parts of a graph that are computed once more", () => {
  it("change no gradient, whatever the graph and wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(steps, numbers, fc.integer({ min: 2, max: 9 }), async (given, x, segments) => {
        const { of, nodes } = graphOf(given);
        const program = programOf({ x: ["float64", [3, 3]] }, constants, nodes);
        const slopes = async (count: number) => {
          const made = attempt(() => differentiate(program, { of, wrt: ["x"], segments: count }));
          if (made === null) return null;
          const session = await openSession(writeProgram(made), { threads: 1 });
          const answers = await session.run({ x: constant("float64", [3, 3], Float64Array.from(x)) });
          await session.release();
          return Array.from(answers["gradient/x"]?.values as Float64Array);
        };
        const [kept, again] = [await slopes(1), await slopes(segments)];
        expect(again === null).toBe(kept === null);
        for (const [at, slope] of (kept ?? []).entries())
          expect(Math.abs((again?.[at] ?? 0) - slope)).toBeLessThan(1e-12 + 1e-10 * Math.abs(slope));
      }),
      { numRuns: 60 },
    );
  });

  it("take a deep net's memory down to the limit, and leave its gradients", async () => {
    const program = writeProgram(deep(40, 8));
    const question = { loss: "margin", batch: 8 } as const;
    const whole = peakBytes(lossGradient(deep(40, 8), question).program);
    const memoryBytes = whole / 2;
    expect(whole).toBeGreaterThan(40 * bytesOf({ element: "float32", dims: [8, 4] }));
    expect(peakBytes(lossGradient(deep(40, 8), { ...question, memoryBytes }).program)).toBeLessThanOrEqual(memoryBytes);
    const x = Float32Array.from({ length: 32 }, (_, at) => Math.sin(at));
    const labels = [0, 1, 2, 3, 0, 1, 2, 3];
    await using kept = await gradient(program, { ...question, threads: 1 });
    await using again = await gradient(program, { ...question, memoryBytes, threads: 1 });
    const [expected, found] = [await kept.run(x, labels), await again.run(x, labels)];
    for (const [at, slope] of (expected.gradients.x ?? []).entries()) expect(found.gradients.x?.[at]).toBeCloseTo(slope, 6);
  });

  it("wait for the gradient, and are not those of before: each is there twice, of other inputs", () => {
    const { program } = lossGradient(deep(40, 8), { loss: "margin", batch: 8, memoryBytes: 4_000 });
    const tanhs = program.graph.nodes.filter(({ op }) => op === "Tanh");
    expect(tanhs.length).toBeGreaterThan(50);
    expect(new Set(tanhs.map(({ inputs }) => inputs[0])).size).toBe(tanhs.length);
  });

  it("cannot make do with less than one part takes: that is told, with the least that was found", () => {
    expect(() => lossGradient(deep(40, 8), { loss: "margin", batch: 8, memoryBytes: 500 })).toThrow(
      expect.objectContaining({ code: "GRADIENT_MEMORY", remedy: expect.stringContaining("fewer rows") }),
    );
  });

  it("leave NaN and infinity of the gradient where they are", async () => {
    const nodes = Array.from({ length: 6 }, (_, at) => ["Exp", [at === 0 ? "x" : `y${at - 1}`], [`y${at}`]] as const);
    const program = programOf({ x: ["float64", [2]] }, {}, nodes);
    const slopes = async (segments: number) => {
      const session = await openSession(writeProgram(differentiate(program, { of: "y5", wrt: ["x"], segments })), { threads: 1 });
      const answers = await session.run({ x: constant("float64", [2], Float64Array.of(-1, 2)) });
      await session.release();
      return Array.from(answers["gradient/x"]?.values as Float64Array);
    };
    const kept = await slopes(1);
    expect(kept[1]).toBe(Number.POSITIVE_INFINITY);
    expect(await slopes(3)).toEqual(kept);
  });

  it("are none of what draws random numbers: it would draw others", () => {
    const nodes = [
      ["RandomNormalLike", ["x"], ["n"]],
      ["Add", ["x", "n"], ["a"]],
      ...Array.from({ length: 8 }, (_, at) => ["Tanh", [at === 0 ? "a" : `y${at - 1}`], [`y${at}`]] as const),
    ] as const;
    const made = differentiate(programOf({ x: ["float32", [2]] }, {}, nodes), { of: "y7", wrt: ["x"], segments: 4 });
    expect(made.graph.nodes.filter(({ op }) => op === "RandomNormalLike")).toHaveLength(1);
  });
});

describe("the bytes of a run", () => {
  it("are those of what is alive together: a chain needs two values at a time, beside what goes in and comes out", () => {
    const nodes = Array.from({ length: 9 }, (_, at) => ["Tanh", [at === 0 ? "x" : `y${at - 1}`], [`y${at}`]] as const);
    expect(peakBytes(programOf({ x: ["float32", [25]] }, {}, nodes))).toBe(3 * 100);
  });

  it("count what is only seen in another shape once", () => {
    const nodes = [["Tanh", ["x"], ["a"]], ["Reshape", ["a", "to"], ["b"]], ["Tanh", ["b"], ["c"]]] as const; // biome-ignore format: a row each
    expect(peakBytes(programOf({ x: ["float32", [4]] }, { to: int64s([2, 2]) }, nodes))).toBe(3 * 16);
  });

  it("count what several use until the last", () => {
    const nodes = [["Tanh", ["x"], ["a"]], ["Tanh", ["a"], ["b"]], ["Tanh", ["b"], ["c"]], ["Concat", ["a", "c"], ["d"], { axis: int(0) }]] as const; // biome-ignore format: a row each
    expect(peakBytes(programOf({ x: ["float32", [1]] }, {}, nodes))).toBe(20);
  });
});
