import type { Random } from "../../base/index.ts";
import type { Attacked } from "../needs/evasion/attacked.ts";

interface Drawn {
  /** The probability that a row is right and stands, at each size of change but the last, at which nothing does. */
  readonly stands: readonly number[];
  readonly signs?: Partial<NonNullable<Attacked["found"]>["signs"]>;
  readonly isHeld?: boolean;
}

const epsilons = [0.025, 0.05, 0.1, 0.2, 1];

/** `n` rows of two classes that fall to growing changes; 0.1 is the declared size. A row that fell to a smaller change has fallen to a larger one. */
export function drawnAttacked(random: Random, n: number, { stands, signs = {}, isHeld = false }: Drawn): Attacked {
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  const strength = Float64Array.from(rows, () => random.uniform());
  const fooled = epsilons.map((_, at) => Uint8Array.from(strength, (each) => (each < (stands[at] ?? 0) ? 0 : 1)));
  const fell = fooled.findIndex((_, at) => epsilons[at] === 0.1);
  return {
    norm: "linf",
    eps: 0.1,
    classes: ["no", "yes"],
    rows,
    labels: rows.map((row) => row % 2),
    found: {
      wrong: fooled[0]!.filter((_, row) => strength[row]! > 0.95).length,
      epsilons,
      fooled,
      answers: rows.map((row) => (row + (fooled[fell]![row] ?? 0)) % 2),
      distances: Float64Array.from(rows, (row) => (fooled[fell]![row] === 1 ? 0.05 : Number.POSITIVE_INFINITY)),
      signs: { flat: 0, asked: Math.min(64, n), blind: null, longer: 0, unbounded: 0, invalid: 0, ...signs },
    },
    why: null,
    tried: "apgd",
    queries: 100 * n,
    isHeld,
    pictures: [],
  };
}

/** A model that no gradient reaches. */
export const unattacked: Attacked = {
  ...{ norm: "linf", eps: 0.1, classes: ["no", "yes"], rows: new Int32Array(), labels: new Int32Array(), found: null },
  why: { says: "operator TreeEnsembleClassifier has no gradient", remedy: "Choose an attack by scores or labels." },
  ...{ tried: "", queries: 0, isHeld: false, pictures: [] },
};

/** The same of an attack that asks at the declared size alone, and tells no signs. */
export function drawnGuesses(random: Random, n: number, stands: number): Attacked {
  const { found, ...rest } = drawnAttacked(random, n, { stands: [1, 1, stands, 0] });
  if (found === null) throw new Error("it was attacked");
  const at = found.epsilons.indexOf(rest.eps);
  return { ...rest, tried: "square", found: { ...found, epsilons: [rest.eps], fooled: found.fooled.slice(at, at + 1), signs: null } };
}
