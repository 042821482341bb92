import { describe, expect, it } from "vitest";
import { Problem } from "./index.ts";
import { isolate } from "./isolate.ts";
import type * as functions from "./testing/isolated.ts";

const open = (limits: { memoryBytes?: number; timeoutMs?: number } = {}) =>
  isolate<typeof functions>(new URL("./testing/isolated.ts", import.meta.url), { memoryBytes: 2 * 2 ** 30, timeoutMs: 60_000, ...limits });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no problem",
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );

describe("an isolated module", () => {
  it("answers with typed arrays, from another process", async () => {
    await using child = open();
    expect(await child.call("double", { value: Float64Array.of(1, 2.5) })).toEqual(Float64Array.of(2, 5));
    expect(await child.call("processId", undefined as never)).not.toBe(process.pid);
  });

  it("hands a person's mistake over whole, and our own fault as an error", async () => {
    await using child = open();
    await expect(child.call("refuse", undefined as never)).rejects.toMatchObject({
      code: "ARTEFACT_MISSING",
      remedy: "Make one.",
      place: { file: "a.csv", line: 3 },
    });
    await expect(child.call("fail", undefined as never)).rejects.toThrow("our own fault");
  });

  it("sees none of the parent's credentials", async () => {
    process.env.SOME_SECRET_TOKEN = "hush";
    await using child = open();
    expect(await child.call("secretsSeen", undefined as never)).toEqual([]);
    delete process.env.SOME_SECRET_TOKEN;
  });

  it("takes only itself along when it crashes: the next call starts afresh", async () => {
    await using child = open();
    expect(await codeOf(child.call("crash", undefined as never))).toBe("CHILD_DIED");
    expect(await child.call("double", { value: Float64Array.of(3) })).toEqual(Float64Array.of(6));
  });

  it("is ended when it takes too long", async () => {
    await using child = open({ timeoutMs: 400 });
    expect(await codeOf(child.call("hang", undefined as never))).toBe("CHILD_TIMEOUT");
  });

  it("is ended when it takes too much memory", async () => {
    await using child = open({ memoryBytes: 400 * 2 ** 20 });
    expect(await codeOf(child.call("devour", undefined as never))).toBe("CHILD_DIED");
  });

  it("is ended by an abort, even in the middle of a loop without end", async () => {
    await using child = open();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 300);
    await expect(child.call("hang", undefined as never, { signal: controller.signal })).rejects.toThrow("stopped");
  });

  it("tells its progress", async () => {
    await using child = open();
    const seen: unknown[] = [];
    expect(await child.call("count", null, { progress: (...event) => seen.push(event) })).toBe("done");
    expect(seen).toEqual([[1, 2, "half"]]);
  });
});
