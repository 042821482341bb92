import type { Random } from "../../../base/index.ts";
import type { Goal } from "../attack.ts";
import type { Constraints } from "./constraints.ts";
import type { Living } from "./moeva.ts";
import type { Settler } from "./settle.ts";

type Row = Float64Array;

/** Makes so many valid points near a start from those that live; of the first generation, from the start alone. Fewer where hardly any can be valid. */
export type Breeder = (living: readonly Living[], start: Float32Array, count: number, random: Random) => readonly Float32Array[];

/** Tries for each child that is wanted. */
const tries = 3;

export function breederOf({ rows, freedoms, isValid }: Constraints, { settle, reachesTexts }: Settler, { norm, eps }: Goal): Breeder {
  const free = freedoms.flatMap(({ isFixed }, at) => (isFixed || (rows.columns[at]!.kind === "text" && !reachesTexts) ? [] : [at]));
  // How far a single number can go within eps, on its scale.
  const arm = eps === null || norm === "l0" ? 1 : Math.min(1, eps);

  /** A number somewhere within reach of the start, or a text. */
  function anywhere(at: number, was: Row, random: Random): number {
    const column = rows.columns[at]!;
    if (column.kind !== "number") return random.integer(column.texts.length);
    const [low, high] = within(at, was);
    const corner = random.uniform();
    return corner < 0.25 ? low : corner < 0.5 ? high : low + (high - low) * random.uniform();
  }

  function within(at: number, was: Row): readonly [number, number] {
    const column = rows.columns[at]!;
    const [low, high] = freedoms[at]!.reach(was[at]!);
    const far = column.kind === "number" ? arm * column.span : 0;
    return [Math.max(low, was[at]! - far), Math.min(high, was[at]! + far)];
  }

  function mutate(row: Row, was: Row, random: Random): void {
    for (let left = 1 + (random.uniform() < 0.5 ? 0 : random.integer(3)); left > 0; left--) {
      const at = free[random.integer(free.length)]!;
      const column = rows.columns[at]!;
      const kind = random.uniform();
      if (kind < 0.15) row[at] = was[at]!;
      else if (kind < 0.5 || column.kind !== "number") row[at] = anywhere(at, was, random);
      // From coarse to fine: the spread's own size is drawn over two powers of ten.
      else row[at]! += random.normal() * arm * column.span * 10 ** (-2 * random.uniform());
    }
  }

  /** Every column of one parent or the other, or a step along the difference of two others (differential evolution, Storn & Price 1997). */
  function child(parents: readonly Living[], random: Random): Row {
    const [a, b, c] = [tournament(parents, random), tournament(parents, random), parents[random.integer(parents.length)]!].map(
      ({ value }) => rows.read(value),
    ) as [Row, Row, Row];
    const way = random.uniform();
    if (way < 0.4) for (const at of free) if (random.uniform() < 0.5) a[at] = b[at]!;
    if (way < 0.4 || way > 0.8) return a;
    const reach = 0.4 + 0.8 * random.uniform();
    for (const at of free) {
      if (rows.columns[at]!.kind === "number") a[at]! += reach * (b[at]! - c[at]!);
      else if (random.uniform() < 0.3) a[at] = b[at]!;
    }
    return a;
  }

  return (living, start, count, random) => {
    if (free.length === 0) return [];
    const was = rows.read(start);
    const born: Float32Array[] = living.length === 0 && isValid(start, start) ? [start.slice()] : [];
    for (let attempt = 0; attempt < tries * count && born.length < count; attempt++) {
      const row = living.length === 0 ? was.slice() : child(living, random);
      if (living.length === 0) for (const at of free) if (random.uniform() < 0.5) row[at] = anywhere(at, was, random);
      if (living.length === 0 || random.uniform() < 0.7) mutate(row, was, random);
      const point = rows.write(row, start.slice());
      if (settle(point, start)) born.push(point);
    }
    return born;
  };
}

/** The better of two: those that live stand in order. */
const tournament = (living: readonly Living[], random: Random) =>
  living[Math.min(random.integer(living.length), random.integer(living.length))]!;
