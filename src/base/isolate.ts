import { type ChildProcess, execFile, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isReply } from "./isolate-reply.ts";
import { Problem, type ProblemData, Problems, problemFrom } from "./problem.ts";

/** What a child may use. */
export interface Limits {
  /** Private memory, in bytes: enforced by the kernel on Linux (prlimit), by a watchdog elsewhere. */
  readonly memoryBytes: number;
  /** For one call, in milliseconds. */
  readonly timeoutMs: number;
}

/** What a function that runs in a child is given beside its input. */
export interface ChildContext {
  progress(done: number, total: number, what: string): void;
}

type ChildFunction = (input: never, context: ChildContext) => Promise<unknown>;
type InputOf<F> = F extends (input: infer I, ...rest: never[]) => unknown ? I : never;
type OutputOf<F> = F extends (...input: never[]) => Promise<infer O> ? O : never;

/** A module whose exported functions run in a process of their own. A call that dies takes only itself along: the next call starts afresh. */
export interface Isolated<M> extends AsyncDisposable {
  call<K extends keyof M & string>(
    name: K,
    input: InputOf<M[K]>,
    options?: { signal?: AbortSignal | undefined; progress?: ChildContext["progress"] | undefined },
  ): Promise<OutputOf<M[K]>>;
}

export type Request = { id: number; name: string; input: unknown };
export type Reply =
  | { id: number; kind: "value"; value: unknown }
  | { id: number; kind: "problems"; problems: ProblemData[] }
  | { id: number; kind: "fault"; message: string; stack: string }
  | { id: number; kind: "progress"; done: number; total: number; what: string };

const host = new URL(import.meta.url.endsWith(".ts") ? "./isolate-host.ts" : "./isolate-host.js", import.meta.url);

/** What the caller adds to a child's environment, by name. */
export interface Variables {
  readonly [name: string]: string | undefined;
}

