import { rowOf } from "../points.ts";
import type { Jumping } from "./jumping.ts";

/** A point of the way from the start (share 0) to `far` (share 1): in L2 along the straight line, in Linf with each change cut at a share of the largest. */
export function blend(norm: "linf" | "l2", start: Float32Array, far: Float32Array, share: number, into: Float32Array): void {
  if (norm === "l2") {
    for (let at = 0; at < start.length; at++) into[at] = (1 - share) * start[at]! + share * far[at]!;
    return;
  }
  let most = 0;
  for (let at = 0; at < start.length; at++) most = Math.max(most, Math.abs(far[at]! - start[at]!));
  const cut = share * most;
  for (let at = 0; at < start.length; at++) into[at] = start[at]! + Math.min(cut, Math.max(-cut, far[at]! - start[at]!));
}

/**
 * How near the boundary is found, as a share of the distance, and the halvings that takes. The paper's is width to the power -3/2 in L2 and -2 in Linf;
 * float32 shows no change of less than about 1e-5 of the whole, and in few features more exactness costs next to nothing.
 */
export function precisionOf({ norm, points: { width } }: Pick<Jumping, "norm" | "points">): {
  readonly share: number;
  readonly halvings: number;
} {
  const share = Math.min(1e-3, Math.max(1e-5, width ** (norm === "l2" ? -1.5 : -2)));
  return { share, halvings: Math.ceil(Math.log2(1 / share)) };
}

/** For each row of `far`, where the model errs, the nearest point of its way back to the start at which it still does, after so many halvings. Rows without queries left stay where they are. */
export async function toBoundary(
  { points, norm, spends }: Pick<Jumping, "points" | "norm" | "spends">,
  owners: Int32Array,
  far: Float32Array,
  halvings: number,
): Promise<Float32Array> {
  const { width } = points;
  const start = (at: number) => rowOf(points.values, owners[at]!, width);
  const low = new Float64Array(owners.length);
  const high = new Float64Array(owners.length).fill(1);
  const reached = far.slice();
  for (let halving = 0; halving < halvings; halving++) {
    const asked = affordable(owners, spends.left);
    if (asked.length === 0) break;
    const values = new Float32Array(asked.length * width);
    asked.forEach((at, index) => {
      blend(norm, start(at), rowOf(far, at, width), (low[at]! + high[at]!) / 2, rowOf(values, index, width));
    });
    const fooled = await spends.fooled(
      asked.map((at) => owners[at]!),
      values,
    );
    asked.forEach((at, index) => {
      const middle = (low[at]! + high[at]!) / 2;
      if (fooled[index] === 0) low[at] = middle;
      else {
        high[at] = middle;
        reached.set(rowOf(values, index, width), at * width);
      }
    });
  }
  return reached;
}

/** The places whose owners still have a query for each of theirs. */
function affordable(owners: Int32Array, left: (row: number) => number): Int32Array {
  const taken = new Map<number, number>();
  return Int32Array.from(owners.keys()).filter((at) => {
    const before = taken.get(owners[at]!) ?? 0;
    taken.set(owners[at]!, before + 1);
    return before < left(owners[at]!);
  });
}
