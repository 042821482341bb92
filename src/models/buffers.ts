const kinds = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array } as const;
export type Numbers = InstanceType<(typeof kinds)[keyof typeof kinds]>;

/** Gives memory for so many numbers, which may hold anything. */
export type Take = <K extends keyof typeof kinds>(kind: K, length: number) => InstanceType<(typeof kinds)[K]>;

export const fresh = ((kind: keyof typeof kinds, length: number) => new kinds[kind](length)) as Take;

/**
 * Lends memory to one prediction after the other: the system takes about as long to hand out new pages as it takes to fill them. What a prediction took is kept for the next one
 * until that ends; what a failed one took is not, since something may still write into it. Two at once never share.
 */
export function lender() {
  let spare: Numbers[] = [];
  return async <T>(use: (take: Take) => Promise<T>): Promise<T> => {
    const taken: Numbers[] = [];
    const take = (kind: keyof typeof kinds, length: number) => {
      const found = spare.find((each) => each instanceof kinds[kind] && each.length === length) ?? fresh(kind, length);
      spare = spare.filter((each) => each !== found);
      taken.push(found);
      return found;
    };
    const made = await use(take as Take);
    spare = taken;
    return made;
  };
}
