import { distance } from "fastest-levenshtein";

/** The name most like `name`, for "did you mean"; null when none is near enough to be a slip. */
export function nearest(name: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(name.length * 0.4)) + 1;
  for (const candidate of names) {
    const apart = distance(name.toLowerCase().slice(0, 200), candidate.toLowerCase().slice(0, 200));
    if (apart < least) [best, least] = [candidate, apart];
  }
  return best;
}
