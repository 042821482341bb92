import { type Comparison, columnsOf, type Expression, evaluator, type ReadyRule } from "../../../data/index.ts";
import type { NumberOf, Rows } from "./columns.ts";
import type { Freedom } from "./freedom.ts";
import { zeroOf } from "./solve.ts";

type Row = Float64Array;

/** A comparison of numbers, made ready to be mended by changing one column. */
interface NumberPart {
  readonly relation: (Comparison & { kind: "numbers" })["relation"];
  /** `defines`: it stands alone on a side of an equality. */
  readonly movable: readonly { readonly index: number; readonly column: NumberOf; readonly defines: boolean }[];
  /** Left minus right. */
  difference(row: ArrayLike<number>): number;
}

/** A column and what it could become. */
interface Offer {
  readonly index: number;
  readonly value: number;
  /** How far that is, on the column's scale: the nearest wins. One that was changed already comes after those that were not: it would be undone. */
  readonly far: number;
}

type Offering = (row: Row, start: Row) => readonly Offer[];

/** Rounds over all rules: one that is mended may break another. */
const mostRounds = 8;

/**
 * Makes a row, whose columns are valid one by one, keep to the rules as well: for each broken rule it changes one column, that which an equality defines of others that
 * were changed, else one that was not changed yet, by the smallest step on its scale. Answers whether all hold then; a row that cannot be mended so is left as it came out.
 */
export function menderOf(rows: Rows, freedoms: readonly Freedom[], rules: readonly ReadyRule[]): (row: Row, start: Row) => boolean {
  const offerings = rules.map(({ rule }) => rule.any.map((each) => offeringOf(each, rows, freedoms)));
  return (row, start) => {
    for (let round = 0; round < mostRounds; round++) {
      const wrong = rules.flatMap((rule, at) => (rule.broken(row) > 0 ? [at] : []));
      if (wrong.length === 0) return true;
      for (const at of wrong) mendRule(rules[at]!, offerings[at]!, row, start, freedoms);
    }
    return rules.every((rule) => rule.broken(row) === 0);
  };
}

/** An offer that mends wins over one that does not; of those that do the nearest, of the others the one that breaks least. */
function mendRule(rule: ReadyRule, offerings: readonly Offering[], row: Row, start: Row, freedoms: readonly Freedom[]): void {
  let best: Offer | null = null;
  let least = rule.broken(row);
  for (const offer of offerings.flatMap((offers) => offers(row, start))) {
    const { index, value, far } = offer;
    if (!freedoms[index]!.allows(value, start[index]!)) continue;
    const before = row[index]!;
    row[index] = value;
    const broken = rule.broken(row);
    row[index] = before;
    if (broken === 0 && least === 0 ? far >= (best?.far ?? Number.POSITIVE_INFINITY) : broken >= least) continue;
    best = offer;
    least = broken;
  }
  if (best !== null) row[best.index] = best.value;
}

function offeringOf(comparison: Comparison, rows: Rows, freedoms: readonly Freedom[]): Offering {
  if (comparison.kind === "text") return (_row, start) => textOffers(comparison, rows, freedoms, start);
  const part = partOf(comparison, rows, freedoms);
  return (row, start) =>
    part.movable.flatMap(({ index, column, defines }) => {
      const aim = aimOf(part, { index, column, freedom: freedoms[index]! }, row, start[index]!);
      if (aim === null) return [];
      const how = part.relation === "==" ? "near" : aim > row[index]! ? "up" : "down";
      const value = freedoms[index]!.snap(aim, start[index]!, how);
      const follows = defines && part.movable.some((other) => other.index !== index && row[other.index] !== start[other.index]);
      const undoes = row[index] === start[index] ? 0 : 1;
      return [{ index, value, far: follows ? -1 : undoes + Math.abs(value - row[index]!) / column.span }];
    });
}

function textOffers(
  { column: name, relation, text }: Comparison & { kind: "text" },
  rows: Rows,
  freedoms: readonly Freedom[],
  start: Row,
): readonly Offer[] {
  const index = rows.indexOf(name);
  const column = rows.columns[index];
  const code = rows.shape.codeOf(name, text);
  if (column?.kind !== "text" || freedoms[index]!.isFixed) return [];
  if (relation === "==") return [{ index, value: code, far: 1 }];
  const others = start[index] === code ? column.texts.keys().filter((other) => other !== code) : [start[index]!];
  return [...others].map((value) => ({ index, value, far: 1 }));
}

interface Moving {
  readonly index: number;
  readonly column: NumberOf;
  readonly freedom: Freedom;
}

/** What the column must become for the comparison to hold, or just to hold; null where no change of it helps. */
function aimOf({ difference, relation }: NumberPart, { index, column, freedom }: Moving, row: Row, start: number): number | null {
  const here = row[index]!;
  const beyond = Math.max(column.grain * 2, column.whole ? 0.5 : 1e-9 * Math.max(1, Math.abs(here)));
  if (relation === "!=") return here + (freedom.reach(start)[1] - here > beyond ? 2 : -2) * beyond;
  const at = (value: number) => {
    row[index] = value;
    const made = difference(row);
    row[index] = here;
    return made;
  };
  const zero = zeroOf(at, here, column.span * 1e-3, freedom.reach(start));
  if (zero === null || relation === "==" || relation === "<=" || relation === ">=") return zero;
  const grows = at(zero + beyond) > at(zero);
  return zero + (grows === (relation === ">") ? beyond : -beyond);
}

function partOf({ left, right, relation }: Comparison & { kind: "numbers" }, rows: Rows, freedoms: readonly Freedom[]): NumberPart {
  const [ofLeft, ofRight] = [evaluator(left, rows.shape), evaluator(right, rows.shape)];
  const defined = relation === "==" ? [alone(left, right), alone(right, left)] : [];
  const names = [...new Set([...columnsOf(left), ...columnsOf(right)])];
  const movable = names.flatMap((name) => {
    const index = rows.indexOf(name);
    const column = rows.columns[index];
    return column?.kind === "number" && freedoms[index]?.isFixed === false ? [{ index, column, defines: defined.includes(name) }] : [];
  });
  return { relation, movable, difference: (row) => ofLeft(row) - ofRight(row) };
}

const alone = (side: Expression, other: Expression): string | null =>
  side.kind === "column" && !columnsOf(other).includes(side.name) ? side.name : null;
