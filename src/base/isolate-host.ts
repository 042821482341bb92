/** The child's side of `isolate`: imports one module and answers calls of its exported functions until the parent is gone. */
import type { ChildContext, Reply, Request } from "./isolate.ts";
import { problemData, problemsOf } from "./problem.ts";

const [module] = process.argv.slice(2);
if (module === undefined || process.send === undefined) throw new Error("isolate-host is started by isolate() alone");
const send = process.send.bind(process) as (reply: Reply) => void;

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // the parent decides; it ends us at once

const functions = import(module) as Promise<Record<string, (input: unknown, context: ChildContext) => Promise<unknown>>>;

process.on("message", async ({ id, name, input }: Request) => {
  try {
    const called = (await functions)[name];
    if (typeof called !== "function") throw new Error(`${module} exports no function ${name}`);
    const progress: ChildContext["progress"] = (done, total, what) => send({ id, kind: "progress", done, total, what });
    send({ id, kind: "value", value: await called(input, { progress }) });
  } catch (error) {
    const problems = problemsOf(error).map(problemData);
    if (problems.length > 0) return send({ id, kind: "problems", problems });
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    send({ id, kind: "fault", message, stack: stack ?? "" });
  }
});
