import { Problem, quoted } from "../base/index.ts";
import { type Constant, constant, type Element, zeros } from "../onnx/index.ts";
import { isReal, narrowed } from "./numbers.ts";

/** Rows of one input, row-major: numbers, or texts where the model takes these. */
export type Rows = ArrayLike<number> | ArrayLike<bigint> | readonly string[];

/** An input of a batch: its first dimension is the rows. */
export interface Port {
  readonly name: string;
  readonly element: Element;
  readonly dims: readonly number[];
}

const widthOf = ({ dims }: Port) => dims.slice(1).reduce((width, dim) => width * dim, 1);

/** How many rows are given. Throws GRADIENT_INPUT when an input is missing, strange, or has part of a row. */
export function rowsGiven(ports: readonly Port[], given: Readonly<Record<string, Rows>>, file: string): number {
  const fail = (what: string): never => {
    const listed = ports.map((port) => `${quoted(port.name)} (${widthOf(port)} ${port.element} a row)`).join(", ");
    throw new Problem("GRADIENT_INPUT", what, { file, remedy: `Give rows for each input, row-major: ${listed}.` });
  };
  const stray = Object.keys(given).find((name) => !ports.some((port) => port.name === name));
  if (stray !== undefined) fail(`there is no input ${quoted(stray)} that the scores depend on`);
  const counts = ports.map((port) => {
    const values = Object.hasOwn(given, port.name) ? given[port.name] : undefined;
    const count = values === undefined ? fail(`the input ${quoted(port.name)} is missing`) : values.length / widthOf(port);
    return Number.isInteger(count)
      ? count
      : fail(`the input ${quoted(port.name)} takes ${widthOf(port)} numbers a row; ${values?.length} are no whole number of rows`);
  });
  const [first = 0] = counts;
  if (counts.some((count) => count !== first)) fail(`its inputs have different numbers of rows: ${counts.join(", ")}`);
  return first;
}

/** The rows [from, to) as a batch; where they are fewer than it takes, the last is repeated. */
export function batchOf(port: Port, values: Rows, from: number, to: number): Constant {
  const { element, dims } = port;
  if (element === "opaque") throw new Error("nothing can be given to an input of an opaque type");
  const [width, count] = [widthOf(port), dims.reduce((product, dim) => product * dim, 1)];
  const part = ArrayBuffer.isView(values)
    ? (values as Float32Array).subarray(from * width, to * width)
    : Array.prototype.slice.call(values, from * width, to * width);
  const whole =
    part.length === count
      ? part
      : Array.from({ length: count }, (_, at) => (at < part.length ? part[at] : part[part.length - width + (at % width)]));
  return constant(element, dims, held(whole, element));
}

/** The values in the array of an element type; itself where it is that already. */
function held(values: Rows, element: Element): Constant["values"] {
  if (element === "string") return Array.from(values as ArrayLike<unknown>, String);
  if (element === "float32" && values instanceof Float32Array) return values;
  if (isReal(element)) return narrowed(Float64Array.from(values as ArrayLike<number>, Number), element);
  const made = zeros(element as "int64", values.length);
  for (let at = 0; at < values.length; at++)
    made[at] = (made instanceof BigInt64Array || made instanceof BigUint64Array ? BigInt(values[at] ?? 0) : Number(values[at])) as never;
  return made;
}

/** Real numbers of any width as float32. */
export function float32s({ element, values }: Constant): Float32Array {
  if (values instanceof Float32Array) return values;
  if (!(values instanceof Uint16Array)) return Float32Array.from(values as Float64Array);
  if (element === "bfloat16") return new Float32Array(Uint32Array.from(values, (bits) => bits << 16).buffer);
  return Float32Array.from(new Float16Array(values.buffer, values.byteOffset, values.length));
}
