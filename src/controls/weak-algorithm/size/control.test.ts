import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeModel } from "../../../models/index.ts";
import { testControl } from "../../testing/test-control.ts";
import { size } from "./control.ts";

const MiB = 2 ** 20;

testControl(size, {
  policy: { limitMiB: 1.9 },
  met: [
    { called: "a smaller file", bytes: 1.5 * MiB, reason: /^the model takes 1\.50 MiB \(limit 1\.90 MiB\)$/ },
    { called: "a file of exactly the limit", bytes: 2 * MiB, policy: { limitMiB: 2 } },
  ],
  unmet: [
    { called: "a larger file", bytes: 3 * MiB, reason: /3\.00 MiB/ },
    {
      called: "one byte too many, and the reason does not round it away",
      bytes: 2 * MiB + 1,
      policy: { limitMiB: 2 },
      reason: /2\.000001 MiB \(limit 2\.00 MiB\)/,
    },
  ],
});

describe("size", () => {
  const file = new URL("../../../../examples/credit/models/boosted.onnx", import.meta.url);
  const root = new URL("../../../../examples/credit/", import.meta.url);

  it("counts the bytes that the file system counts", async () => {
    const { bytes } = await describeModel(file.pathname, root.pathname);
    expect(bytes).toBe(statSync(file).size);
    expect(await size.measure({ bytes })).toEqual({ measures: [{ name: "size", value: readFileSync(file).length, unit: "bytes" }] });
  });
});
