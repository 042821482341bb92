import { totalmem } from "node:os";
import { Problem } from "../base/index.ts";
import type { Program, Specialised } from "../onnx/index.ts";
import { peakBytes } from "./bytes.ts";

/**
 * The graph with the fewest segments of which the tensors fit into so many bytes, `make` being asked for more and more of them. Each halving of what is kept between
 * segments doubles their number, so that the least lies near the root of the number of nodes. Throws GRADIENT_MEMORY where none fits.
 */
export function withinMemory<Made extends { readonly program: Specialised }>(
  limit: number | undefined,
  { graph, file }: Program,
  make: (segments: number) => Made,
): Made {
  let made = make(1);
  if (limit === undefined) return made;
  let least = Number.POSITIVE_INFINITY;
  for (let segments = 1; ; segments = Math.ceil(segments * 1.4)) {
    if (segments > 1) made = make(segments);
    const peak = peakBytes(made.program);
    if (peak <= limit) return made;
    least = Math.min(least, peak);
    if (segments > 4 * Math.sqrt(graph.nodes.length)) throw tooLarge(limit, least, file);
  }
}

/** Throws GRADIENT_MEMORY where the tensors of one run take more than this machine, or what is set for this process, has. */
export function checkMachine(program: Specialised): void {
  const bounds = [totalmem(), process.constrainedMemory()].filter((bound) => bound > 0);
  const [limit, peak] = [Math.min(...bounds), peakBytes(program)];
  if (peak > limit) throw tooLarge(limit, peak, program.file);
}

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

const tooLarge = (limit: number, least: number, file: string) =>
  new Problem("GRADIENT_MEMORY", `the tensors of one run take ${mebibytes(least)} or more; they may take ${mebibytes(limit)}`, {
    file,
    remedy: "Take fewer rows in a batch, or allow more memory.",
  });
