import { expected, isRandomised, type Points, type Victim } from "../../../attacks/index.ts";

/** Answers of which the mean is taken where a model draws random numbers, and rows by which that is told. */
const draws = 10;
const few = 4;

/** How victims are asked about a model: as they are, or, where the same rows get other answers when asked again, for the mean of some answers. */
export async function steadyOf(victim: Victim, { rows, width, values }: Points): Promise<(victim: Victim) => Victim> {
  const some = Math.min(few, rows);
  const isRandom = some > 0 && (await isRandomised(victim, { rows: some, width, values: values.subarray(0, some * width) }));
  return isRandom ? (each) => expected(each, draws) : (each) => each;
}
