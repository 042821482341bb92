import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { matchedDifference } from "./matched.ts";

describe("the difference of two proportions on the same rows", () => {
  it("is the textbook's Wald interval for matched pairs with half a row in each of four cells", () => {
    // 20 against 8 of 100: (20.5 - 8.5) / 102, its standard error by hand.
    const { value = 0, low = 0, high = 0 } = matchedDifference(20, 8, 100, 0.95) ?? {};
    const error = Math.sqrt(29 - 144 / 102) / 102;
    expect(value).toBeCloseTo(0.12, 12);
    expect(low).toBeCloseTo(12 / 102 - 1.959963984540054 * error, 12);
    expect(high).toBeCloseTo(12 / 102 + 1.959963984540054 * error, 12);
  });

  it("is not beyond doubt where no row differs, and turns around with its two sides", () => {
    const none = matchedDifference(0, 0, 50, 0.95);
    expect(none).toMatchObject({ value: 0 });
    expect(none?.high).toBeGreaterThan(0.02);
    const [one, other] = [matchedDifference(9, 2, 80, 0.9), matchedDifference(2, 9, 80, 0.9)];
    expect(other?.low).toBeCloseTo(-(one?.high ?? 0), 12);
    expect(matchedDifference(0, 0, 0, 0.95)).toBeNull();
  });

  it.each([
    [40, 0.1, 0.1],
    [40, 0.2, 0.05],
    [150, 0.02, 0.01],
    [150, 0.4, 0.1],
  ])("of %i rows, %d and %d of them differing, holds the truth about as often as it says", (n, first, second) => {
    const random = seededRandom(3, `${n} ${first} ${second}`);
    let held = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      let [a, b] = [0, 0];
      for (let row = 0; row < n; row++) {
        const drawn = random.uniform();
        if (drawn < first) a++;
        else if (drawn < first + second) b++;
      }
      const { low = 0, high = 0 } = matchedDifference(a, b, n, 0.95) ?? {};
      if (low <= first - second && first - second <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.935);
  });
});
