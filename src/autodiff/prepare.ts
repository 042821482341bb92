import { Problem, problemsOf, quoted } from "../base/index.ts";
import { type Constant, freeNames, liftProgram, type PortType, type Program, type Specialised, specialise, tidy } from "../onnx/index.ts";
import { reluBehindPool } from "./commute.ts";
import { checkReal, noInput } from "./differentiate.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";
import type { LossQuestion } from "./loss-gradient.ts";
import { lower } from "./lower.ts";
import { isReal } from "./numbers.ts";
import type { Value } from "./pullback.ts";
import { widened, withRealInputs } from "./widen.ts";

type Asked = Pick<LossQuestion, "batch" | "scores" | "shapes" | "wrt" | "quantised">;

/** A model that is ready to get a loss. */
export interface Prepared {
  readonly plain: Specialised;
  readonly scores: Value;
  /** By which is differentiated: they are inputs there, so that nothing folds them away. */
  readonly weights: ReadonlyMap<string, Constant>;
}

/** The part of the model that makes the scores, in the canonical opset, of ordinary operators, with shapes. Throws Problems. */
export function prepared(program: Program, asked: Asked): Prepared {
  const { graph, file } = program;
  const { wrt = [], shapes = {}, batch } = asked;
  const scores = scoresIn(program, asked.scores);
  const weights = new Map([...graph.constants].filter(([name]) => wrt.includes(name)));
  const constants = new Map([...graph.constants].filter(([name]) => !weights.has(name)));
  const free = [...weights].map(([name, { element, dims }]): PortType => ({ name, element, dims, proto: undefined }));
  const ports = [...graph.inputs, ...free];
  const known = new Set([...ports.map(({ name }) => name), ...constants.keys(), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
  const stray = [...wrt, ...Object.keys(shapes)].find((name) => !known.has(name));
  if (stray !== undefined) throw noInput(stray, program);
  const cut = tidy({ ...graph, constants, outputs: [{ name: scores, element: null, dims: null, proto: undefined }] });
  const used = freeNames({ ...cut, inputs: [] });
  const inputs = ports.filter(({ name }) => used.has(name) || wrt.includes(name));
  const lifted = withRealInputs(widened(liftProgram({ ...program, graph: { ...cut, inputs } })));
  const shaped = (of: Program) => {
    const given = of.graph.inputs.flatMap(({ name, dims }) => (weights.has(name) ? [] : shapeOf(name, dims, shapes, batch)));
    return reluBehindPool(foldBatchNorm(lower(specialise(of, Object.fromEntries(given)), asked.quantised !== undefined), new Set(wrt)));
  };
  const plain = withRows(lifted, weights, scores, batch, shaped) ?? shaped(lifted);
  if (!plain.known.has(scores)) throw unknownShape(scores, file);
  for (const name of wrt) checkReal(plain, name);
  return { plain, scores, weights };
}

/** A model that was exported for one row, for many: where every shape follows, and the scores have as many rows. Null where that is not so. */
function withRows(
  program: Program,
  weights: Prepared["weights"],
  scores: Value,
  batch: number,
  shaped: (of: Program) => Specialised,
): Specialised | null {
  const { inputs } = program.graph;
  const isFree = ({ name }: PortType) => !weights.has(name);
  if (batch === 1 || !inputs.filter(isFree).every(({ dims }) => dims?.[0] === 1)) return null;
  const opened = inputs.map((port) => (isFree(port) && port.dims !== null ? { ...port, dims: [null, ...port.dims.slice(1)] } : port));
  try {
    const made = shaped({ ...program, graph: { ...program.graph, inputs: opened } });
    return made.known.get(scores)?.dims[0] === batch ? made : null;
  } catch (error) {
    if (problemsOf(error).length > 0) return null;
    throw error;
  }
}

/** The shape that is told, or the file's with the batch for its open rows. */
function shapeOf(name: string, dims: PortType["dims"], shapes: NonNullable<Asked["shapes"]>, batch: number): [string, readonly number[]][] {
  const told = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  const [first, ...rest] = dims ?? [];
  const shape = told ?? (dims === null ? undefined : dims.length === 0 ? [] : [typeof first === "number" ? first : batch, ...rest]);
  return shape?.every((size) => typeof size === "number") ? [[name, shape as readonly number[]]] : [];
}

const unknownShape = (scores: string, file: string) =>
  new Problem("MODEL_SHAPE_UNKNOWN", `the shape of ${quoted(scores)} is known in a run alone`, {
    file,
    remedy: "Export the model with fixed shapes and standard operators.",
  });

/** The value that holds the scores: behind ZipMap, which makes maps of them. */
function scoresIn({ graph, file }: Program, name: string | undefined): Value {
  const zipped = (output: string) => graph.nodes.find(({ op, outputs }) => op === "ZipMap" && outputs.includes(output))?.inputs[0];
  const outputs = graph.outputs.map((port) => ({ ...port, zipped: zipped(port.name) }));
  const may = outputs.filter(({ element, zipped: inner }) => inner !== undefined || (element !== null && isReal(element)));
  const named = name === undefined ? may : outputs.filter((output) => output.name === name);
  const telling = named.length > 1 ? named.filter((output) => /prob|score|logit/i.test(output.name)) : named;
  const [chosen] = telling;
  if (chosen !== undefined && telling.length === 1) return chosen.zipped ?? chosen.name;
  const listed = outputs.map((output) => quoted(output.name)).join(", ");
  const unclear =
    may.length === 0 ? `none of the outputs ${listed} holds scores` : `which of the outputs ${listed} holds the scores cannot be told`;
  const what = name === undefined ? unclear : `the model has no output ${quoted(name)}`;
  throw new Problem("GRADIENT_SCORES", what, { file, remedy: `Name the output with a score for each class: ${listed}.` });
}
