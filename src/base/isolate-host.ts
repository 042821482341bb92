/** The child's side of `isolate`: imports one module and answers calls of its exported functions until the parent is gone. */
import { once } from "node:events";
import { flushCompileCache } from "node:module";
import { Worker } from "node:worker_threads";
import type { ChildContext, Reply, Request } from "./isolate.ts";
import { problemData, problemsOf } from "./problem.ts";

const [module, parent] = process.argv.slice(2);
if (module === undefined || process.send === undefined) throw new Error("isolate-host is started by isolate() alone");
const send = process.send.bind(process) as (reply: Reply) => void;

process.on("SIGINT", () => undefined); // the parent decides; it ends us at once
process.on("disconnect", () => process.exit(0));
// A loop without end never hears that its parent is gone: a thread of its own looks. Who that is the parent says: it may be gone before this is read.
const look = `setInterval(() => process.ppid === ${Number(parent)} || process.kill(process.pid, "SIGKILL"), 250);`;
const looking =
  process.permission === undefined
    ? once(new Worker(look, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } }), "online")
    : Promise.resolve(); // a restricted child may start none; its processor time is limited

const functions = import(module) as Promise<Record<string, (input: unknown, context: ChildContext) => Promise<unknown>>>;
const ready = Promise.all([functions, looking]);

process.on("message", async ({ id, name, input }: Request) => {
  try {
    const called = (await ready)[0][name];
    if (typeof called !== "function") throw new Error(`${module} exports no function ${name}`);
    const progress: ChildContext["progress"] = (done, total, what) => send({ id, kind: "progress", done, total, what });
    send({ id, kind: "value", value: await called(input, { progress }) });
  } catch (error) {
    const problems = problemsOf(error).map(problemData);
    if (problems.length > 0) return send({ id, kind: "problems", problems });
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    send({ id, kind: "fault", message, stack: stack ?? "" });
  } finally {
    setImmediate(flushCompileCache); // it is killed in the end, and then nothing can be kept
  }
});
