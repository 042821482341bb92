import type { Random } from "../../../base/index.ts";
import type { Attack, Norm, Points, Victim } from "../attack.ts";
import { entriesOf, rowOf, rowsOf } from "../points.ts";
import { type Struck, strike } from "../strike.ts";

/** What is measured, and by what. */
export interface RobustnessQuestion {
  readonly victim: Victim;
  /** The same model, opened afresh. */
  readonly judge: Pick<Victim, "labels">;
  readonly points: Points;
  readonly labels: Int32Array;
  readonly norm: Norm;
  /** The declared size of change; the curve goes from a quarter of it to where nothing is bounded. */
  readonly eps: number;
  /** The attack that decides. */
  readonly attack: Attack;
  /** The same with about twice the steps: whether more of them would still help. */
  readonly longer: Attack;
  /** One that does not use gradients, of no more strength where gradients mean something; null where the victim gives none anyway. */
  readonly blind: Attack | null;
  readonly queries: number;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number, what: string) => void) | undefined;
}

/** What attacks achieved at growing sizes of change, and signs that they failed rather than the model held. */
export interface Robustness {
  readonly rows: number;
  /** Rows that the model gets wrong as they are. */
  readonly wrong: number;
  /** The last is as large as the space: nothing is bounded there. */
  readonly epsilons: readonly number[];
  /** For each of them, 1 where the row was fooled within it, by what was found there or nearer. */
  readonly fooled: readonly Uint8Array[];
  /** At the declared size: the points, or their starts, row-major. */
  readonly values: Float32Array;
  readonly answers: Int32Array;
  /** How far the found points lie from their starts; Infinity: none was found within the declared size. */
  readonly distances: Float64Array;
  readonly signs: {
    /** Rows whose loss has no slope at the start; null of a victim without gradients. */
    readonly flat: number | null;
    /** Of a random part of the rows that stand at the declared size: how many there are, how many the attack without gradients fools, and how many twice the steps do. */
    readonly asked: number;
    readonly blind: number | null;
    readonly longer: number;
    /** Rows that stand though nothing is bounded. */
    readonly unbounded: number;
    /** Proposals that kept to no bound. */
    readonly invalid: number;
  };
}

/** Multiples of the declared size. */
const multiples = [0.25, 0.5, 1, 2];
/** Rows that stand, asked again for signs of failure, at most. */
const mostAsked = 64;

/** As far as any point of the space can lie from another. */
function reach(norm: Norm, { lows, highs, width }: Victim): number {
  let sum = 0;
  for (let at = 0; at < width; at++) {
    const room = highs[at]! - lows[at]!;
    if (norm === "linf") sum = Math.max(sum, room);
    else if (norm === "l2") sum += room * room;
    else sum += norm === "l1" ? room : 1;
  }
  return norm === "l2" ? Math.sqrt(sum) : sum;
}

/** Robust accuracy over a curve of sizes, each point going on only until it falls, and the signs by which a failed attack shows. */
export async function measureRobustness(question: RobustnessQuestion): Promise<Robustness> {
  const { victim, judge, points, labels, norm, eps, attack, random, progress } = question;
  const { rows, width } = points;
  const most = reach(norm, victim);
  const epsilons = [...multiples.map((each) => each * eps).filter((each) => each < most), most];
  const strikeAt = (by: Attack, size: number, some: Int32Array, label: string): Promise<Struck> =>
    strike(by, { victim, judge }, rowsOf(points, some), entriesOf(labels, some), {
      norm,
      eps: size,
      queries: question.queries,
      random: random.fork(label),
      signal: question.signal,
    });
  const fooled = epsilons.map(() => new Uint8Array(rows));
  const at = { values: points.values.slice(), answers: labels.slice(), distances: new Float64Array(rows).fill(Number.POSITIVE_INFINITY) };
  let standing = Int32Array.from({ length: rows }, (_, row) => row);
  let invalid = 0;
  let wrong = 0;
  for (const [place, size] of epsilons.entries()) {
    progress?.(place, epsilons.length, `${attack.id} within ${size}: ${standing.length} rows stand`);
    const struck = await strikeAt(attack, size, standing, `curve/${place}`);
    invalid += struck.invalid;
    const next: number[] = [];
    for (let index = 0; index < standing.length; index++) {
      const row = standing[index]!;
      if (struck.fooled[index] === 0) {
        next.push(row);
        continue;
      }
      if (struck.distances[index] === 0) wrong++;
      for (let later = place; later < epsilons.length; later++) fooled[later]![row] = 1;
      if (size > eps) continue;
      at.values.set(rowOf(struck.values, index, width), row * width);
      at.answers[row] = struck.answers[index]!;
      at.distances[row] = struck.distances[index]!;
    }
    standing = Int32Array.from(next);
  }
  const declared = fooled[epsilons.indexOf(eps)] ?? fooled.at(-1)!;
  const stand = Int32Array.from(declared.keys()).filter((row) => declared[row] === 0);
  const asked = Int32Array.from(
    random.fork("asked").sample(stand.length, Math.min(mostAsked, stand.length)),
    (index) => stand[index]!,
  ).sort();
  const fell = async (by: Attack, label: string) => {
    if (asked.length === 0) return 0;
    progress?.(epsilons.length - 1, epsilons.length, `${by.id}: ${asked.length} rows that stood`);
    return (await strikeAt(by, Math.min(eps, most), asked, label)).fooled.reduce((sum, each) => sum + each, 0);
  };
  const signs = {
    flat: await flatRows(question),
    asked: asked.length,
    blind: question.blind === null ? null : await fell(question.blind, "blind"),
    longer: await fell(question.longer, "longer"),
    unbounded: standing.length,
    invalid,
  };
  return { rows, wrong, epsilons, fooled, ...at, signs };
}

async function flatRows({ victim, points, labels }: RobustnessQuestion): Promise<number | null> {
  if (victim.slopes === undefined) return null;
  const { gradients } = await victim.slopes(points, labels, "margin");
  let flat = 0;
  for (let row = 0; row < points.rows; row++) if (rowOf(gradients, row, points.width).every((each) => each === 0)) flat++;
  return flat;
}