/** Only what a process needs to run, and what the caller names: no other credential of the parent's environment reaches native code. */
const childEnvironment = (variables: Variables) => ({
  ...variables,
  ...compiled(),
  ...Object.fromEntries(["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "LANG"].map((name) => [name, process.env[name]])),
});

/** Where what this process compiled is kept, if it is: a child starts in half the time. */
function compiled(): Variables {
  const folder = getCompileCacheDir(); // of this version of Node, inside the one that was asked for
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

/** What a child that runs a stranger's code may touch: it reads these files and folders, writes nothing, and starts nothing. */
export interface Restriction {
  readonly reads: readonly string[];
}

/**
 * Runs the exported functions of `module` (a file URL) in a child process, one call at a time or several at once. `restricted` puts the child under
 * Node's permission model; `variables` are added to its environment.
 */
export function isolate<M extends Record<string, ChildFunction>>(
  module: URL,
  limits: Limits,
  restricted?: Restriction,
  variables: Variables = {},
): Isolated<M> {
  let running: Promise<Child> | undefined;

  const child = () => {
    running ??= startChild(module, limits, { restricted, variables }, () => {
      running = undefined;
    });
    return running;
  };

  return {
    async call(name, input, { signal, progress } = {}) {
      signal?.throwIfAborted();
      try {
        return (await (await child()).ask(name, input, { signal, progress })) as OutputOf<M[typeof name]>;
      } catch (error) {
        signal?.throwIfAborted(); // Ctrl-C reaches the child too: that it died of it is no news
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      const last = await running?.catch(() => undefined);
      last?.end();
    },
  };
}

/** No file but those named, no process, no thread, no native addon, no code made from texts. */
const permissions = (restricted: Restriction | undefined): string[] =>
  restricted === undefined
    ? []
    : [
        "--permission",
        "--disallow-code-generation-from-strings",
        ...[fileURLToPath(new URL("..", host)), ...restricted.reads].map((path) => `--allow-fs-read=${path}`),
      ];

interface Child {
  ask(
    name: string,
    input: unknown,
    options: { signal?: AbortSignal | undefined; progress?: ChildContext["progress"] | undefined },
  ): Promise<unknown>;
  end(): void;
}

async function startChild(
  module: URL,
  limits: Limits,
  { restricted, variables }: { readonly restricted: Restriction | undefined; readonly variables: Variables },
  onEnd: () => void,
): Promise<Child> {
  const old = Math.floor(limits.memoryBytes / 2 ** 20);
  const process_ = fork(host, [module.href, String(process.pid)], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: childEnvironment(variables),
    // Arrays come and go here while native libraries keep every core busy: the collector need not begin at a few megabytes.
    execArgv: [
      ...permissions(restricted),
      `--max-old-space-size=${old}`,
      `--initial-old-space-size=${Math.min(256, old)}`,
      "--disable-warning=ExperimentalWarning",
    ],
  });
  const pending = new Map<number, { settle(reply: Reply): void }>();
  let nextId = 1;
  let lastWords = "";
  let cause: Problem | undefined;
  process_.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  process_.on("message", (reply: unknown) => {
    if (isReply(reply)) pending.get(reply.id)?.settle(reply);
    else stop(noAnswer());
  });

  let ended = false;
  const stop = (why: Problem) => {
    cause ??= why;
    process_.kill("SIGKILL");
  };
  const watchdog = await limitResources(process_, limits, restricted !== undefined, stop);
  const onExit = (code: number | null, signal: string | null) => {
    if (ended) return;
    ended = true;
    clearInterval(watchdog);
    onEnd();
    const why = cause ?? childDied(code, signal, limits, lastWords);
    for (const [id, { settle }] of pending)
      settle({ id, kind: "problems", problems: [{ code: why.code, message: why.message, remedy: why.remedy }] });
    pending.clear();
  };
  process_.on("exit", onExit);
  process_.on("error", () => onExit(null, null));
  if (process_.exitCode !== null || process_.signalCode !== null) onExit(process_.exitCode, process_.signalCode);

  return {
    ask: (name, input, { signal, progress }) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(cause ?? childDied(process_.exitCode, process_.signalCode, limits, lastWords));
        if (signal?.aborted) return reject(signal.reason);
        const id = nextId++;
        const timer = setTimeout(() => stop(timedOut(limits.timeoutMs)), limits.timeoutMs);
        const onAbort = () => {
          process_.kill("SIGKILL");
          finish();
          reject(signal?.reason);
        };
        const finish = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
          pending.delete(id);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        pending.set(id, {
          settle(reply) {
            if (reply.kind === "progress") return progress?.(reply.done, reply.total, reply.what);
            finish();
            if (reply.kind === "value") return resolve(reply.value);
            if (reply.kind === "problems") {
              const problems = reply.problems.map(problemFrom);
              return reject(problems.length === 1 ? problems[0] : new Problems(problems));
            }
            if (outOfMemoryWords.test(reply.message)) return reject(outOfMemory(limits.memoryBytes));
            const fault = new Error(reply.message);
            fault.stack = reply.stack;
            reject(fault);
          },
        });
        process_.send({ id, name, input } satisfies Request);
      }),
    end() {
      ended = true;
      clearInterval(watchdog);
      onEnd();
      process_.kill("SIGKILL");
    },
  };
}

/** What Node itself counts as data at its start, used or not; the watchdog holds the resident size to the limit. */
const reserved = 640 * 2 ** 20;

/**
 * Sets the kernel's limits where it has them; returns a watchdog that looks at the resident size everywhere. A restricted child has no thread that looks
 * for its parent: its processor time is limited instead.
 */
async function limitResources(
  child: ChildProcess,
  { memoryBytes: bytes, timeoutMs }: Limits,
  isRestricted: boolean,
  stop: (why: Problem) => void,
): Promise<NodeJS.Timeout | undefined> {
  const { pid } = child;
  if (pid === undefined) return undefined;
  const run = promisify(execFile);
  const time = isRestricted ? [`--cpu=${Math.ceil(timeoutMs / 1000) + 60}`] : [];
  if (process.platform === "linux")
    await run("prlimit", ["--pid", String(pid), `--data=${bytes + reserved}`, ...time]).catch(() => undefined);
  const resident = async () => {
    if (process.platform === "linux") {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    }
    if (process.platform === "win32") return 0;
    return Number((await run("ps", ["-o", "rss=", "-p", String(pid)])).stdout) * 1024;
  };
  const look = () =>
    resident().then(
      (size) => size > bytes && stop(outOfMemory(bytes)),
      () => undefined,
    );
  return setInterval(look, 250).unref();
}

/** How V8, Node and the C++ library put it. */
const outOfMemoryWords = /out of memory|bad_alloc|allocation failed|failed to allocate memory/i;

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

const outOfMemory = (bytes: number) =>
  new Problem("CHILD_DIED", `the isolated process needed more than its ${mebibytes(bytes)} of memory`, {
    remedy: "Check that the file is what it claims to be; if it is, raise the limit with SEXTANT_MEMORY_MIB.",
  });

const timedOut = (milliseconds: number) =>
  new Problem("CHILD_TIMEOUT", `the isolated process took longer than its ${Math.round(milliseconds / 1000)} s`, {
    remedy: "Check that the file is what it claims to be; if it is, raise the limit with SEXTANT_TIMEOUT_S.",
  });

const noAnswer = () =>
  new Problem("CHILD_DIED", "the isolated process sent something that is no answer", {
    remedy: "The file or the control that it had in hand is probably hostile; `sextant explain CHILD_DIED` says more.",
  });

function childDied(code: number | null, signal: string | null, limits: Limits, lastWords: string): Problem {
  if (outOfMemoryWords.test(lastWords)) return outOfMemory(limits.memoryBytes);
  const how = signal ? `by ${signal}` : code === null ? "before it answered" : `with code ${code}`;
  return new Problem("CHILD_DIED", `the isolated process that reads data and runs models ended ${how}`, {
    remedy: "The file it was reading is probably damaged or hostile; `sextant explain CHILD_DIED` says more.",
  });
}
