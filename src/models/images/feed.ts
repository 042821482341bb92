import { availableParallelism } from "node:os";
import type { Tensor, TensorConstructor } from "onnxruntime-node";
import type { ImageColumn, Table } from "../../data/index.ts";
import type { Take } from "../buffers.ts";
import type { Port } from "../model.ts";
import type { Preparation } from "./preparation.ts";
import { type Prepared, prepare, valuesIn } from "./prepare.ts";

/** What fills an input with pictures. */
interface Filling {
  readonly make: TensorConstructor;
  readonly table: Table;
  readonly port: Port;
  readonly column: string;
  /** The most rows of one call. */
  readonly batch: number;
  readonly take: Take;
  /** The name of the input that is fed, and the type of its elements. */
  readonly name: string;
  readonly type: "float32" | "float64" | "uint8";
}

/** A table's pictures in the size that a model takes. */
export function picturesOf(table: Table, name: string, { resize }: Preparation): ImageColumn {
  const column = table.images?.[name];
  if (column === undefined) throw new Error(`the table has no pictures ${name}`);
  return resize === null || (column.height === resize.height && column.width === resize.width) ? column : column.resized(resize);
}

/** Where the model's threads leave a core over. On two cores its threads wait for each other, and whatever runs beside them holds both up. */
const isRoomy = availableParallelism() > 2;

/**
 * Puts pictures into `feeds`, batch by batch in order. Where there is room, the next batch is read and prepared while the model runs on one: two buffers serve all
 * batches. Where there is none, one does.
 */
export function pictureFiller({ make, table, port, column: name, batch, take, ...feed }: Filling, preparation: Preparation) {
  const column = picturesOf(table, name, preparation);
  const each = valuesIn(preparation);
  const buffers: Prepared[] = Array.from({ length: isRoomy ? 2 : 1 }, () => take(feed.type, batch * each));
  let turn = 0;
  let ahead: { readonly start: number; readonly made: Promise<Tensor> } | undefined;
  const next = async (start: number, count: number): Promise<Tensor> => {
    const buffer = buffers[turn++ % buffers.length]!;
    const values = await column.read(Int32Array.from({ length: count }, (_, at) => start + at));
    const made = prepare(values, preparation, buffer.subarray(0, count * each));
    return new make(feed.type, made as never, dims(preparation, port, count));
  };
  return async (feeds: Record<string, Tensor>, start: number, count: number): Promise<void> => {
    feeds[feed.name] = await (ahead?.start === start ? ahead.made : next(start, count));
    const following = start + count;
    const left = isRoomy ? Math.min(batch, table.rows - following) : 0;
    ahead = left > 0 ? { start: following, made: next(following, left) } : undefined;
    ahead?.made.catch(() => undefined); // thrown when its turn comes
  };
}

function dims({ layout, height, width, colours }: Preparation, port: Port, count: number): number[] {
  const channels = colours === "grey" ? 1 : 3;
  if (layout === "NCHW") return [count, channels, height, width];
  if (layout === "NHWC") return [count, height, width, channels];
  return port.shape.length === 2 ? [count, height * width * channels] : [count, height, width];
}
