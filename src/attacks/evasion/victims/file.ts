import { dirname, resolve } from "node:path";
import { Problem, quoted } from "../../../base/index.ts";
import { type PortType, type Program, readModel, readProgram } from "../../../onnx/index.ts";
import { type OnnxVictimOptions, type OpenVictim, victimOver } from "./onnx.ts";

/** How a model's own input is attacked. */
export interface FileVictimOptions extends Omit<OnnxVictimOptions, "queries"> {
  /** The least and the greatest value of each number of the input: two numbers, or one pair for each. */
  readonly range: readonly [number, number];
  /** The output with a score for each class, and what those are; left out: as the graph tells. */
  readonly scores?: string;
  readonly as?: "logits" | "probabilities";
  /** The shape of one row, where the file leaves it open. */
  readonly shape?: readonly number[];
}

/**
 * A victim over an ONNX file with one input of real numbers, [rows, ...shape]: its points are what that input takes, between `range`. The file is checked before
 * native code sees it; a hostile one belongs into a process of its own. Throws Problems: ATTACK_UNFIT, and those of `gradient`.
 */
export async function openVictim(path: string, { range, scores, as, shape, ...options }: FileVictimOptions): Promise<OpenVictim> {
  const file = resolve(path);
  const program = await readProgram(await readModel(file, { root: dirname(file) }));
  const input = onlyInput(program);
  const dims = shape ?? input.dims?.slice(1).map((dim) => (typeof dim === "number" ? dim : Number.NaN)) ?? [Number.NaN];
  if (dims.some(Number.isNaN))
    throw new Problem("ATTACK_UNFIT", `input ${quoted(input.name)} leaves its shape open`, {
      file: program.file,
      remedy: "Say the shape of one row: `shape: [3, 32, 32]`.",
    });
  const width = dims.reduce((product, dim) => product * dim, 1);
  const [low, high] = range;
  if (!(low < high))
    throw new Problem("ATTACK_UNFIT", `a range from ${low} to ${high} holds nothing`, {
      remedy: "Give the least value, then the greatest.",
    });
  const fixed = input.dims?.[0];
  const made = (rows: number) => {
    const shapes = { [input.name]: [typeof fixed === "number" ? fixed : rows, ...dims] };
    return { program, points: input.name, shapes, texts: [], rounding: [] };
  };
  const box = { lows: new Float32Array(width).fill(low), highs: new Float32Array(width).fill(high) };
  const textsOf = () => {
    throw new Error("it has no texts");
  };
  return victimOver({ made, scores, as, width, box, shape: dims.length > 1 ? dims : null, textsOf }, options);
}

function onlyInput({ graph, file }: Program): PortType {
  const [first] = graph.inputs;
  if (first !== undefined && graph.inputs.length === 1 && first.element === "float32") return first;
  const listed = graph.inputs.map(({ name, element }) => `${quoted(name)} (${element ?? "no tensor"})`).join(", ");
  throw new Problem("ATTACK_UNFIT", `the model takes ${listed}; one input of float32 is attacked`, {
    file,
    remedy: "Declare the model in a sextant.yaml, which says how columns fill its inputs, and assess it.",
  });
}
