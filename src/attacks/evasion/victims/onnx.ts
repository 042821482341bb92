import { lossGradient } from "../../../autodiff/index.ts";
import type { Table } from "../../../data/index.ts";
import type { OnnxBinding } from "../../../models/index.ts";
import { type Constant, constant, openSession, readModel, readProgram, type Session, tidy, writeProgram } from "../../../onnx/index.ts";
import type { Loss, Points, Slopes, Victim } from "../attack.ts";
import { highest } from "../losses.ts";
import { type Box, rowOf } from "../points.ts";
import type { Space } from "../space/space.ts";
import { type Counter, counter } from "./model.ts";
import { type PointsProgram, withPoints } from "./points-graph.ts";

/** How an ONNX file is attacked. */
export interface OnnxVictimOptions {
  readonly threads?: number;
  /** Rows of a call; left out: as many as are fast. */
  readonly batch?: number;
  readonly queries?: Counter;
  /** Nodes or operators of the model that gradients pass unchanged (BPDA with the identity, Athalye et al. 2018). */
  readonly straightThrough?: readonly string[];
}

/** A victim that holds sessions. */
export interface OpenVictim extends Victim, AsyncDisposable {}

/** Numbers of one call that stay near the processor, and rows at most. */
const fast = { values: 1 << 16, rows: 1024 };
/** A remainder of half a large graph at most goes through graphs of this part of its rows: four such calls cost no more than one large one. */
const smaller = 8;

/**
 * An ONNX model with its gradients: what turns points into its inputs stands before it in one graph, the loss and its gradient behind it. A graph is loaded for each
 * loss when it is first asked for. Call it in an isolated process. Throws what `readModel` and `lossGradient` throw, and ATTACK_UNFIT.
 */
export async function onnxVictim(binding: OnnxBinding, space: Space, options: OnnxVictimOptions = {}): Promise<OpenVictim> {
  const program = await readProgram(await readModel(binding.path, { root: binding.root }));
  const textsOf = (points: Points) => space.tableOf(points);
  const scores = binding.scoreOutput ?? undefined;
  const made = (rows: number) => withPoints(program, binding, space, rows);
  return victimOver({ made, scores, as: binding.scores, width: space.width, box: space.box, shape: space.shape, textsOf }, options);
}

/** What stands behind a victim: a program that takes points, for so many rows. */
interface Behind {
  made(rows: number): PointsProgram;
  readonly scores: string | undefined;
  readonly as: "logits" | "probabilities" | undefined;
  readonly width: number;
  readonly box: Box;
  readonly shape: readonly number[] | null;
  textsOf(points: Points): Table;
}

/** A victim over programs that take points. */
export async function victimOver(behind: Behind, options: OnnxVictimOptions): Promise<OpenVictim> {
  const { width } = behind;
  const { threads = 2, queries = counter() } = options;
  const full = options.batch ?? Math.max(smaller, Math.min(fast.rows, 2 ** Math.floor(Math.log2(fast.values / width))));
  const small = full >= 2 * smaller ? Math.ceil(full / smaller) : full;
  const opened = new Map<string, Promise<Opened>>();
  const open = (loss: Loss, rows: number, what: "slopes" | "logits") => {
    const key = `${what} ${what === "logits" ? "" : loss} ${rows}`;
    const known = opened.get(key) ?? openGraph(behind, { loss, rows, what, threads, straightThrough: options.straightThrough ?? [] });
    opened.set(key, known);
    return known;
  };
  const first = await open("cross-entropy", full, "logits");
  const { classes } = first;

  async function run(points: Points, loss: Loss, what: "slopes" | "logits", labels?: Int32Array, targets?: Int32Array): Promise<Slopes> {
    const made: Slopes = {
      logits: new Float32Array(points.rows * classes),
      losses: new Float32Array(what === "slopes" ? points.rows : 0),
      gradients: new Float32Array(what === "slopes" ? points.rows * width : 0),
    };
    for (let start = 0; start < points.rows; ) {
      const left = points.rows - start;
      const graph = await open(loss, left <= full / 2 ? small : full, what);
      const count = Math.min(graph.rows, left);
      const answers = await graph.session.run(feedsOf(graph, points, start, count, behind, labels, targets));
      put(made.logits, answers[graph.logits], start, count, classes);
      if (what === "slopes") {
        put(made.losses, answers[graph.losses], start, count, 1);
        put(made.gradients, answers[graph.gradient], start, count, width);
      }
      start += count;
    }
    return made;
  }

  return {
    access: "gradient",
    width,
    classes,
    ...behind.box,
    shape: behind.shape ?? undefined,
    batch: full,
    async labels(points) {
      queries.count(points.rows);
      const { logits } = await run(points, "cross-entropy", "logits");
      return Int32Array.from({ length: points.rows }, (_, row) => highest(logits, row, classes));
    },
    async scores(points) {
      queries.count(points.rows);
      return (await run(points, "cross-entropy", "logits")).logits;
    },
    slopes(points, labels, loss, targets) {
      queries.count(2 * points.rows);
      return run(points, loss, "slopes", labels, targets);
    },
    async [Symbol.asyncDispose]() {
      for (const each of opened.values()) await each.then(({ session }) => session.release()).catch(() => undefined);
    },
  };
}

