/** A parent whose child never comes to an end: prints the child's process id once it hangs, and waits to be killed. */
import { isolate } from "../index.ts";
import type * as functions from "./isolated.ts";

const child = isolate<typeof functions>(new URL("./isolated.ts", import.meta.url), { memoryBytes: 2 ** 31, timeoutMs: 600_000 });
const pid = await child.call("processId", undefined as never);
await child.call("hang", null, { progress: () => process.stdout.write(`${pid}\n`) });
