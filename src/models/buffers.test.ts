import { expect, test } from "vitest";
import { lender, type Numbers } from "./buffers.ts";

const taking = (lend: ReturnType<typeof lender>, ...lengths: readonly number[]) =>
  lend(async (take) => lengths.map((length): Numbers => take("float32", length)));

test("what a prediction took serves the next one of the same size, and within one each has its own", async () => {
  const lend = lender();
  const [first, second] = await taking(lend, 8, 8);
  expect(first).not.toBe(second);
  const again = await taking(lend, 8, 8, 9);
  expect(new Set(again.slice(0, 2))).toEqual(new Set([first, second]));
  expect(again[2]).toHaveLength(9);
  const [other] = await lend(async (take) => [take("float64", 8)]);
  expect(other).toBeInstanceOf(Float64Array);
});

test("two predictions at once share nothing, and a failed one leaves nothing", async () => {
  const lend = lender();
  const [first] = await taking(lend, 8);
  await lend(async (take) => {
    expect(take("float32", 8)).toBe(first);
    const [beside] = await taking(lend, 8);
    expect(beside).not.toBe(first);
  });
  let lost: Numbers | undefined;
  const failing = lend(async (take) => {
    lost = take("float32", 8);
    throw new Error("no answer");
  });
  await expect(failing).rejects.toThrow("no answer");
  expect((await taking(lend, 8))[0]).not.toBe(lost);
});
