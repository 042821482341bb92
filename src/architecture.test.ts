import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

/** The one place to change: which rooms a room may import directly, always through their door (base: everyone). */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  catalogue: [],
  tensor: [],
  evidence: [],
  onnx: ["tensor"],
  autodiff: ["onnx", "tensor"],
  data: ["tensor"],
  models: ["onnx", "autodiff", "tensor", "data"],
  declaration: ["catalogue", "data", "models"],
  training: ["models", "onnx", "data", "tensor"],
  attacks: ["models", "autodiff", "onnx", "training", "data", "tensor"],
  store: ["catalogue"],
  controls: ["catalogue", "declaration", "tensor", "onnx", "data", "models", "training", "attacks"],
  assess: ["catalogue", "declaration", "data", "models", "controls", "evidence", "store"],
  report: ["catalogue", "assess"],
  library: ["attacks", "autodiff", "assess", "catalogue", "controls", "data", "declaration", "report", "onnx"],
  cli: ["catalogue", "declaration", "data", "models", "controls", "assess", "report", "evidence", "store"],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const source = new URL(".", import.meta.url);
const roomOf = (path: string) => path.split("/")[0] ?? "";
const isTest = (path: string) => /\.test\.ts$|\/testing\//.test(path);

const files = globSync("*/**/*.ts", { cwd: source }).sort();
const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(new URL(from, source), "utf8");
  const found = [...text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+|new URL\(\s*)["'](\.[^"']+\.ts)["']/g)];
  return found.map(([, specifier = ""]) => ({ from, to: posix.normalize(posix.join(posix.dirname(from), specifier)) }));
});

describe("the directions of rooms", () => {
  it("every room of the tree stands in the table, and the table names no other", () => {
    expect(new Set(files.map(roomOf))).toEqual(new Set(Object.keys(allowed)));
  });

  it("a room imports only the rooms it may", () => {
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      return own !== other && other !== "base" && !isTest(from) && !allowed[own]?.includes(other);
    });
    expect(wrong).toEqual([]);
  });

  it("nothing reaches past a room's door", () => {
    const wrong = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to) && to.split("/").slice(1).join("/") !== "index.ts");
    expect(wrong.filter(({ from }) => !isTest(from))).toEqual([]);
  });

  it("the table has no cycle", () => {
    const reaches = (from: string, seen: readonly string[]): readonly string[] =>
      (allowed[from] ?? []).flatMap((next) => (seen.includes(next) ? [`${[...seen, next].join(" -> ")}`] : reaches(next, [...seen, next])));
    expect(Object.keys(allowed).flatMap((room) => reaches(room, [room]))).toEqual([]);
  });

  it("a child that measures reads no declaration: controls take its types alone", () => {
    const controls = files.filter((path) => roomOf(path) === "controls" && !isTest(path));
    const loads = /^(?:import|export) (?!type )[^;]*from "[./]*\/declaration\/index\.ts"/m;
    expect(controls.filter((path) => loads.test(readFileSync(new URL(path, source), "utf8")))).toEqual([]);
  });

  it("only the command line prints or exits", () => {
    const prints = files.filter((path) => !isTest(path) && roomOf(path) !== "cli" && path !== "base/isolate-host.ts");
    const wrong = prints.filter((path) =>
      /\bconsole\.|process\.exit|process\.std(out|err)\.write/.test(readFileSync(new URL(path, source), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("a control touches no file, clock, network or randomness of its own", () => {
    const controls = files.filter((path) => /^controls\/(?!needs\/|index\.generated)/.test(path) && !isTest(path));
    const forbidden = /from "node:|Math\.random|Date\.now|new Date\(\)|performance\.now|\bfetch\(|process\.|import\(/;
    expect(controls.length).toBeGreaterThan(0);
    expect(controls.filter((path) => forbidden.test(readFileSync(new URL(path, source), "utf8")))).toEqual([]);
  });
});
