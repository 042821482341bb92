import { type Call, mismatch } from "./call.ts";

/** The shape that several broadcast to, as NumPy has it; undefined when they do not. */
export function broadcast(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const [only] = shapes;
  if (shapes.length === 1) return only;
  const rank = shapes.reduce((most, { length }) => Math.max(most, length), 0);
  const dims = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let at = 0; at < shape.length; at++) {
      const to = rank - shape.length + at;
      const size = shape[at] ?? 1;
      if (dims[to] === 1) dims[to] = size;
      else if (size !== 1 && size !== dims[to]) return undefined;
    }
  }
  return dims;
}

export const broadcastOf = (call: Call, shapes: readonly (readonly number[])[]): readonly number[] =>
  broadcast(shapes) ?? mismatch(call, "the shapes do not broadcast");

/** Whether the first broadcasts to the second without making it larger. */
export const broadcastsTo = (dims: readonly number[], to: readonly number[]): boolean => broadcast([dims, to])?.join() === to.join();

export const replaced = (dims: readonly number[], at: number, size: number): readonly number[] => dims.with(at, size);

export const sameDims = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((size, at) => size === b[at]);