interface Opened extends Pick<PointsProgram, "points" | "texts"> {
  readonly session: Session;
  readonly rows: number;
  readonly classes: number;
  readonly labels: string;
  readonly targets: string | null;
  readonly logits: string;
  readonly losses: string;
  readonly gradient: string;
  readonly asks: ReadonlySet<string>;
  readonly width: number;
  /** Of the input that points fill. */
  readonly dims: readonly number[];
}

interface Asked {
  readonly loss: Loss;
  readonly rows: number;
  readonly what: "slopes" | "logits";
  readonly threads: number;
  readonly straightThrough: readonly string[];
}

async function openGraph(behind: Behind, { loss, rows, what, threads, straightThrough }: Asked): Promise<Opened> {
  const { points, texts, shapes, rounding, program: whole } = behind.made(rows);
  const graph = lossGradient(whole, {
    loss,
    batch: rows,
    ...(behind.scores === undefined ? {} : { scores: behind.scores }),
    ...(behind.as === undefined ? {} : { as: behind.as }),
    wrt: [points],
    shapes,
    straightThrough: [...rounding, ...straightThrough],
  });
  const ports = (names: readonly string[]) => graph.program.graph.outputs.filter(({ name }) => names.includes(name));
  const wanted =
    what === "slopes" ? graph.program : { ...graph.program, graph: tidy({ ...graph.program.graph, outputs: ports([graph.logits]) }) };
  const used = new Set(wanted.graph.nodes.flatMap(({ inputs }) => inputs));
  const inputs = wanted.graph.inputs.filter(({ name }) => used.has(name));
  const session = await openSession(writeProgram({ ...wanted, graph: { ...wanted.graph, inputs } }), { threads });
  return {
    session,
    points,
    texts,
    rows: graph.rows,
    classes: graph.classes,
    labels: graph.labels,
    targets: graph.targets,
    logits: graph.logits,
    losses: graph.losses,
    gradient: graph.gradients[points] ?? "",
    asks: new Set(inputs.map(({ name }) => name)),
    width: behind.width,
    dims: shapes[points] ?? [],
  };
}

/** Rows [start, start + count); what is missing to a full batch repeats the last. */
function feedsOf(
  graph: Opened,
  { values }: Points,
  start: number,
  count: number,
  { textsOf }: Behind,
  labels?: Int32Array,
  targets?: Int32Array,
): Record<string, Constant> {
  const { rows, width } = graph;
  const from = values.subarray(start * width, (start + count) * width);
  const feeds: Record<string, Constant> = {
    [graph.points]: constant("float32", graph.dims, count === rows ? from : padded(from, rows, width)),
  };
  const classesOf = (given: Int32Array | undefined) =>
    constant(
      "int64",
      [rows],
      BigInt64Array.from({ length: rows }, (_, at) => BigInt(given?.[start + Math.min(at, count - 1)] ?? 0)),
    );
  if (graph.asks.has(graph.labels)) feeds[graph.labels] = classesOf(labels);
  if (graph.targets !== null && graph.asks.has(graph.targets)) feeds[graph.targets] = classesOf(targets);
  if (graph.texts.length === 0) return feeds;
  const table = textsOf({ rows: count, width, values: from });
  for (const { input, columns } of graph.texts) {
    const texts = Array.from({ length: rows * columns.length }, (_, at) => {
      const column = table.columns[columns[at % columns.length] ?? ""];
      const row = Math.min(Math.floor(at / columns.length), count - 1);
      return column?.kind === "text" ? (column.categories[column.codes[row]!] ?? "") : String(column?.values[row] ?? "");
    });
    feeds[input] = constant("string", columns.length === 1 ? [rows, 1] : [rows, columns.length], texts);
  }
  return feeds;
}

function padded(values: Float32Array, rows: number, width: number): Float32Array {
  const whole = new Float32Array(rows * width);
  whole.set(values);
  const count = values.length / width;
  for (let row = count; row < rows; row++) whole.set(rowOf(values, count - 1, width), row * width);
  return whole;
}

function put(into: Float32Array, answer: Constant | undefined, start: number, count: number, width: number): void {
  if (answer === undefined) throw new Error("the graph lacks an output");
  const values = answer.values as Float32Array | Float64Array;
  into.set(values.subarray(0, count * width), start * width);
}
