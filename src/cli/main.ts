import { Command, CommanderError } from "commander";
import { tool } from "../assess/index.ts";
import { nearest, Problem, problemData, problemsOf } from "../base/index.ts";
import { commands } from "./commands/index.ts";
import { openTerminal, type Streams, type Terminal } from "./terminal.ts";

/** What a command is given beside its own arguments. */
export interface Context {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly environment: Streams["environment"];
}

/** Our own fault. */
const faultCode = 70;
/** The input is wrong. */
const problemCode = 2;
/** Ended by Ctrl-C, as shells count it. */
const interruptedCode = 130;

/** Runs one command line and returns its exit code; never throws and never calls process.exit. */
export async function main(
  args: readonly string[],
  streams: Streams = { stdout: process.stdout, stderr: process.stderr, environment: process.env },
): Promise<number> {
  const quiet = args.includes("--quiet") || args.includes("-q");
  const json = wantsJson(args);
  const terminal = openTerminal(streams, { quiet });
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const context = { terminal, json, signal: interrupt.signal, environment: streams.environment };
  try {
    return await parse(args, context);
  } catch (error) {
    return explain(error, context);
  } finally {
    terminal.live("");
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function wantsJson(args: readonly string[]): boolean {
  const at = args.findIndex((arg) => arg === "--format" || arg.startsWith("--format="));
  return at >= 0 && (args[at] === "--format=json" || args[at + 1] === "json");
}

async function parse(args: readonly string[], context: Context): Promise<number> {
  const { terminal } = context;
  let code = 0;
  const program = new Command("sextant")
    .description(
      "Makes a security recommendation for AI systems executable: declare a system, measure what threatens it, keep the evidence.",
    )
    .version(tool.version, "-V, --version")
    .option("-q, --quiet", "no progress and no notes")
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.document(text), writeErr: () => undefined })
    .showHelpAfterError(false);
  for (const command of commands(context, (result) => (code = result))) program.addCommand(inheriting(command, terminal));
  if (args.length === 0) {
    terminal.document(program.helpInformation());
    return 0;
  }
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw commandProblem(error, args, program);
  }
  return code;
}

const inheriting = (command: Command, terminal: Terminal) =>
  command
    .option("-q, --quiet", "no progress and no notes")
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.document(text), writeErr: () => undefined });

/** What the parser refused, in our words: with the near name where there is one, else with the help that lists what there is. */
function commandProblem({ message }: CommanderError, args: readonly string[], program: Command): Problem {
  const names = program.commands.map((command) => command.name());
  const [first = "", second = ""] = args;
  const isHelp = first === "help" && !names.includes(second);
  const [what = message, hint = ""] = isHelp ? [`unknown command '${second}'`] : message.replace(/^error: /, "").split("\n");
  const near = what.startsWith("unknown command") ? nearest(isHelp ? second : first, names) : null;
  const meant = near === null ? /^\(Did you mean (--\S+)\?\)$/.exec(hint)?.[1] : `sextant ${near}`;
  const help = names.includes(first) ? `sextant ${first} --help` : "sextant --help";
  return new Problem("COMMAND_UNKNOWN", what, {
    remedy: meant === undefined ? `\`${help}\` lists commands and options.` : `Did you mean \`${meant}\`?`,
  });
}

/** A person's mistake becomes its problems and exit code 2; anything else is our own fault, shown without its insides. */
function explain(error: unknown, { terminal, json, signal, environment }: Context): number {
  if (signal.aborted) {
    terminal.note("Stopped. What was measured is kept, and the next run goes on from there.");
    return interruptedCode;
  }
  const problems = problemsOf(error);
  const shown = problems.length > 0 ? problems : [internalFault(error)];
  for (const problem of shown) terminal.problem(problem);
  if (json) terminal.document(JSON.stringify({ schema: "sextant/problems@1", problems: shown.map(problemData) }, null, 2));
  if (problems.length > 0) return problemCode;
  if (environment.SEXTANT_DEBUG) terminal.note(error instanceof Error ? (error.stack ?? "") : "");
  return faultCode;
}

const internalFault = (error: unknown) =>
  new Problem("INTERNAL_FAULT", `Sextant itself failed: ${error instanceof Error ? error.message : String(error)}`, {
    remedy: "Please report it; SEXTANT_DEBUG=1 shows where.",
  });
