import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Problem } from "./index.ts";
import { isolate } from "./isolate.ts";
import type * as functions from "./testing/isolated.ts";

const isolated = new URL("./testing/isolated.ts", import.meta.url);
const open = (limits: { memoryBytes?: number; timeoutMs?: number } = {}) =>
  isolate<typeof functions>(isolated, { memoryBytes: 2 * 2 ** 30, timeoutMs: 60_000, ...limits });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no problem",
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );

/** A process that has ended and that nobody has asked about yet (a zombie) runs no more. */
function isRunning(pid: number): boolean {
  return execFileSync("ps", ["-A", "-o", "pid=,stat="], { encoding: "utf8" })
    .split("\n")
    .some((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}

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

  it("keeps what it compiled where its parent does, under restrictions nowhere", async () => {
    await using child = open();
    const folder = await child.call("compiledIn", undefined as never);
    expect(dirname(folder ?? "")).toBe(dirname(getCompileCacheDir() ?? "no parent's")); // one inside it for each set of V8's flags
    expect(readdirSync(folder ?? "").length).toBeGreaterThan(0);
    const reads = [fileURLToPath(new URL("../../", import.meta.url))];
    await using restricted = isolate<typeof functions>(isolated, { memoryBytes: 2 ** 31, timeoutMs: 60_000 }, { reads });
    expect(await restricted.call("compiledIn", undefined as never)).toBeNull();
  });

  it("takes only itself along when it crashes: the next call starts afresh", async () => {
    await using child = open();
    expect(await codeOf(child.call("crash", undefined as never))).toBe("CHILD_DIED");
    expect(await child.call("double", { value: Float64Array.of(3) })).toEqual(Float64Array.of(6));
  });

  it.each([null, { id: 1, kind: "problems", problems: [null] }])(
    "is ended when it sends what is no answer (%j): the call fails, and nothing else",
    async (message) => {
      await using child = open();
      await expect(child.call("babble", { message })).rejects.toMatchObject({
        code: "CHILD_DIED",
        message: expect.stringContaining("no answer"),
      });
    },
  );

  it("is ended when it takes too long", async () => {
    await using child = open({ timeoutMs: 400 });
    expect(await codeOf(child.call("hang", null))).toBe("CHILD_TIMEOUT");
  });

  it("is ended when it takes too much memory", async () => {
    await using child = open({ memoryBytes: 400 * 2 ** 20 });
    expect(await codeOf(child.call("devour", undefined as never))).toBe("CHILD_DIED");
  });

  it("is ended by an abort, even in the middle of a loop without end", async () => {
    await using child = open();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 300);
    await expect(child.call("hang", null, { signal: controller.signal })).rejects.toThrow("stopped");
  });

  it("is ended by an abort that comes before it is ready", async () => {
    await using child = open({ timeoutMs: 5_000 });
    const controller = new AbortController();
    const call = child.call("hang", null, { signal: controller.signal });
    controller.abort(new Error("stopped"));
    await expect(call).rejects.toThrow("stopped");
  });

  it("says that it was stopped, not that it died, when the same Ctrl-C reached it too", async () => {
    await using child = open();
    const pid = await child.call("processId", undefined as never);
    const controller = new AbortController();
    const call = child.call("hang", null, { signal: controller.signal });
    process.kill(pid, "SIGKILL");
    setImmediate(() => controller.abort(new Error("stopped")));
    await expect(call).rejects.toThrow("stopped");
  });

  it.skipIf(process.platform === "win32")("does not outlive a parent that was killed, even in a loop without end", async () => {
    const script = fileURLToPath(new URL("./testing/hanging-parent.ts", import.meta.url));
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "ignore"] });
    const [told] = (await once(parent.stdout, "data")) as [Buffer];
    parent.kill("SIGKILL");
    await once(parent, "exit");
    while (isRunning(Number(String(told)))) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("tells its progress", async () => {
    await using child = open();
    const seen: unknown[] = [];
    expect(await child.call("count", null, { progress: (...event) => seen.push(event) })).toBe("done");
    expect(seen).toEqual([[1, 2, "half"]]);
  });
});
