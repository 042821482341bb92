/** Rows a second of `openModel(...).predict(table)` against onnxruntime in Python: same models, rows and threads, from columns in memory to probabilities in memory. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Column, openEngine, type Table } from "../src/data/index.ts";
import { bindModel, describeModel, type Model, openModel } from "../src/models/index.ts";
import { type Bench, type Case, median, type Outcome, outcome } from "./lib/outcome.ts";
import { type Peer, startPeer } from "./lib/peer.ts";

const example = fileURLToPath(new URL("../examples/credit", import.meta.url));
const leastRows = 200_000;
/** Short rounds are repeated more often: a median of few would be the machine's mood. */
const rounds = { least: 9, most: 51, seconds: 10 };
const threads = 2;
/** Threads of onnxruntime spin for a while after their work; the other side must not feel it. */
const pauseMs = 100;
const largestGap = 1e-6;

interface Subject {
  readonly name: string;
  readonly root: string;
  readonly model: string;
  readonly data: string;
  readonly label: string;
  readonly classes?: readonly string[];
}

const credit = (name: string): Subject => ({
  name,
  root: example,
  model: join(example, "models", `${name}.onnx`),
  data: join(example, "data", "test.parquet"),
  label: "income-per-year",
});

const numbers = (scratch: string): Subject => ({
  name: "numbers",
  root: scratch,
  model: join(scratch, "numbers.onnx"),
  data: join(scratch, "numbers.parquet"),
  label: "outcome",
  classes: ["no", "yes"],
});

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has a peer");
  await using peer = startPeer(python, new URL("./predict/peer.py", import.meta.url), [example, scratch]);
  await peer.ask({ do: "make" });
  const cases: Case[] = [];
  let agrees = true;
  for (const subject of [credit("boosted"), credit("net"), numbers(scratch)]) {
    const { gap, ...result } = await compare(subject, scratch, peer, note);
    cases.push(result);
    agrees &&= gap <= largestGap;
  }
  const settled = { bench: "predict", bar: 0.9, better: "higher", unit: "rows/s", peer: "onnxruntime in Python" } as const;
  return outcome(settled, cases, agrees);
}

async function compare(subject: Subject, scratch: string, peer: Peer, note: Bench["note"]): Promise<Case & { readonly gap: number }> {
  const { model, table, repeats } = await open(subject, scratch);
  await using ours = model;
  const { name } = subject;
  const theirs = await peer.ask<{ rows: number; way: string; batch: number | null }>({ do: "open", case: name, repeats });
  if (theirs.rows !== table.rows) throw new Error(`the peer has ${theirs.rows} rows, we have ${table.rows}`);
  for (let warm = 0; warm < 3; warm++) await timed(ours, table);
  const gap = await largestDifference(ours, table, await peer.ask<string>({ do: "answers", case: name }));
  const seconds = await interleaved(
    () => timed(ours, table),
    () => peer.ask<number>({ do: "round", case: name }),
  );
  note(
    `${name}: ${table.rows} rows, ${threads} threads; peer's best way: ${theirs.way}, ${theirs.batch ?? "all"} rows a call; answers differ by at most ${gap.toExponential(1)}`,
  );
  note(`  ours ${seconds.map(([own]) => own.toFixed(3)).join(" ")} s; peer ${seconds.map(([, other]) => other.toFixed(3)).join(" ")} s`);
  const speed = (at: 0 | 1) => Math.round(table.rows / median(seconds.map((pair) => pair[at])));
  const ratios = seconds.map(([own, other]) => other / own);
  const result = { name, ours: speed(0), peer: speed(1), ratio: speed(0) / speed(1), low: Math.min(...ratios), high: Math.max(...ratios) };
  return { ...result, gap };
}

async function open({ name, root, model: path, data, label, classes }: Subject, scratch: string) {
  await using engine = await openEngine({ memoryBytes: 2 ** 30, threads, spillFolder: scratch });
  const source = { path: data, format: "parquet" } as const;
  const { columns } = await engine.describe(source);
  const facts = await describeModel(path, root);
  const binding = bindModel({ path, root, facts }, { model: name, dataset: name, columns, label, classes });
  const read = await engine.read(source, [...new Set(binding.inputs.flatMap((input) => input.columns))]);
  const repeats = Math.ceil(leastRows / read.rows);
  return { model: await openModel(binding, { threads }), table: repeated(read, repeats), repeats };
}

function repeated({ rows, columns }: Table, times: number): Table {
  const again = <T extends Float64Array | Int32Array>(values: T, into: T): T => {
    for (let at = 0; at < into.length; at += rows) into.set(values, at);
    return into;
  };
  const longer = (column: Column): Column =>
    column.kind === "number"
      ? { kind: "number", values: again(column.values, new Float64Array(rows * times)) }
      : { ...column, codes: again(column.codes, new Int32Array(rows * times)) };
  return { rows: rows * times, columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, longer(column)])) };
}

async function timed(model: Model, table: Table): Promise<number> {
  const before = performance.now();
  await model.predict(table);
  return (performance.now() - before) / 1000;
}

/** Seconds of both, round by round; who goes first alternates. */
async function interleaved(ours: () => Promise<number>, peer: () => Promise<number>): Promise<readonly (readonly [number, number])[]> {
  const pairs: (readonly [number, number])[] = [];
  const rested = async (run: () => Promise<number>) => {
    await setTimeout(pauseMs);
    return run();
  };
  const spent = () => pairs.flat().reduce((sum, seconds) => sum + seconds, 0);
  for (let round = 0; round < rounds.least || (round < rounds.most && spent() < rounds.seconds); round++) {
    if (round % 2 === 0) {
      const own = await rested(ours);
      pairs.push([own, await rested(peer)]);
    } else {
      const other = await rested(peer);
      pairs.push([await rested(ours), other]);
    }
  }
  return pairs;
}

async function largestDifference(model: Model, table: Table, file: string): Promise<number> {
  const { probabilities } = await model.predict(table);
  const bytes = readFileSync(file);
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  if (probabilities?.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  for (const [at, value] of probabilities.entries()) gap = Math.max(gap, Math.abs(value - (theirs[at] ?? Number.NaN)));
  return gap;
}
